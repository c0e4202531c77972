//go:build linux

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
)

func TestArguments(t *testing.T) {
	s := watch(t)
	for name, args := range map[string][]string{
		"none beside the program":      {},
		"empty ones":                   {"", "a", "", "", "b", ""},
		"spaces and quotes":            {"a b", `it's`, `"quoted"`, `back\slash`, "$HOME `id` $(id) *", "~", "-n", "a;b|c&d"},
		"newlines":                     {"first\nsecond", "\n", "carriage\rreturn", "\ttab"},
		"escape sequences":             {"\x1b[2J\x1b[1;31mred\x1b[0m", "\x07\x08\x7f", "\u009b31m"},
		"characters that change order": {"\u202egpj.exe", "\u2066x\u2069", "zero\u200bwidth", "line\u2028separator"},
		"no UTF-8":                     {"\xff\xfe", "valid \xe2\x82\xac, cut \xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\x80"},
		"other scripts":                {"größe", "日本語", "😀", "\ufffd"},
		"that look like a record":      {`","process.pid":1,"x":"`, `{"eventName":"process.exit"}`, `\x41 \u0041`},
	} {
		t.Run(name, func(t *testing.T) {
			c := run(t, command(append([]string{"/bin/true"}, args...)...)).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c))
		})
	}
}

// The name that a program is called by need not be that of the file.
func TestArgvZero(t *testing.T) {
	s := watch(t)
	for name, argv0 := range map[string]string{
		"of another program": "[kworker/0:1]", "empty": "", "a path": "/usr/sbin/sshd", "no UTF-8": "\xff",
	} {
		t.Run(name, func(t *testing.T) {
			c := run(t, program{path: "/bin/true", args: []string{argv0, "x"}}).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c))
		})
	}
}

// Since 5.18 the kernel gives a program that is started without any argument
// an empty one (fs/exec.c, do_execveat_common); before, it has none.
func TestNoArgumentsAtAll(t *testing.T) {
	s := watch(t)
	c := run(t, helper(t, "no-args"))
	execs := s.execs(t, c)
	if len(execs) != 2 {
		t.Fatalf("there are %d execs, and should be that of the helper and that of its program", len(execs))
	}
	w := expectExec(t, &child{program: command("/bin/true"), marker: c.marker, pid: c.pid, before: c.before, after: c.ended})
	if execs[1].number(schema.ArgsCount) == 0 {
		requireRecord(t, execs[1], w.with(want{
			schema.Command: nil, schema.CommandArgs: nil, schema.ArgsCount: 0, schema.ArgsSize: 0,
			schema.CommandLine: "/usr/bin/true", fieldBody: "/usr/bin/true",
		}))
		return
	}
	requireRecord(t, execs[1], w.with(want{
		schema.Command: "", schema.CommandArgs: []string{""}, schema.ArgsCount: 1, schema.ArgsSize: 1,
		schema.CommandLine: "''", fieldBody: "''",
	}))
}

// argsLimit is the default of args_limit, of which three quarters are for the
// start of the arguments and one is for their end.
const argsLimit = 16 << 10

func TestLongArguments(t *testing.T) {
	s := watch(t)
	numbered := make([]string, 2000)
	for i := range numbered {
		numbered[i] = fmt.Sprintf("%050d", i)
	}
	for name, args := range map[string][]string{
		"just within the limit":    {strings.Repeat("x", argsLimit-len("/bin/true")-2)},
		"one byte beyond it":       {strings.Repeat("x", argsLimit-len("/bin/true")-1)},
		"one of 100 KiB":           {strings.Repeat("0123456789", 10<<10)},
		"one of 100 KiB, and more": {"first", strings.Repeat("0123456789", 10<<10), "last"},
		"2,000 of 50 bytes":        numbered,
	} {
		t.Run(name, func(t *testing.T) {
			c := run(t, command(append([]string{"/bin/true"}, args...)...)).succeeds(t)
			kept, truncated := keptOf(c.args)
			w := expectExec(t, c).with(want{
				schema.CommandArgs: kept,
				schema.CommandLine: sameAsArgs(t, kept),
				fieldBody:          sameAsArgs(t, kept),
			})
			if truncated {
				w[schema.ArgsTruncated] = true
			}
			requireRecord(t, s.exec(t, c), w)
		})
	}
}

// keptOf returns what of long arguments is in a record: as bytes with a NUL
// after each, the start, a mark with the number of bytes that are cut, and the
// end. An argument that was cut at its start is joined to the mark only where
// it is the one that was cut at its end, or none is missing between them.
func keptOf(args []string) (kept []string, truncated bool) {
	all := strings.Join(args, "\x00") + "\x00"
	if len(all) <= argsLimit {
		return args, false
	}
	head, tail := all[:argsLimit-argsLimit/4], all[len(all)-argsLimit/4:]
	mark := "[..." + strconv.Itoa(len(all)-argsLimit) + " bytes cut...]"
	first := strings.Split(head, "\x00")
	last := strings.Split(strings.TrimSuffix(tail, "\x00"), "\x00")
	cut := len(first) - 1 // the argument in which the start ends
	kept = append(kept, first...)
	kept[cut] += mark
	if cut == len(args)-len(last) {
		kept[cut] += last[0]
		last = last[1:]
	}
	return append(kept, last...), true
}
