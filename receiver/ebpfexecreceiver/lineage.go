package ebpfexecreceiver

import (
	"bytes"
	"path"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/redact"
	"github.com/copywatch/copywatch/internal/schema"
)

// lineage remembers what processes run, so that a record can say below what a
// program was started. The kernel side names the ancestors of each exec by pid
// and start time, so a pid that was used again is never taken for another's.
type lineage struct {
	known    *simplelru.LRU[bpf.ProcessKey, process]
	proc     string
	redactor *redact.Redactor
	patience *patience
	list     []process // of the event at hand
}

// process is what is known of one. All but the key may be unknown.
type process struct {
	path, name  string
	commandLine string // redacted, at most commandLineMost bytes
	container   *container
	emitted     bool // a process.exec record told of it
}

const (
	commandLineMost = 2048
	procPatience    = 20 * time.Millisecond
	procAtOnce      = 4
)

func newLineage(size int, proc string, redactor *redact.Redactor) (*lineage, error) {
	known, err := simplelru.NewLRU[bpf.ProcessKey, process](size, nil)
	return &lineage{known: known, proc: proc, redactor: redactor, patience: newPatience(procAtOnce, procPatience)}, err
}

// begin remembers what a process runs from now on.
func (l *lineage) begin(x *bpf.Exec, p process) {
	p.commandLine = shorten(p.commandLine)
	p.emitted = true
	l.known.Add(x.Process, p)
}

// end returns what is known of a process that ended, if its exec was emitted, and forgets it.
func (l *lineage) end(key bpf.ProcessKey) (process, bool) {
	p, ok := l.known.Peek(key)
	l.known.Remove(key)
	return p, ok && p.emitted
}

// set describes the parent and names the ancestors.
func (l *lineage) set(attrs pcommon.Map, x *bpf.Exec, bootID string) {
	if len(x.Ancestors) == 0 {
		return
	}
	parent := x.Ancestors[0].Process
	attrs.PutInt(schema.ParentPID, int64(parent.PID))
	attrs.PutInt(schema.ParentProcessPID, int64(parent.PID))
	attrs.PutStr(schema.ParentEntityID, entityID(bootID, parent))

	processes := l.ancestors(x)
	attrs.PutStr(schema.ParentName, processes[0].name)
	putKnown(attrs, schema.ParentExecutable, processes[0].path)
	putKnown(attrs, schema.ParentCommandLine, processes[0].commandLine)
	names := attrs.PutEmptySlice(schema.AncestorNames)
	names.EnsureCapacity(len(processes))
	pids := attrs.PutEmptySlice(schema.AncestorPIDs)
	pids.EnsureCapacity(len(processes))
	for i, p := range processes {
		names.AppendEmpty().SetStr(p.name)
		pids.AppendEmpty().SetInt(int64(x.Ancestors[i].Process.PID))
	}
}

// ancestors returns what is known of each, nearest first.
func (l *lineage) ancestors(x *bpf.Exec) []process {
	l.list = append(l.list[:0], make([]process, len(x.Ancestors))...)
	for i := len(x.Ancestors) - 1; i >= 0; i-- {
		a := &x.Ancestors[i]
		p, ok := l.known.Get(a.Process)
		if !ok {
			p = l.find(a)
			if p.path == "" && a.Forked && i+1 < len(l.list) {
				p = l.list[i+1] // it ran what its own parent runs
				p.emitted = false
			}
			l.known.Add(a.Process, p)
		}
		if p.name == "" {
			comm, _, _ := bytes.Cut(a.Comm[:], []byte{0})
			p.name = cmdline.Text(comm)
		}
		l.list[i] = p
	}
	return l.list
}

// find asks /proc about a process that was never seen to exec.
func (l *lineage) find(a *bpf.Ancestor) (p process) {
	image, ok := ask(l.patience, func() image { return readImage(l.proc, a.Process) })
	if !ok || image.path == "" {
		return p
	}
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
