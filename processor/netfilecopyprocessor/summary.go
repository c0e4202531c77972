package netfilecopyprocessor

import (
	"strconv"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/recognise"
)

// Bounds of what goes into the body, which has to be read at a glance. The attributes have everything.
const (
	commandLineLimit = 1024 // bytes
	nameLimit        = 64   // bytes, of a user or an executable
	endLimit         = 256  // bytes, of a path or remote end
	lineageLimit     = 16   // names
	pathsShown       = 3
)

// summary returns the record's body, one line for an analyst:
//
//	HIGH scp upload build.tgz -> deploy@203.0.113.7:22:/in by alice (make < bash)
//
// Where the arguments do not say what is copied, they stand there themselves.
func (v *verdict) summary(e *execution) string {
	line := make([]byte, 0, 256)
	line = append(line, v.band.Label...)
	line = append(line, ' ')
	line = append(line, v.Tool.Name...)
	if v.transfer.Direction != grammar.Unknown {
		line = append(append(line, ' '), v.transfer.Direction...)
	}
	if v.Match != recognise.Name {
		line = cmdline.AppendLine(append(line, " as "...), v.shownName(e), nameLimit)
	}
	line = append(line, ' ')
	if v.remote >= 0 || len(v.transfer.LocalPaths) > 0 {
		line = v.appendEnds(line)
	} else {
		line = cmdline.AppendLine(line, v.commandLine(e), commandLineLimit)
	}
	line = appendUser(line, e)
	return string(appendLineage(line, e))
}

// shownName is what an analyst would look for in a list of processes.
func (v *verdict) shownName(e *execution) string {
	switch {
	case e.ScriptPath != "":
		return baseName(e.ScriptPath)
	case e.ExecutableName != "":
		return e.ExecutableName
	default:
		return v.Name
	}
}

// appendEnds adds from what to what data goes.
func (v *verdict) appendEnds(line []byte) []byte {
	switch v.transfer.Direction {
	case grammar.Download, grammar.ServeIn:
		if v.remote >= 0 {
			line = append(v.appendRemote(line), " -> "...)
		}
		return v.appendPaths(line)
	default:
		line = v.appendPaths(line)
		if v.remote >= 0 {
			if len(v.transfer.LocalPaths) > 0 {
				line = append(line, ' ')
			}
			line = v.appendRemote(append(line, "-> "...))
		}
		return line
	}
}

func (v *verdict) appendRemote(line []byte) []byte {
	var buffer [endLimit]byte
	line = cmdline.AppendLine(line, appendRemote(buffer[:0], &v.transfer.Remotes[v.remote]), endLimit)
	if more := len(v.transfer.Remotes) - 1; more > 0 {
		line = append(strconv.AppendInt(append(line, " (and "...), int64(more), 10), " more)"...)
	}
	return line
}

func (v *verdict) appendPaths(line []byte) []byte {
	var buffer [endLimit]byte
	paths := v.transfer.LocalPaths
	for i, path := range paths[:min(len(paths), pathsShown)] {
		if i > 0 {
			line = append(line, ' ')
		}
		line = cmdline.AppendLine(line, cmdline.AppendQuoted(buffer[:0], []byte(path)), endLimit)
	}
	if more := len(paths) - pathsShown; more > 0 {
		line = append(strconv.AppendInt(append(line, " (and "...), int64(more), 10), " more)"...)
	}
	return line
}

// commandLine returns the command line as the record has it, else made from the arguments, else the executable's name.
func (v *verdict) commandLine(e *execution) string {
	if e.commandLine != "" {
		return e.commandLine
	}
	if line := joinArgs(e.Args); line != "" {
		return line
	}
	return v.Name
}

func appendUser(line []byte, e *execution) []byte {
	if e.user != "" {
		return cmdline.AppendLine(append(line, " by "...), e.user, nameLimit)
	}
	if e.userID >= 0 {
		return strconv.AppendInt(append(line, " by uid "...), e.userID, 10)
	}
	return line
}

// appendLineage adds the executables that led here, nearest first.
func appendLineage(line []byte, e *execution) []byte {
	if len(e.ancestors) == 0 {
		return line
	}
	for i, name := range e.ancestors[:min(len(e.ancestors), lineageLimit)] {
		separator := " < "
		if i == 0 {
			separator = " ("
		}
		line = cmdline.AppendLine(append(line, separator...), name, nameLimit)
	}
	return append(line, ')')
}
