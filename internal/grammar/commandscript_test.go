package grammar

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHostileScripts: scripts in arguments take linear time, whatever they nest or repeat.
func TestHostileScripts(t *testing.T) {
	const size = 1 << 20
	scripts := map[string]string{
		"many commands":  strings.Repeat("put a;", size/6),
		"many remotes":   distinct("get ", ";", size),
		"many locals":    distinct("put ", ";", size),
		"aliases":        strings.Repeat("alias a a;a;a;", size/14),
		"alias bomb":     "alias a b;b;b;b;b;b;b;b;b;b;b;b;alias b c;c;c;c;c;c;c;c;c;c;c;alias c a;a;a;a;a;" + strings.Repeat("a;", size/2),
		"words of alias": "alias a a;" + strings.Repeat("a ", size/2),
		"wrappers":       strings.Repeat("queue ", size/6) + "put a",
		"delays":         strings.Repeat("at -- ", size/6) + "put a",
		"nested opens":   strings.Repeat(`open -e "`, size/9),
		"parentheses":    strings.Repeat("(", size),
		"redirections":   strings.Repeat(">", size),
		"escapes":        strings.Repeat(`\`, size),
		"cd":             strings.Repeat("cd a;", size/5),
		"long cd":        "lcd " + strings.Repeat("d", size/2) + ";cd " + strings.Repeat("d", maxDirectory) + strings.Repeat(";get a b", size/16),
	}
	for shape, script := range scripts {
		for _, c := range []*Command{
			{Tool: "lftp", Args: []string{"-c", script}},
			{Tool: "lftp", Args: []string{"-e", script, "h"}},
			{Tool: "smbclient", Args: []string{"//h/s", "-c", script}},
			{Tool: "kermit", Args: []string{"-C", strings.ReplaceAll(script, ";", ",")}},
			{Tool: "bbftp", Args: []string{"-e", script, "h"}},
			{Tool: "socat", Args: []string{script, "!!" + script}},
		} {
			g, _ := Find(c.Tool)
			requireLinear(t, size, func() { g(c) }, c.Tool+": "+shape)
		}
	}
}

func distinct(before, after string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(before)
		b.WriteString(strings.Repeat("x", i%64))
		b.WriteString(strings.Repeat("y", i/64%64))
		b.WriteString(after)
	}
	return b.String()
}

func TestCompleteName(t *testing.T) {
	names := sortedNames("put pwd mput mirror mrm")
	for in, want := range map[string]string{"put": "put", "pu": "put", "p": "p", "mi": "mirror", "": "", "x": "x", "puts": "puts"} {
		assert.Equal(t, want, completeName(names, in), in)
	}
}

func TestScriptReader(t *testing.T) {
	for _, test := range []struct {
		syntax *scriptSyntax
		script string
		want   string // words in brackets, commands separated by a bar
	}{
		{&lftpSyntax, "put a; get 'b c' -o d&&ls", "[put][a] | [get][b c][-o][d] |  | [ls]"},
		{&lftpSyntax, "cat a>b\ncat c | sh -c d; ls", "[cat][a]>b | [cat][c] |  | [ls]"},
		{&lftpSyntax, `put "a\"b" 'c\d' e\ f`, `[put][a"b][c\d][e f]`},
		{&lftpSyntax, "(a; b); # c; d", " | [a] | [b] |  | "},
		{&lftpSyntax, "!a; b\nc", " |  | [c]"},
		{&smbclientSyntax, "put \"a b\" c\\d\ne", `[put][a b][c\d][e]`},
		{&kermitSyntax, "-C h\n9", "[-C][h][9]"},
		{&kermitSyntax, "send a, exit", "[send][a] | [exit]"},
	} {
		var got []string
		for r := (scriptReader{scriptSyntax: test.syntax, rest: test.script}); r.next(); {
			command := ""
			for _, w := range r.words {
				command += "[" + w + "]"
			}
			if r.output != "" {
				command += ">" + r.output
			}
			got = append(got, command)
		}
		assert.Equal(t, test.want, strings.Join(got, " | "), test.script)
	}
}
