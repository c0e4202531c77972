package netfilecopyprocessor

import (
	"go.opentelemetry.io/collector/pdata/plog"
)

// verdict is what is concluded about one execution of a copy tool.
type verdict struct {
	finding
	ambiguous  bool // the name alone does not show that files are copied
	direction  string
	confidence string
	score      int // 0 to 100
	reasons    []string
	evasions   []string // values of filecopy.evasions
	band       *band    // that the score is in
}

// importance is the value of filecopy.importance.
func (v *verdict) importance() string { return v.band.importance }

// Values of filecopy.match, filecopy.direction and filecopy.confidence.
const (
	matchName        = "name"
	matchContent     = "content"
	directionUnknown = "unknown"
	confidenceHigh   = "high"
	confidenceLow    = "low"
)

// Terms of the score, and their codes in filecopy.reasons.
const (
	scoreUnknownDirection = 45
	scoreAmbiguousName    = -20
	scoreEvasion          = 20

	reasonUnknownDirection = "direction_unknown"
	reasonAmbiguousName    = "ambiguous_name"
	reasonEvasion          = "evasion:" // and which

	evasionRenamed = "renamed"
)

// assess rates the execution of a tool.
func assess(found finding) verdict {
	v := verdict{
		finding:    found,
		direction:  directionUnknown,
		confidence: confidenceHigh,
		score:      scoreUnknownDirection,
		reasons:    []string{reasonUnknownDirection},
	}
	if _, v.ambiguous = found.tool.Ambiguous[found.name]; v.ambiguous {
		v.confidence = confidenceLow
		v.score += scoreAmbiguousName
		v.reasons = append(v.reasons, reasonAmbiguousName)
	}
	if found.match == matchContent {
		v.evade(evasionRenamed)
	}
	v.band = bandOf(v.score)
	return v
}

// evade notes a sign of hiding what is executed.
func (v *verdict) evade(how string) {
	v.score += scoreEvasion
	v.evasions = append(v.evasions, how)
	v.reasons = append(v.reasons, reasonEvasion+how)
}

// band is a range of scores, with the severity that it has as a log record.
type band struct {
	from       int // lowest score
	importance string
	label      string // of the importance in the body
	number     plog.SeverityNumber
	text       string
}

var bands = []band{
	{80, "critical", "CRITICAL", plog.SeverityNumberFatal, "FATAL"},
	{60, "high", "HIGH", plog.SeverityNumberError, "ERROR"},
	{30, "medium", "MEDIUM", plog.SeverityNumberWarn, "WARN"},
	{0, "low", "LOW", plog.SeverityNumberInfo2, "INFO2"},
}

func bandOf(score int) *band {
	for i := range bands {
		if score >= bands[i].from {
			return &bands[i]
		}
	}
	return &bands[len(bands)-1]
}
