package ebpfexecreceiver

import (
	"bytes"
	"path"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/recognise"
	"github.com/copywatch/copywatch/internal/redact"
	"github.com/copywatch/copywatch/internal/schema"
)

// recorder turns events into records. It is used by one goroutine.
type recorder struct {
	cfg     *Config
	version string

	host      *hostResource
	clock     clock
	texts     *interner
	cgroups   *cgroups
	users     *users
	lineage   *lineage
	identity  *identifier      // nil: files are not looked into
	redactor  *redact.Redactor // nil: nothing is masked
	variables []variable
	tools     *catalogue.Catalogue
	know      func(*bpf.Exec) // takes execs that need no haste the next time
	ci        map[string]bool // names of variables that tell the run of a CI system; nil: none are taken

	programs *recognise.Recogniser

	args  [][]byte // of the event at hand, after redaction
	argv  []string // the same as text, of interpreters
	line  cmdline.Joined
	taken []string // names of CI variables
	attrs attributes.Builder
}

func newRecorder(cfg *Config, version string) (*recorder, error) {
	r := &recorder{
		cfg: cfg, version: version,
		host:      readHost(cfg.RootPath, cfg.ProcPath),
		texts:     newInterner(),
		cgroups:   newCgroups(cfg.ProcPath),
		users:     newUsers(cfg.ProcPath, cfg.RootPath),
		variables: variables(cfg.EnvironmentVariables),
		know:      func(*bpf.Exec) {},
	}
	if cfg.Redaction.Enabled {
		var err error
		if r.redactor, err = redact.New(redact.Options{Names: cfg.Redaction.Names}); err != nil {
			return nil, err
		}
	}
	var err error
	if r.tools, err = catalogue.Load(); err != nil {
		return nil, err
	}
	if r.programs, err = recognise.Default(); err != nil {
		return nil, err
	}
	if cfg.CIVariables {
		if r.ci, err = ciVariables(cfg.EnvironmentVariables); err != nil {
			return nil, err
		}
	}
	if cfg.Identify {
		if r.identity, err = newIdentifier(cfg.ProcPath, cfg.RootPath); err != nil {
			return nil, err
		}
	}
	r.lineage = newLineage(cfg.ProcessCacheSize, cfg.ProcPath, r.redactor, r.programs)
	return r, nil
}

// add puts the record of an event into the batch. An exit without a known exec has none.
func (r *recorder) add(b *batch, ev *bpf.Event, observed time.Time) {
	r.clock.sync(observed)
	switch ev.Kind {
	case bpf.KindExec:
		r.addExec(b, &ev.Exec, observed)
	case bpf.KindExecFailed:
		r.addExecError(b, &ev.Exec, observed)
	case bpf.KindOrphans:
		r.lineage.leave(&ev.Orphans)
	case bpf.KindExit:
		if p, ok := r.lineage.end(ev.Exit.Process); ok {
			r.addExit(b, &ev.Exit, p, observed)
		}
	}
}

func (r *recorder) addExec(b *batch, x *bpf.Exec, observed time.Time) {
	place := r.cgroups.locate(x)
	record := b.record(place.container)
	setTrace(record, x)

	exe := r.texts.get(x.Executable.Path)
	name := path.Base(exe)
	attrs := &r.attrs
	attrs.Grow()
	attrs.PutStr(schema.ExecutableName, name) // first: the processor looks it up in every record
	r.setEvent(record, schema.EventExec, schema.ActionExec, x.Time, observed)
	attrs.PutStr(schema.ExecutablePath, exe)
	if r.identity != nil {
		r.identity.describe(record, attrs, b, x, observed)
	}
	r.setExecutable(attrs, x, exe)
	line := r.setArgs(attrs, x, name)
	record.Body().SetStr(line)
	r.setProcess(attrs, x, place, observed)
	r.setVariables(attrs, x)
	if r.isTool(x, name) {
		r.setCIVariables(attrs, x)
		attrs.PutKnown(schema.AncestorScript, r.lineage.script())
	} else if x.Executable.Unfamiliar != 0 && r.isOrdinary(x) {
		r.know(x)
	}
	r.finish(b, record, line)
	r.lineage.begin(x, running{path: exe, name: name, commandLine: line, script: r.scriptRun(x, name)}, place.container)
}

// isOrdinary says that nothing is gained by reading the next exec of the same
// file at once: it is no script, and no copy tool by what it contains.
func (r *recorder) isOrdinary(x *bpf.Exec) bool {
	return len(x.Interpreter) == 0 && (r.identity == nil || r.identity.isOrdinary(&x.Executable))
}

// addExecError is of an execve that failed: the process goes on with the image
// that it has. Shells and execvp(3) look for a program in this way.
func (r *recorder) addExecError(b *batch, x *bpf.Exec, observed time.Time) {
	place := r.cgroups.locate(x)
	record := b.record(place.container)
	exe := r.texts.get(x.Executable.Path)
	requested := r.absolute(x, x.Filename)
	attrs := &r.attrs
	attrs.Grow()
	attrs.PutKnown(schema.ExecutableName, path.Base(exe))
	r.setEvent(record, schema.EventExecError, schema.ActionExecError, x.Time, observed)
	attrs.PutKnown(schema.ExecutablePath, exe)
	attrs.PutKnown(schema.ExecutableRequestedPath, requested)
	attrs.PutStr(schema.ErrorType, errorName(x.Errno))
	line := r.setArgs(attrs, x, path.Base(requested))
	record.Body().SetStr(line + ": " + errorName(x.Errno))
	r.setProcess(attrs, x, place, observed)
	r.finish(b, record, line)
}

// finish gives a record its attributes, and adds to the batch what it takes.
func (r *recorder) finish(b *batch, record plog.LogRecord, line string) {
	b.bytes += recordBytes + r.attrs.Text() + lineCopies*len(line)
	r.attrs.Into(record.Attributes())
}

// setEvent says what happened, and when.
func (r *recorder) setEvent(record plog.LogRecord, name, action string, at time.Duration, observed time.Time) {
	record.SetEventName(name)
	record.SetTimestamp(pcommon.NewTimestampFromTime(r.clock.wall(at)))
	record.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	record.SetSeverityNumber(plog.SeverityNumberInfo)
	record.SetSeverityText("INFO")
	r.attrs.PutStr(schema.EventAction, action)
}

// setProcess says who the process is and where it stands, whatever it executes.
func (r *recorder) setProcess(attrs *attributes.Builder, x *bpf.Exec, place place, observed time.Time) {
	r.setIDs(attrs, x)
	r.setUsers(attrs, x, observed)
	r.setSurroundings(attrs, x)
	attrs.PutStr(schema.LinuxCgroup, place.cgroup)
	r.lineage.set(attrs, x)
}

// What a record takes beside the text of its attributes, for the size of a
// batch, and how often the command line is in it elsewhere (the body and the list).
const (
	recordBytes = 3584
	lineCopies  = 2
	exitBytes   = 1280 // of the record of an exit
)

// setArgs sets the arguments and returns the command line made of them. A
// process without any, or whose arguments could not be read, is shown by its path.
func (r *recorder) setArgs(attrs *attributes.Builder, x *bpf.Exec, name string) string {
	args, masked := x.Args, 0
	if x.ArgsFault {
		args = r.lineage.argsOf(x.Process)
	}
	if r.redactor != nil {
		r.args, masked = r.redactor.Args(r.args[:0], name, args)
		args = r.args
	}
	line := r.line.Join(args)
	if len(args) == 0 {
		line = string(cmdline.AppendQuoted(nil, x.Executable.Path))
	}
	attrs.PutStr(schema.CommandLine, line)
	if len(args) > 0 {
		attrs.PutStr(schema.Command, r.line.Text(0))
		list := attrs.PutSlice(schema.CommandArgs, len(args))
		for i := range args {
			list.AppendEmpty().SetStr(r.line.Text(i))
		}
	}
	attrs.PutInt(schema.ArgsCount, int64(x.ArgsCount))
	attrs.PutInt(schema.ArgsSize, int64(x.ArgsSize))
	if x.ArgsCut || x.ArgsFault && len(args) != x.ArgsCount {
		attrs.PutBool(schema.ArgsTruncated, true)
	}
	if masked > 0 {
		attrs.PutInt(schema.RedactedCount, int64(masked))
	}
	return line
}

// setExecutable describes the file: how it was asked for, and what is unusual about it.
func (r *recorder) setExecutable(attrs *attributes.Builder, x *bpf.Exec, exe string) {
	if !bytes.Equal(x.Filename, x.Executable.Path) {
		if requested := r.absolute(x, x.Filename); requested != exe && requested != "" {
			attrs.PutStr(schema.ExecutableRequestedPath, requested)
			if len(x.Interpreter) > 0 {
				attrs.PutStr(schema.ScriptPath, requested)
			}
		}
	}
	f := &x.Executable
	attrs.PutTrue(schema.ExecutableDeleted, f.Deleted)
	attrs.PutTrue(schema.ExecutableMemfd, isMemfd(f))
	attrs.PutTrue(schema.ExecutableUpperLayer, f.UpperLayer)
	attrs.PutTrue(schema.ExecutableWritable, isWritable(f, x.EUID, x.EGID))
	attrs.PutInt(schema.ExecutableInode, int64(f.Inode))
	attrs.PutStr(schema.ExecutableDevice, r.texts.device(f.Device))
}

// absolute resolves what was given to execve against the working directory. It
// is empty where nothing was given, or that directory is not known to its root.
func (r *recorder) absolute(x *bpf.Exec, name []byte) string {
	given := r.texts.get(name)
	switch {
	case given == "":
		return ""
	case path.IsAbs(given):
		return path.Clean(given)
	case !bytes.HasPrefix(x.WorkingDirectory, []byte("/")):
		return ""
	default:
		return path.Join(r.texts.get(x.WorkingDirectory), given)
	}
}

func (r *recorder) setIDs(attrs *attributes.Builder, x *bpf.Exec) {
	attrs.PutStr(schema.Title, r.texts.get(x.Comm))
	attrs.PutInt(schema.PID, int64(x.Process.PID))
	attrs.PutInt(schema.VPID, int64(x.VPID))
	if x.GroupLeader != 0 {
		attrs.PutInt(schema.GroupLeaderPID, int64(x.GroupLeader))
	}
	if x.SessionLeader != 0 {
		attrs.PutInt(schema.SessionLeaderPID, int64(x.SessionLeader))
	}
	attrs.PutStr(schema.EntityID, r.lineage.entity(x.Process))
	attrs.PutStr(schema.CreationTime, r.clock.format(x.Process.Start))
}

func (r *recorder) setUsers(attrs *attributes.Builder, x *bpf.Exec, observed time.Time) {
	names := r.users.of(x, observed)
	name := names[x.EUID]
	put := func(idKey, nameKey string, uid uint32) {
		attrs.PutInt(idKey, int64(uid))
		if uid == x.EUID { // nearly always: one look-up for all
			attrs.PutKnown(nameKey, name)
		} else {
			attrs.PutKnown(nameKey, names[uid])
		}
	}
	put(schema.UserID, schema.UserName, x.EUID)
	put(schema.RealUserID, schema.RealUserName, x.UID)
	put(schema.SavedUserID, schema.SavedUserName, x.SUID)
	attrs.PutInt(schema.GroupID, int64(x.EGID))
	attrs.PutInt(schema.RealGroupID, int64(x.GID))
	attrs.PutInt(schema.SavedGroupID, int64(x.SGID))
	if !x.HasAudit {
		return
	}
	if x.LoginUID != bpf.Unset {
		put(schema.LoginUserID, schema.LoginUserName, x.LoginUID)
	}
	if x.AuditSession != bpf.Unset {
		attrs.PutInt(schema.AuditSessionID, int64(x.AuditSession))
	}
}

func (r *recorder) setSurroundings(attrs *attributes.Builder, x *bpf.Exec) {
	attrs.PutStr(schema.WorkingDirectory, r.texts.get(x.WorkingDirectory))
	attrs.PutBool(schema.Interactive, x.HasTTY)
	if x.HasTTY && len(x.TTY) > 0 {
		attrs.PutStr(schema.TTY, r.texts.tty(x.TTY))
	}
	r.setDescriptor(attrs, &x.Stdin, schema.StdinType, schema.StdinPath)
	r.setDescriptor(attrs, &x.Stdout, schema.StdoutType, schema.StdoutPath)
}

func (r *recorder) setDescriptor(attrs *attributes.Builder, d *bpf.Descriptor, typeKey, pathKey string) {
	kind := descriptorType(d)
	if kind == "" {
		return
	}
	attrs.PutStr(typeKey, kind)
	if len(d.Path) > 0 {
		attrs.PutStr(pathKey, r.texts.get(d.Path))
	}
}

func (r *recorder) addExit(b *batch, x *bpf.Exit, p *process, observed time.Time) {
	record, attrs := b.record(p.container), &r.attrs
	attrs.Grow()
	attrs.PutStr(schema.ExecutableName, p.name)
	r.setEvent(record, schema.EventExit, schema.ActionExit, x.Time, observed)
	attrs.PutStr(schema.ExecutablePath, p.path)
	attrs.PutInt(schema.PID, int64(x.Process.PID))
	attrs.PutStr(schema.EntityID, r.lineage.entity(x.Process))
	attrs.PutStr(schema.ExitTime, r.clock.format(x.Time))
	attrs.PutDouble(schema.Duration, (x.Time - x.Process.Start).Seconds())
	status := "exited with code " + strconv.Itoa(x.Code())
	if signal := x.Signal(); signal != 0 {
		attrs.PutInt(schema.ExitSignal, int64(signal))
		status = "was killed by signal " + strconv.Itoa(signal)
	} else {
		attrs.PutInt(schema.ExitCode, int64(x.Code()))
	}
	record.Body().SetStr(p.name + " " + status)
	b.bytes += exitBytes + attrs.Text()
	attrs.Into(record.Attributes())
}
