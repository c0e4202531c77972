//go:build linux

package e2e

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
)

// hostile makes programs that nobody would start but to break who watches. The same seed makes the same ones.
type hostile struct {
	*rand.Rand
	dir, deep string // an own directory, and one 500 directories below it
}

// hostileExec is one of them.
type hostileExec struct {
	path, dir string
	argv, env []string
}

// bytes returns n bytes of any kind but NUL.
func (h hostile) bytes(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(1 + h.IntN(255))
	}
	return string(b)
}

// nasty are pieces that mean something to a terminal, a shell, JSON, a format or a file system.
var nasty = []string{
	"\n", "\r\n", "\x1b[2J", "\x1b]0;title\x07", "\u202e", "\ufeff", "\u2028", "\x7f", "\xff", "\xc0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
	`"`, `\`, `'`, "`id`", "$(id)", ";", "|", "%s%n", "{{.}}", "${env:HOME}", `"}]}`, `\u0000`, "../../", "[...9 bytes cut...]", "=", "--",
}

func (h hostile) nasty() string {
	var text strings.Builder
	for range 1 + h.IntN(30) {
		text.WriteString(nasty[h.IntN(len(nasty))])
	}
	return text.String()
}

func (h hostile) text() string {
	if h.IntN(2) == 0 {
		return h.nasty()
	}
	return h.bytes(h.IntN(300))
}

func (h hostile) texts(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = h.text()
	}
	return list
}

// name returns the name of a file: at most 255 bytes, of any kind but NUL and /.
func (h hostile) name() string {
	name := strings.ReplaceAll(h.text()+h.nasty(), "/", "_")
	return name[:min(len(name), 200)] + "\n"
}

// next returns the i-th program; each kind comes round again.
func (h hostile) next(t *testing.T, i int) hostileExec {
	x := hostileExec{path: "/bin/true", argv: append([]string{"true"}, h.texts(h.IntN(20))...)}
	switch i % 10 {
	case 0:
		x.argv[0] = ""
	case 1:
		x.argv = nil
	case 2:
		x.argv[0] = h.text()
	case 3:
		x.path = install(t, h.dir+"/"+h.name())
	case 4:
		x.dir = h.deep
	case 5:
		x.env = []string{noteVariable + "=" + strings.Repeat(h.bytes(1<<10), 120)}
	case 6:
		x.env = h.texts(500)
	case 7:
		x.env = []string{noteVariable + "=" + h.text(), "TRACEPARENT=" + h.text(), h.text() + "=" + h.text()}
	case 8:
		x.argv = append(x.argv, strings.Repeat(h.bytes(1<<10), 100))
	case 9:
		x.argv = append(x.argv, make([]string, 5000)...) // 5,000 empty ones
	}
	return x
}

// Whoever starts programs chooses nearly everything that is in their records,
// and must not be able to hide any of them, nor what is started after them.
func TestHostileExecs(t *testing.T) {
	const count = 300
	s := watch(t)
	dir := publicDir(t)
	h := hostile{rand.New(rand.NewPCG(2026, 21)), dir, mustMkdir(t, dir+strings.Repeat("/d", 500))}
	marker := newMarker(t)
	started := map[int64]hostileExec{}
	for i := range count {
		x := h.next(t, i)
		pid := spawn(t, x.path, x.argv, append([]string{markerVariable + "=" + marker}, x.env...), x.dir)
		started[int64(pid)] = x
	}
	if len(started) != count {
		t.Fatalf("a pid was used again within %d processes", count)
	}

	// What comes after is seen as ever.
	c := run(t, command("/bin/true", "after them")).succeeds(t)
	requireRecord(t, s.exec(t, c), expectExec(t, c))

	left := maps.Clone(started)
	for _, r := range s.settle(t) {
		if !r.isExec() || r.text(schema.EnvironmentPrefix+markerVariable) != marker {
			continue
		}
		pid := r.number(schema.PID)
		if _, ok := left[pid]; !ok {
			t.Errorf("pid %d is there twice, or was never started", pid)
			continue
		}
		requireHostile(t, r, started[pid])
		delete(left, pid)
	}
	if len(left) > 0 {
		t.Errorf("%d of %d hostile execs are not there", len(left), count)
	}
	s.requireDelivered(t)
}

// requireHostile wants a record to be readable, and to tell what there was.
func requireHostile(t *testing.T, r record, x hostileExec) {
	t.Helper()
	if wrong := isOneLine(r.Body().AsRaw()); wrong != "" {
		t.Errorf("the body %s", wrong)
	}
	if len(x.argv) == 0 {
		return // the kernel may have added an empty one
	}
	if got := r.number(schema.ArgsCount); got != int64(len(x.argv)) {
		t.Errorf("there are %d arguments, and should be %d", got, len(x.argv))
	}
	size := 0
	for _, arg := range x.argv {
		size += len(arg) + 1
	}
	if got := r.number(schema.ArgsSize); got != int64(size) {
		t.Errorf("the arguments have %d bytes, and should have %d", got, size)
	}
	kept, _ := keptOf(x.argv)
	for i, arg := range kept {
		kept[i] = asText(arg)
	}
	masked := r.number(schema.RedactedCount)
	if got := r.texts(schema.CommandArgs); masked == 0 && !slices.Equal(got, kept) {
		t.Errorf("the arguments are %s", clip(strings.Join(got, " ")))
	}
}
