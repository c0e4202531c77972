//go:build linux

package siem

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// syslogMessage is a message of RFC 5424, section 6.
type syslogMessage struct {
	priority  int
	timestamp time.Time
	hostname  string
	appname   string
	procID    string
	msgID     string
	id        string            // of the one element of structured data
	data      map[string]string // its parameters
	text      string
}

// syslogReader reads a message from its start, and remembers the first thing
// in it that the RFC does not allow.
type syslogReader struct {
	rest string
	err  error
}

// parseSyslog is stricter than the RFC in three points: there is one element
// of structured data, no parameter comes twice, and no control character is
// anywhere.
func parseSyslog(message string) (syslogMessage, error) {
	r := &syslogReader{rest: message}
	if !utf8.ValidString(message) || strings.ContainsFunc(message, unicode.IsControl) {
		return syslogMessage{}, fmt.Errorf("control characters, or no UTF-8: %q", message)
	}
	var m syslogMessage
	m.priority = r.priority()
	r.expect("1 ")
	m.timestamp = r.timestamp()
	m.hostname = r.header("HOSTNAME", 255)
	m.appname = r.header("APP-NAME", 48)
	m.procID = r.header("PROCID", 128)
	m.msgID = r.header("MSGID", 32)
	m.id, m.data = r.element()
	if r.rest != "" {
		r.expect(" ")
		m.text = r.rest
	}
	if r.err != nil {
		return syslogMessage{}, fmt.Errorf("%w: %q", r.err, message)
	}
	return m, nil
}

func (r *syslogReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *syslogReader) expect(text string) {
	rest, found := strings.CutPrefix(r.rest, text)
	if !found {
		r.fail("want %q at %.20q", text, r.rest)
	}
	r.rest = rest
}

// until takes what is before a separator, and the separator.
func (r *syslogReader) until(separator string) string {
	text, rest, found := strings.Cut(r.rest, separator)
	if !found {
		r.fail("no %q in %.20q", separator, r.rest)
	}
	r.rest = rest
	return text
}

func (r *syslogReader) priority() int {
	r.expect("<")
	text := r.until(">")
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > 191 || strconv.Itoa(number) != text {
		r.fail("priority %q", text)
	}
	return number
}

func (r *syslogReader) timestamp() time.Time {
	text := r.until(" ")
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		r.fail("timestamp: %v", err)
	}
	if _, fraction, _ := strings.Cut(strings.TrimRight(text, "Z"), "."); len(fraction) > 6 {
		r.fail("timestamp %q is finer than a microsecond", text)
	}
	return moment
}

func (r *syslogReader) header(name string, longest int) string {
	text := r.until(" ")
	if text == "" || len(text) > longest || strings.ContainsFunc(text, notPrintable) {
		r.fail("%s %q", name, text)
	}
	return text
}

// notPrintable is what is not PRINTUSASCII.
func notPrintable(r rune) bool { return r < '!' || r > '~' }

func (r *syslogReader) element() (id string, data map[string]string) {
	r.expect("[")
	id, data = r.name(" ]"), map[string]string{}
	for r.err == nil && !strings.HasPrefix(r.rest, "]") {
		r.expect(" ")
		name := r.name("=")
		if _, twice := data[name]; twice {
			r.fail("parameter %s comes twice", name)
		}
		r.expect(`="`)
		data[name] = r.value()
	}
	r.expect("]")
	return id, data
}

// name takes an SD-NAME, which one of the characters of end follows.
func (r *syslogReader) name(end string) string {
	length := strings.IndexAny(r.rest, end)
	if length < 1 || length > 32 || strings.ContainsFunc(r.rest[:length], func(c rune) bool {
		return notPrintable(c) || strings.ContainsRune(`=]"`, c)
	}) {
		r.fail("SD-NAME at %.40q", r.rest)
		return ""
	}
	name := r.rest[:length]
	r.rest = r.rest[length:]
	return name
}

// value takes a PARAM-VALUE and the quote behind it.
func (r *syslogReader) value() string {
	var value strings.Builder
	for i := 0; i < len(r.rest); i++ {
		switch c := r.rest[i]; c {
		case '"':
			r.rest = r.rest[i+1:]
			return value.String()
		case ']':
			r.fail("a bracket that is not escaped, after %q", value.String())
			return ""
		case '\\':
			i++
			if i == len(r.rest) || !strings.ContainsRune(`"\]`, rune(r.rest[i])) {
				r.fail("an escape that is none, after %q", value.String())
				return ""
			}
			value.WriteByte(r.rest[i])
		default:
			value.WriteByte(c)
		}
	}
	r.fail("a value without end")
	return ""
}

func TestSyslogParserIsStrict(t *testing.T) {
	m, err := parseSyslog(`<36>1 2026-11-22T21:14:38.340787Z host copywatch 12 exec [a@1 b="c\"\]\\" d=""] the text`)
	require.NoError(t, err)
	require.Equal(t, syslogMessage{
		priority: 36, timestamp: time.Date(2026, 11, 22, 21, 14, 38, 340787000, time.UTC),
		hostname: "host", appname: "copywatch", procID: "12", msgID: "exec",
		id: "a@1", data: map[string]string{"b": `c"]\`, "d": ""}, text: "the text",
	}, m)
	for _, wrong := range []string{
		`<192>1 2026-11-22T21:14:38Z h a p m [a@1] x`,
		`<036>1 2026-11-22T21:14:38Z h a p m [a@1] x`,
		`<36>1 2026-11-22T21:14:38.3407871Z h a p m [a@1] x`,
		`<36>1 2026-11-22T21:14:38Z  a p m [a@1] x`,
		`<36>1 2026-11-22T21:14:38Z h a p m [a@1 b="c]"] x`,
		`<36>1 2026-11-22T21:14:38Z h a p m [a@1 b="c\n"] x`,
		`<36>1 2026-11-22T21:14:38Z h a p m [a@1 b="c" b="d"] x`,
		`<36>1 2026-11-22T21:14:38Z h a p m [a@1 b="c"]x`,
		`<36>1 2026-11-22T21:14:38Z h a p m [a@1 b="c" x`,
		"<36>1 2026-11-22T21:14:38Z h a p m [a@1] x\ny",
	} {
		_, err := parseSyslog(wrong)
		require.Error(t, err, wrong)
	}
}
