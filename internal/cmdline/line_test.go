package cmdline

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestAppendLine(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"empty", "", 10, ""},
		{"plain", "scp f h:", 10, "scp f h:"},
		{"other scripts", "é文😀", 20, "é文😀"},
		{"exactly full", "0123456789", 10, "0123456789"},
		{"one too many", "0123456789a", 10, "0123456…"},
		{"no character is halved", "12345文文文", 10, "12345…"},
		{"no escape is halved", "123\x01\x01", 10, `123\x01…`},
		{"newline, return, tab, NUL", "a\n\r\t\x00", 20, `a\n\r\t\x00`},
		{"escape sequence", "\x1b[31m", 20, `\x1b[31m`},
		{"C1 control", "\u0085\u009b", 20, `\xc2\x85\xc2\x9b`},
		{"line and paragraph separators", "\u2028\u2029", 24, `\xe2\x80\xa8\xe2\x80\xa9`},
		{"direction of writing", "\u202e\u2066", 24, `\xe2\x80\xae\xe2\x81\xa6`},
		{"invisible", "\u200b\ufeff\u00ad", 32, `\xe2\x80\x8b\xef\xbb\xbf\xc2\xad`},
		{"beyond the basic plane", "\U000e0001", 20, `\xf3\xa0\x80\x81`},
		{"not UTF-8", "a\xff\xc3\x28\xed\xa0\x80", 40, `a\xff\xc3(\xed\xa0\x80`},
		{"replacement character", "\ufffd", 20, "\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, "> "+tt.want, string(AppendLine([]byte("> "), tt.in, tt.limit)))
		})
	}
}

// FuzzAppendLine checks what the body relies on: the text is printable, on one line, and no longer than its limit.
func FuzzAppendLine(f *testing.F) {
	f.Add("scp f h:", 4)
	f.Add("a\n\x1b\xff\u202e文", 20)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = len(ellipsis) + int(uint(limit)%2000)
		got := string(AppendLine(nil, s, limit))
		assert.LessOrEqual(t, len(got), limit)
		assert.False(t, strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", got)
		assert.True(t, utf8.ValidString(got), "%q", got)
		if len(got) < len(s) {
			assert.True(t, strings.HasSuffix(got, ellipsis), "%q was cut without a sign", got)
		}
	})
}
