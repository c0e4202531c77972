package netfilecopyprocessor

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/recognise"
	"github.com/copywatch/copywatch/internal/schema"
)

// execution is what a record says of one exec. Each field is empty where the record does not have it.
type execution struct {
	recognise.Exec
	commandLine   string
	directory     string
	stdin, stdout grammar.Stream

	entity, parentEntity       string
	user                       string
	userID                     int64 // -1 where unknown
	interactive                bool
	truncated                  bool // the arguments are not complete
	memfd, deleted, upperLayer bool
	parentName, parentPath     string
	ancestors                  []string // names, the parent's first

	variables []variable // of the environment

	command grammar.Command // what its grammar gets
	tags    *tags           // what a match adds to its record
}

func newExecution() *execution {
	e := &execution{tags: new(tags)}
	e.command.Env = e.env
	return e
}

type variable struct{ name, value string }

// env returns a variable of the environment, as far as the record has it.
func (e *execution) env(name string) string {
	for i := range e.variables {
		if e.variables[i].name == name {
			return e.variables[i].value
		}
	}
	return ""
}

// read takes everything of interest out of the attributes in one pass. The slices of e are used again.
func (e *execution) read(attrs pcommon.Map) {
	args, ancestors, variables := e.Args[:0], e.ancestors[:0], e.variables[:0]
	*e = execution{userID: -1, command: e.command, tags: e.tags}
	for key, value := range attrs.All() {
		switch value.Type() {
		case pcommon.ValueTypeStr:
			if name, ok := strings.CutPrefix(key, schema.EnvironmentPrefix); ok {
				variables = append(variables, variable{name, value.Str()})
				continue
			}
			if field := e.text(key); field != nil {
				*field = value.Str()
			}
		case pcommon.ValueTypeBool:
			if field := e.flag(key); field != nil {
				*field = value.Bool()
			}
		case pcommon.ValueTypeInt:
			if key == schema.UserID {
				e.userID = value.Int()
			}
		case pcommon.ValueTypeSlice:
			switch key {
			case schema.CommandArgs:
				args = appendTexts(args, value.Slice())
			case schema.AncestorNames:
				ancestors = appendTexts(ancestors, value.Slice())
			}
		}
	}
	e.Args, e.ancestors, e.variables = args, ancestors, variables
	if len(args) == 0 {
		e.Args = cmdline.Split(e.commandLine)
	}
	var cut bool
	e.Args, cut = bounded(e.Args)
	e.truncated = e.truncated || cut
	if e.ExecutableName == "" {
		e.ExecutableName = baseName(e.ExecutablePath)
	}
	if len(ancestors) == 0 && e.parentName != "" {
		e.ancestors = append(e.ancestors, e.parentName)
	}
}

// text returns the field for an attribute that is a string, or nil.
func (e *execution) text(key string) *string {
	switch key {
	case schema.ExecutableName:
		return &e.ExecutableName
	case schema.ExecutablePath:
		return &e.ExecutablePath
	case schema.ExecutableRequestedPath:
		return &e.RequestedPath
	case schema.ScriptPath:
		return &e.ScriptPath
	case schema.ExecutableOriginalName:
		return &e.OriginalName
	case schema.CommandLine:
		return &e.commandLine
	case schema.WorkingDirectory:
		return &e.directory
	case schema.StdinType:
		return &e.stdin.Type
	case schema.StdinPath:
		return &e.stdin.Path
	case schema.StdoutType:
		return &e.stdout.Type
	case schema.StdoutPath:
		return &e.stdout.Path
	case schema.EntityID:
		return &e.entity
	case schema.ParentEntityID:
		return &e.parentEntity
	case schema.UserName:
		return &e.user
	case schema.ParentName:
		return &e.parentName
	case schema.ParentExecutable:
		return &e.parentPath
	default:
		return nil
	}
}

// flag returns the field for an attribute that is a truth value, or nil.
func (e *execution) flag(key string) *bool {
	switch key {
	case schema.Interactive:
		return &e.interactive
	case schema.ArgsTruncated:
		return &e.truncated
	case schema.ExecutableMemfd:
		return &e.memfd
	case schema.ExecutableDeleted:
		return &e.deleted
	case schema.ExecutableUpperLayer:
		return &e.upperLayer
	default:
		return nil
	}
}

// glimpse is the little of a record that shows whether more of it is worth
// reading: nearly all are of no interest.
type glimpse struct {
	name, path, requested, script, original, line string
}

// glance reads a glimpse. The lengths of the keys tell nearly all others apart
// at once. The receiver of our own has the command line behind all else that is
// of interest; only what it finds out late about the file, of which a build id
// tells that it has, comes at the end.
func glance(attrs pcommon.Map, own bool) (g glimpse) {
	identified := false
	for key, value := range attrs.All() {
		var field *string
		var want string
		switch len(key) {
		case len(schema.ExecutableName): // and of ExecutablePath
			field, want = &g.name, schema.ExecutableName
			if key == schema.ExecutablePath {
				field, want = &g.path, schema.ExecutablePath
			}
		case len(schema.ExecutableBuildIDGNU), len(schema.ExecutableBuildIDGo):
			identified = identified || key == schema.ExecutableBuildIDGNU || key == schema.ExecutableBuildIDGo
			continue
		case len(schema.CommandLine):
			if key == schema.CommandLine && own && identified {
				g.line = value.Str()
				return g
			}
			field, want = &g.line, schema.CommandLine
		case len(schema.ScriptPath):
			field, want = &g.script, schema.ScriptPath
		case len(schema.ExecutableOriginalName):
			field, want = &g.original, schema.ExecutableOriginalName
		case len(schema.ExecutableRequestedPath):
			field, want = &g.requested, schema.ExecutableRequestedPath
		default:
			continue
		}
		if key == want {
			*field = value.Str() // "" where it is of another type
		}
	}
	if g.name == "" {
		g.name = baseName(g.path)
	}
	return g
}

// mayMatch says that a record is worth to be read whole.
func (p *filecopyProcessor) mayMatch(g *glimpse) bool {
	return p.recogniser.Role(g.name) != recognise.None || g.script != "" || g.original != "" ||
		g.requested != "" && p.recogniser.Role(baseName(g.requested)) != recognise.None ||
		p.recogniser.HasShape(g.line)
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// isExec says whether a record is of an exec. Records lose their event name
// on the way through some exporters and receivers, which event.action outlives.
// A record that has neither is taken for an exec if it names an executable.
func isExec(eventName string, attrs pcommon.Map) bool {
	if eventName == schema.EventExec {
		return true
	}
	if action, ok := attrs.Get(schema.EventAction); ok {
		return action.Str() == schema.ActionExec
	}
	return eventName == "" && text(attrs, schema.ExecutableName) != ""
}

// isOfCopies says that a record belongs to the matches without being one of
// this processor: a match by a processor nearer to its origin, or a loss of
// events, among which there may have been copies.
func isOfCopies(record plog.LogRecord) bool {
	switch record.EventName() {
	case schema.EventCopy, schema.EventLoss:
		return true
	}
	switch text(record.Attributes(), schema.EventAction) {
	case schema.ActionCopy, schema.ActionLoss:
		return true
	}
	return false
}

// text returns an attribute that is a string, or "" where it is absent or of another type.
func text(attrs pcommon.Map, key string) string {
	value, ok := attrs.Get(key)
	if !ok {
		return ""
	}
	return value.Str()
}

// appendTexts appends the strings of an array.
func appendTexts(dst []string, list pcommon.Slice) []string {
	dst = slices.Grow(dst, list.Len())
	for _, element := range list.All() {
		if element.Type() == pcommon.ValueTypeStr {
			dst = append(dst, element.Str())
		}
	}
	return dst
}
