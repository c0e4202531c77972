package grammar

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestLongArguments holds every grammar to linear time: what a hostile command
// line can cost is bounded by its length, of which 1 MiB is read in 50 ms.
func TestLongArguments(t *testing.T) {
	const size = 1 << 20
	for _, shape := range []struct {
		name string
		args func() []string
	}{
		{"one operand", func() []string { return []string{strings.Repeat("a", size)} }},
		{"one bundle", func() []string { return []string{"-" + strings.Repeat("v", size)} }},
		{"one long option", func() []string { return []string{"--" + strings.Repeat("a", size), "b"} }},
		{"colons", func() []string { return []string{strings.Repeat(":", size), strings.Repeat("@", size)} }},
		{"a list", func() []string { return []string{strings.Join(numbered("h%d", size), ",")} }},
		{"a query", func() []string { return []string{"http://h/?" + strings.Join(numbered("k%d=v", size), "&")} }},
		{"operands of a byte", func() []string { return repeated(size, "a", "b", "c") }},
		{"ends", func() []string { return numbered("%d:x", size) }},
		{"URLs", func() []string { return numbered("http://%d/", size) }},
		{"pairs", func() []string { return numbered("k%d=v", size) }},
		{"unknown options", func() []string { return numbered("--unknown-%d", size) }},
		{"an option and an operand", func() []string { return repeated(size, "-x", "h:", "f") }},
		{"a value at last", func() []string { return append(repeated(size, "-x"), "-o") }},
		{"a remote command of words", func() []string { return append([]string{"h"}, repeated(size, "cat")...) }},
		{"shells in shells", func() []string { return []string{"h", strings.Repeat(`sh -c "`, size/7)} }},
		{"quotes in quotes", func() []string { return []string{"h", quotedAgain("cat f", size)} }},
		{"remote commands", func() []string {
			return []string{"exec", "-i", "p", "--", "sh", "-c", strings.Repeat("cat f;", size/6)}
		}},
		{"an open script", func() []string { return append(repeated(256, "put"), strings.Repeat(`put "a;`, size/7)) }},
		{"a script", func() []string { return []string{"-c", strings.Repeat("put a;", size/6)} }},
	} {
		args := shape.args()
		runtime.GC()
		for _, name := range Names() {
			g, _ := Find(name)
			requireLinear(t, size, func() {
				g(&Command{Tool: name, Args: args, Stdin: Stream{Type: StreamPipe}, Stdout: Stream{Type: StreamPipe}})
			}, name+": "+shape.name)
		}
	}
}

// TestLongOptions does the same with the options that the rows have: each of
// them many times, and once with a long value before many operands.
func TestLongOptions(t *testing.T) {
	const size = 1 << 17
	values, operands := numbered("z%d", size), numbered("y%d", size/2)
	long := strings.Repeat("x", size/2)
	for _, list := range rows(t) {
		seen := make(map[string]bool)
		for _, r := range list {
			c := r.command()
			g, ok := Find(r.Grammar)
			if !ok {
				g, _ = Find(c.Tool)
			}
			for i, option := range c.Args {
				if len(option) < 2 || option[0] != '-' || seen[c.Tool+" "+option] {
					continue
				}
				seen[c.Tool+" "+option] = true
				var again []string
				for _, value := range values[:size/(len(option)+len(values[0])+8)] {
					again = append(again, option, value)
				}
				for what, args := range map[string][]string{"again and again": again, "with a long value": append([]string{option, long}, operands...)} {
					command := *c
					command.Args = slices.Concat(c.Args[:i], args, c.Args[i+1:])
					requireLinear(t, 2*size, func() { g(&command) }, c.Tool+" "+option+" "+what)
				}
			}
		}
	}
}

// TestLongEnvironment: nor does it take the product of arguments and environment.
func TestLongEnvironment(t *testing.T) {
	const size = 1 << 18
	list := strings.Repeat("a,", size/2)
	env := func(name string) string {
		if strings.Contains(strings.ToLower(name), "proxy") {
			return list
		}
		return ""
	}
	for _, args := range [][]string{numbered("http://%d/", size), numbered("ftp://%d/f", size), repeated(size, "https://h/f")} {
		for _, name := range Names() {
			g, _ := Find(name)
			requireLinear(t, 1<<20, func() { g(&Command{Tool: name, Args: args, Env: env}) }, name+" with a long no_proxy")
		}
	}
}

// requireLinear wants arguments of that size to be read at the rate of 1 MiB in
// 50 ms of CPU time, or in 25 times what it takes to count the words of as much
// text: machines differ, and what else runs on one takes the caches away. The
// best of several tries counts, with longer and longer pauses between them.
func requireLinear(t *testing.T, size int, read func(), what string) {
	t.Helper()
	limit := 50 * time.Millisecond
	if underRace {
		limit *= 20
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took := time.Hour
	for try := range 6 {
		time.Sleep(time.Duration(try) * 100 * time.Millisecond)
		took = min(took, timed(read)*(1<<20)/time.Duration(size))
		if took <= limit {
			return
		}
		limit = max(limit, 25*timed(countWords))
	}
	t.Errorf("%v for each MiB of %d KiB, not %v: %s", took, size>>10, limit, what)
}

// timed is the CPU time that this thread needs for it.
func timed(work func()) time.Duration {
	start := threadTime()
	work()
	return threadTime() - start
}

var words = strings.Repeat("put abc;", 1<<17)

func countWords() {
	counts := make(map[string]int)
	for _, word := range strings.Split(words, ";") {
		counts[word]++
	}
}

// numbered are different arguments of a form, with a number in each.
func numbered(form string, size int) (args []string) {
	for i := 0; size > 0; i++ {
		arg := fmt.Sprintf(form, i)
		args, size = append(args, arg), size-len(arg)-1
	}
	return args
}

// repeated are these arguments again and again.
func repeated(size int, words ...string) (args []string) {
	for size > 0 {
		for _, word := range words {
			args, size = append(args, word), size-len(word)-1
		}
	}
	return args
}

// quotedAgain is a command within sh -c within sh -c, each quoted as a whole.
func quotedAgain(command string, size int) string {
	for len(command) < size {
		command = "sh -c '" + strings.ReplaceAll(command, "'", `'\''`) + "'"
	}
	return command
}
