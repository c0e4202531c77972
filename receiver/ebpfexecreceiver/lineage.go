package ebpfexecreceiver

import (
	"bytes"
	"path"
	"sync/atomic"
	"time"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/recognise"
	"github.com/copywatch/copywatch/internal/redact"
	"github.com/copywatch/copywatch/internal/schema"
)

// lineage remembers what processes run and who started them, so that a record
// can say below what a program was started. The kernel side names the ancestors
// of each exec by pid and start time, so a pid that was used again is never
// taken for another's. A process whose parent has ended is given another by the
// kernel; here it keeps the one that started it.
type lineage struct {
	known    *processes
	self     *process                 // of the event at hand
	before   atomic.Pointer[snapshot] // nil until it is taken
	proc     string
	bootID   string
	redactor *redact.Redactor
	programs *recognise.Recogniser
	patience *patience
	chain    []ancestor // of the event at hand
}

// ancestor is one above a process: as the kernel has it, and what is known of it.
type ancestor struct {
	bpf.Ancestor
	*process // nil: nothing
}

const (
	commandLineMost = 2048
	ancestorsMost   = 16
	procPatience    = 20 * time.Millisecond
	procAtOnce      = 4
)

func newLineage(size int, proc string, redactor *redact.Redactor, programs *recognise.Recogniser) *lineage {
	return &lineage{
		known: newProcesses(size), self: &process{}, proc: proc, bootID: readBootID(proc), redactor: redactor,
		programs: programs, patience: newPatience(procAtOnce, procPatience),
	}
}

// at returns what is known of the process that an event is of.
func (l *lineage) at(key bpf.ProcessKey) *process {
	if l.self.key != key {
		l.known.trim()
		l.self = l.known.at(key)
	}
	return l.self
}

// entity returns the process.entity_id of a process.
func (l *lineage) entity(key bpf.ProcessKey) string { return entityID(l.bootID, key) }

// begin remembers what a process runs from now on, and that a record tells of it.
func (l *lineage) begin(x *bpf.Exec, runs running, in *container) {
	p := l.at(x.Process)
	runs.commandLine = shorten(runs.commandLine)
	p.running, p.container = runs, in
	p.since, p.looked, p.emitted = x.Time, true, true
	l.known.weigh(p)
}

// end returns what is known of a process that ended, if its exec was emitted, once. Its children may outlive it.
func (l *lineage) end(key bpf.ProcessKey) (*process, bool) {
	p := l.known.find(key, l.self)
	if p == nil || !p.emitted {
		return nil, false
	}
	p.emitted = false
	return p, true
}

// leave remembers who started the processes that have lost their parent.
func (l *lineage) leave(o *bpf.Orphans) {
	l.trace(o.Lineage, o.Lineage[0].Process, nil)
	l.resolve()
	for _, child := range o.Children {
		if p := l.known.at(child); p.parent == (bpf.ProcessKey{}) {
			p.parent = o.Lineage[0].Process
		}
	}
}

// set describes the parent and names the ancestors.
func (l *lineage) set(attrs *attributes.Builder, x *bpf.Exec) {
	if len(x.Ancestors) == 0 {
		l.chain = l.chain[:0]
		return
	}
	self := l.at(x.Process)
	if self.parent == (bpf.ProcessKey{}) {
		self.parent = x.Ancestors[0].Process
	}
	l.trace(x.Ancestors, self.parent, self.up)
	l.resolve()
	parent := &l.chain[0]
	self.up = parent.process
	attrs.PutInt(schema.ParentPID, int64(parent.Process.PID))
	attrs.PutInt(schema.ParentProcessPID, int64(parent.Process.PID))
	if parent.entity == "" { // parents have more than one child, and most processes none
		parent.entity = l.entity(parent.Process)
	}
	attrs.PutStr(schema.ParentEntityID, parent.entity)
	attrs.PutKnown(schema.ParentName, parent.name)
	attrs.PutKnown(schema.ParentExecutable, parent.path)
	attrs.PutKnown(schema.ParentCommandLine, parent.commandLine)
	names := attrs.PutSlice(schema.AncestorNames, len(l.chain))
	for i := range l.chain {
		names.AppendEmpty().SetStr(l.chain[i].name)
	}
	pids := attrs.PutSlice(schema.AncestorPIDs, len(l.chain))
	for i := range l.chain {
		pids.AppendEmpty().SetInt(int64(l.chain[i].Process.PID))
	}
}

// script returns the nearest script above the process that set was called for.
func (l *lineage) script() string {
	for i := range l.chain {
		if script := l.chain[i].script; script != "" {
			return script
		}
	}
	return ""
}

// trace makes the chain of ancestors from one on, nearest first: who started
// each of them where that is known, else whom the kernel now calls its parent.
func (l *lineage) trace(kernel []bpf.Ancestor, from bpf.ProcessKey, hint *process) {
	l.chain = l.chain[:0]
	for next := 0; len(l.chain) < ancestorsMost; {
		p := l.known.find(from, hint)
		if at := indexOf(kernel, from, next); at >= 0 {
			l.chain = append(l.chain, ancestor{kernel[at], p})
			next = at + 1
		} else if p != nil {
			l.chain = append(l.chain, ancestor{bpf.Ancestor{Process: from}, p})
		} else if next < len(kernel) { // forgotten: go on where the kernel does
			from, hint = kernel[next].Process, nil
			continue
		} else {
			return
		}
		switch {
		case p != nil && p.parent != (bpf.ProcessKey{}):
			from, hint = p.parent, p.up
		case next < len(kernel):
			from, hint = kernel[next].Process, nil
		default:
			return
		}
	}
}

// indexOf finds one in the kernel's list, where it is most likely at a certain place.
func indexOf(kernel []bpf.Ancestor, key bpf.ProcessKey, likely int) int {
	if likely < len(kernel) && kernel[likely].Process == key {
		return likely
	}
	for i := range kernel {
		if kernel[i].Process == key {
			return i
		}
	}
	return -1
}

// resolve finds what is known of each in the chain, farthest first: one that has not called execve runs what its parent runs.
func (l *lineage) resolve() {
	for i := len(l.chain) - 1; i >= 0; i-- {
		a := &l.chain[i]
		if a.process == nil {
			a.process = l.known.at(a.Process)
		}
		if !a.looked {
			a.running, a.looked = l.find(&a.Ancestor), true
			if i+1 < len(l.chain) {
				inherit(a, &l.chain[i+1])
			}
			if a.name == "" {
				comm, _, _ := bytes.Cut(a.Comm[:], []byte{0})
				a.name = cmdline.Text(comm)
			}
			l.known.weigh(a.process)
		}
		if i+1 < len(l.chain) {
			a.up = l.chain[i+1].process
		}
	}
}

// inherit gives a process what it has of the one above it.
func inherit(a, above *ancestor) {
	if a.path == "" && a.Forked && above.since <= a.Process.Start {
		a.running = above.running
	}
	if a.parent == (bpf.ProcessKey{}) {
		a.parent = above.Process
	}
}

// find asks /proc about a process that was never seen to exec, and then what /proc said when the receiver started.
func (l *lineage) find(a *bpf.Ancestor) running {
	if image, ok := ask(l.patience, func() image { return readImage(l.proc, a.Process) }); ok && image.path != "" {
		return l.describe(image)
	}
	return l.before.Load().take(a.Process)
}

// describe turns what /proc says into what a record may say.
func (l *lineage) describe(image image) (p running) {
	p.path = cmdline.Text([]byte(image.path))
	p.name = path.Base(p.path)
	args := image.args
	if l.redactor != nil {
		args, _ = l.redactor.Args(nil, p.name, args)
	}
	p.commandLine = shorten(string(cmdline.AppendJoined(nil, args)))
	if l.programs.Role(p.name) == recognise.Interpreter {
		argv := make([]string, len(args))
		for i := range args {
			argv[i] = cmdline.Text(args[i])
		}
		p.script = shortenScript(l.programs.ScriptOf(p.name, argv))
	}
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
