package netfilecopyprocessor

import (
	"slices"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/recognise"
)

// match is an execution of a copy tool, with what its arguments say of the copy.
type match struct {
	recognise.Finding
	transfer grammar.Transfer
}

// match returns the copy that an execution is, or false.
func (p *filecopyProcessor) match(e *execution) (m match, ok bool) {
	defer p.survive(e, &m, &ok)
	if m.Finding, ok = p.recogniser.Find(&e.Exec); !ok {
		return m, false
	}
	c := &e.command
	c.Args, c.Stdin, c.Stdout, c.Directory = m.Args, e.stdin, e.stdout, e.directory
	m.transfer = m.Tool.Transfer(c)
	if len(e.Args) == 0 { // nothing is known of the arguments: that is no call without any
		m.transfer = grammar.Transfer{Direction: grammar.Unknown}
	}
	if m.Tool.Tier == catalogue.General || m.Ambiguous {
		return m, p.isCopy(&m)
	}
	if m.transfer.Direction == grammar.NoCopy {
		m.transfer.Direction = grammar.Informative // a copy tool that copies nothing
	}
	return m, true
}

// isCopy says whether the execution of a tool that does other things too is a copy.
func (p *filecopyProcessor) isCopy(m *match) bool {
	switch m.transfer.Direction {
	case grammar.Upload, grammar.RemoteToRemote, grammar.Bidirectional, grammar.Listen, grammar.ServeIn, grammar.ServeOut:
		return true
	case grammar.Download:
		return p.cfg.GeneralDownloads || m.Tool.Tier == catalogue.Dedicated || isHidden(m)
	default:
		// A name that may be another program's, or one that says too little: that is no copy.
		return isHidden(m)
	}
}

// isHidden says that a file was given which may turn into an upload what the
// arguments do not show as one (curl -K): who wants to hide an upload does that.
func isHidden(m *match) bool {
	return m.transfer.Confidence == grammar.Low && slices.Contains(m.transfer.Signals, grammar.OpaqueConfig)
}
