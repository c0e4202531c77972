package ebpfexecreceiver

import (
	"bytes"
	"path"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/redact"
	"github.com/copywatch/copywatch/internal/schema"
)

// lineage remembers what processes run and who started them, so that a record
// can say below what a program was started. The kernel side names the ancestors
// of each exec by pid and start time, so a pid that was used again is never
// taken for another's. A process whose parent has ended is given another by the
// kernel; here it keeps the one that started it.
type lineage struct {
	known    *simplelru.LRU[bpf.ProcessKey, process]
	before   atomic.Pointer[snapshot] // nil until it is taken
	most     int                      // processes that are remembered
	proc     string
	redactor *redact.Redactor
	patience *patience
	chain    []bpf.Ancestor // of the event at hand
	list     []process
}

// process is what is known of one. All may be unknown.
type process struct {
	path, name  string
	commandLine string // redacted, at most commandLineMost bytes
	container   *container
	since       time.Duration  // boot, when it began to run it
	parent      bpf.ProcessKey // that started it
	looked      bool           // /proc was asked about it
	emitted     bool           // a process.exec record told of it
}

const (
	commandLineMost = 2048
	ancestorsMost   = 16
	procPatience    = 20 * time.Millisecond
	procAtOnce      = 4
)

func newLineage(size int, proc string, redactor *redact.Redactor) (*lineage, error) {
	known, err := simplelru.NewLRU[bpf.ProcessKey, process](size, nil)
	return &lineage{
		known: known, most: size, proc: proc, redactor: redactor, patience: newPatience(procAtOnce, procPatience),
	}, err
}

// begin remembers what a process runs from now on.
func (l *lineage) begin(x *bpf.Exec, p process) {
	if before, ok := l.known.Peek(x.Process); ok {
		p.parent = before.parent
	}
	p.commandLine = shorten(p.commandLine)
	p.since, p.looked, p.emitted = x.Time, true, true
	l.known.Add(x.Process, p)
}

// end returns what is known of a process that ended, if its exec was emitted, and forgets it.
func (l *lineage) end(key bpf.ProcessKey) (process, bool) {
	p, ok := l.known.Peek(key)
	if !ok || !p.emitted {
		return p, false
	}
	p.emitted = false // its children may outlive it
	l.known.Add(key, p)
	p.emitted = true
	return p, true
}

// leave remembers who started the processes that have lost their parent.
func (l *lineage) leave(o *bpf.Orphans) {
	l.trace(o.Lineage, o.Lineage[0].Process)
	l.resolve()
	for _, child := range o.Children {
		p, _ := l.known.Peek(child)
		if p.parent == (bpf.ProcessKey{}) {
			p.parent = o.Lineage[0].Process
			l.known.Add(child, p)
		}
	}
}

// set describes the parent and names the ancestors.
func (l *lineage) set(attrs *attributes.Builder, x *bpf.Exec, bootID string) {
	if len(x.Ancestors) == 0 {
		return
	}
	self, _ := l.known.Peek(x.Process)
	if self.parent == (bpf.ProcessKey{}) {
		self.parent = x.Ancestors[0].Process
		l.known.Add(x.Process, self)
	}
	l.trace(x.Ancestors, self.parent)
	l.resolve()

	parent := l.chain[0].Process
	attrs.PutInt(schema.ParentPID, int64(parent.PID))
	attrs.PutInt(schema.ParentProcessPID, int64(parent.PID))
	attrs.PutStr(schema.ParentEntityID, entityID(bootID, parent))
	attrs.PutKnown(schema.ParentName, l.list[0].name)
	attrs.PutKnown(schema.ParentExecutable, l.list[0].path)
	attrs.PutKnown(schema.ParentCommandLine, l.list[0].commandLine)
	names := attrs.PutSlice(schema.AncestorNames, len(l.list))
	for i := range l.list {
		names.AppendEmpty().SetStr(l.list[i].name)
	}
	pids := attrs.PutSlice(schema.AncestorPIDs, len(l.list))
	for i := range l.list {
		pids.AppendEmpty().SetInt(int64(l.chain[i].Process.PID))
	}
}

// trace makes the chain of ancestors from one on, nearest first: who started
// each of them where that is known, else whom the kernel now calls its parent.
func (l *lineage) trace(kernel []bpf.Ancestor, from bpf.ProcessKey) {
	l.chain = l.chain[:0]
	for next := 0; len(l.chain) < ancestorsMost; {
		if at := indexOf(kernel, from); at >= 0 {
			l.chain = append(l.chain, kernel[at])
			next = at + 1
		} else if _, ok := l.known.Peek(from); ok {
			l.chain = append(l.chain, bpf.Ancestor{Process: from})
		} else if next < len(kernel) { // forgotten: go on where the kernel does
			from = kernel[next].Process
			continue
		} else {
			return
		}
		p, _ := l.known.Peek(from)
		switch {
		case p.parent != (bpf.ProcessKey{}):
			from = p.parent
		case next < len(kernel):
			from = kernel[next].Process
		default:
			return
		}
	}
}

func indexOf(kernel []bpf.Ancestor, key bpf.ProcessKey) int {
	for i := range kernel {
		if kernel[i].Process == key {
			return i
		}
	}
	return -1
}

// resolve finds what is known of each in the chain, farthest first: one that has not called execve runs what its parent runs.
func (l *lineage) resolve() {
	l.list = append(l.list[:0], make([]process, len(l.chain))...)
	for i := len(l.chain) - 1; i >= 0; i-- {
		a := &l.chain[i]
		p, ok := l.known.Get(a.Process)
		if !ok || !p.looked {
			parent := p.parent
			p = l.find(a)
			p.looked, p.parent = true, parent
			if p.path == "" && a.Forked && i+1 < len(l.list) && l.list[i+1].since <= a.Process.Start {
				p.path, p.name, p.commandLine = l.list[i+1].path, l.list[i+1].name, l.list[i+1].commandLine
			}
			if p.parent == (bpf.ProcessKey{}) && i+1 < len(l.chain) {
				p.parent = l.chain[i+1].Process
			}
			if p.name == "" {
				comm, _, _ := bytes.Cut(a.Comm[:], []byte{0})
				p.name = cmdline.Text(comm)
			}
			l.known.Add(a.Process, p)
		}
		l.list[i] = p
	}
}

// find asks /proc about a process that was never seen to exec, and then what /proc said when the receiver started.
func (l *lineage) find(a *bpf.Ancestor) process {
	if image, ok := ask(l.patience, func() image { return readImage(l.proc, a.Process) }); ok && image.path != "" {
		return l.describe(image)
	}
	return l.before.Load().take(a.Process)
}

// describe turns what /proc says into what a record may say.
func (l *lineage) describe(image image) (p process) {
	p.path = cmdline.Text([]byte(image.path))
	p.name = path.Base(p.path)
	args := image.args
	if l.redactor != nil {
		args, _ = l.redactor.Args(nil, p.name, args)
	}
	p.commandLine = shorten(string(cmdline.AppendJoined(nil, args)))
	return p
}

// argsOf reads the arguments of a process from /proc, where the kernel side could not.
func (l *lineage) argsOf(key bpf.ProcessKey) [][]byte {
	image, _ := ask(l.patience, func() image { return readImage(l.proc, key) })
	return image.args
}

// shorten copies the start of a long command line, so that the whole is not kept alive.
func shorten(line string) string {
	if len(line) <= commandLineMost {
		return line
	}
	end := commandLineMost
	for end > 0 && line[end]&0xc0 == 0x80 { // not within a character
		end--
	}
	return line[:end] + "..."
}
