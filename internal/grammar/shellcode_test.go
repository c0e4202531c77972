package grammar

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Commands as a reader needs them: words separated by blanks, then redirections; "|" before one that is fed.
func TestShellCommands(t *testing.T) {
	for script, want := range map[string]string{
		`cat f > g`:                            `cat f [>g]`,
		`cat<f>>g`:                             `cat [<f] [>>g]`,
		`a 2>&1 >|b &>c &>>d <<<e <>f 3<&4 >x`: `a [2>&1] [>|b] [&>c] [&>>d] [<<<e] [<>f] [3<&4] [>x]`,
		`a>>>b`:                                `a [>>] [>b]`,
		`x=1 a "b c" 'd;e' f\ g`:               `x=1 a b c d;e f g`,
		`a | b || c && d; e & f`:               `a; |b; c; d; e; f`,
		`a |& b`:                               `a; |b`,
		`(a; b) > c`:                           `a; b; {} [>c]`,
		`{ a; } >c`:                            `a; {} [>c]`,
		`while read l; do echo $l; done <f`:    `read l; echo $l; {} [<f]`,
		`if a; then b; fi`:                     `a; b; {}`,
		`x=$(cat <f)`:                          `x=$; cat [<f]`,
		"a # b > c\nd":                         `a; d`,
		`exec {fd}<>f 3>&-`:                    `exec [fd<>f] [3>&-]`,
		`"a`:                                   `a`,
		`>f`:                                   `[>f]`,
		`</dev/tcp/h/1`:                        `[</dev/tcp/h/1]`,
		``:                                     ``,
	} {
		var got []string
		for c := range shellCommands(script) {
			s := strings.Join(c.words, " ")
			for _, r := range c.redirects {
				s += " [" + r.fd + r.op + r.target + "]"
			}
			if s = strings.TrimSpace(s); c.fed {
				s = "|" + s
			}
			got = append(got, s)
		}
		assert.Equal(t, want, strings.Join(got, "; "), script)
	}
}
