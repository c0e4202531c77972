package ebpfexecreceiver

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/identity"
	"github.com/copywatch/copywatch/internal/schema"
)

// identifier says what executables and scripts are by their content. To look
// into a file takes milliseconds, so it is done beside the reading of events and
// once for each state of a file. The batch with the records of that file waits
// for the answer, for a short time, and those after it wait behind it.
type identifier struct {
	proc, root string
	tools      *knownTools
	files      *inquiries[fileState]
	scripts    *inquiries[scriptPlace]
}

// fileState is one state of one file: when the file is written, its time of change is another.
type fileState struct {
	device  uint32
	inode   uint64
	changed int64
	size    int64
}

const (
	filesKept       = 4096
	scriptsKept     = 1024
	inquiriesAtOnce = 4
	// Where a script is, whoever executes it chooses, and the file system there
	// may hang. Some places are always left for executables.
	scriptsAtOnce    = 2
	fuseMagic        = 0x65735546 // include/uapi/linux/magic.h
	identifyAtMostOf = 1 << 40    // bytes; a larger size is no real file's
)

func newIdentifier(proc, root string) (*identifier, error) {
	tools, err := newKnownTools(root)
	if err != nil {
		return nil, err
	}
	shared := make(chan struct{}, inquiriesAtOnce)
	files, err := newInquiries[fileState](filesKept, 0, inquiriesAtOnce, shared)
	if err != nil {
		return nil, err
	}
	scripts, err := newInquiries[scriptPlace](scriptsKept, scriptKept, scriptsAtOnce, shared)
	return &identifier{proc: proc, root: root, tools: tools, files: files, scripts: scripts}, err
}

// role is what a file is in an execution.
type role int

const (
	asProgram     role = iota // the program itself
	asInterpreter             // the program that runs the script
	asScript                  // what is executed in truth
)

// describe says what was executed: now, among the attributes, or as soon as that is known, in the record.
func (i *identifier) describe(record plog.LogRecord, attrs *attributes.Builder, b *batch, x *bpf.Exec, now time.Time) {
	say := func(as role, id identity.Identity, pending *inquiry) {
		if pending != nil {
			pending.wait(waiting{record, b, as})
			return
		}
		setIdentity(attrs, as, id)
	}
	if len(x.Interpreter) == 0 {
		id, pending := i.ofFile(x, now)
		say(asProgram, id, pending)
		return
	}
	id, pending := i.ofFile(x, now)
	say(asInterpreter, id, pending)
	id, pending = i.ofScript(x, now)
	say(asScript, id, pending)
}

// ofFile returns what is known of the executable, or else the inquiry that its
// record has to wait for. With neither the record goes without.
func (i *identifier) ofFile(x *bpf.Exec, now time.Time) (identity.Identity, *inquiry) {
	state := stateOf(&x.Executable)
	id, pending, ok := i.files.find(state, now)
	if ok || !isLookedInto(&x.Executable) {
		return id, pending
	}
	return id, i.files.begin(state, now, func() search {
		return newFileSearch(x, newNamespace(x, i.proc, i.root), i.tools)
	})
}

func stateOf(f *bpf.Executable) fileState {
	return fileState{f.Device, f.Inode, f.Changed.UnixNano(), f.Size}
}

// isLookedInto is false where nothing would come of it. A file system in user space answers when its owner likes.
func isLookedInto(f *bpf.Executable) bool {
	return f.FileSystem != fuseMagic && f.Size > 0 && f.Size <= identifyAtMostOf
}

// isOrdinary says that another look at the executable would tell no more, and that it is no tool.
func (i *identifier) isOrdinary(f *bpf.Executable) bool {
	found, ok := i.files.known.Peek(stateOf(f))
	return ok && found.id.Tool == "" || !isLookedInto(f)
}

// hear takes the answers that have come.
func (i *identifier) hear() {
	i.files.hear()
	i.scripts.hear()
}

// setIdentity sets what is known: of a program its build, and which tool it is
// of what is executed in truth.
func setIdentity[A putter](attrs A, as role, id identity.Identity) {
	if as != asScript {
		putKnown(attrs, schema.ExecutableBuildIDGNU, id.GNUBuildID)
		putKnown(attrs, schema.ExecutableBuildIDGo, id.GoBuildID)
	}
	if as != asInterpreter {
		putKnown(attrs, schema.ExecutableOriginalName, id.Tool)
	}
}
