package netfilecopyprocessor

import (
	"fmt"

	"go.uber.org/zap"

	"github.com/copywatch/copywatch/internal/grammar"
)

// survive is deferred where arguments are read. Whoever finds some that a
// grammar stumbles over must not be able to blind the host with them: what they
// say is then unknown, which is rated as if data left, and the fault is told.
func (p *filecopyProcessor) survive(e *execution, m *match, ok *bool) {
	fault := recover()
	if fault == nil {
		return
	}
	if *ok = m.Tool != nil; *ok {
		m.transfer = grammar.Transfer{Direction: grammar.Unknown, Confidence: grammar.Low}
	}
	p.logger.Error("The arguments of a program could not be read. This is a fault of net_filecopy; please report it",
		zap.String("fault", fmt.Sprint(fault)), zap.String("process.executable.path", e.ExecutablePath), zap.String("process.entity_id", e.entity), zap.Stack("stack"))
}
