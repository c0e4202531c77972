package assessment

// The range of a score.
const (
	minScore = 0
	maxScore = 100
)

// Sum is the score of one record while it is added up. It is not for several goroutines.
type Sum struct {
	table   *Table
	points  int
	atLeast int
	atMost  int
	counted [maxTerms / 64]uint64 // the terms that are counted, by their index
	reasons []string
}

// maxTerms is how many terms a table can have.
const maxTerms = 128

// usualReasons is how many reasons a sum has room for at once.
const usualReasons = 8

// Start begins a score.
func (t *Table) Start() Sum {
	return Sum{table: t, atLeast: minScore, atMost: maxScore}
}

// Add counts a term. The value, where it is not empty, stands after the code in
// the reasons; the same reason twice counts once. A term that neither has
// points nor bounds the score moved nothing, and is not given as a reason. A
// code that there is no term for is given as a reason and counts nothing.
func (s *Sum) Add(code, value string) {
	term, known := s.table.byCode[code]
	if known && term.Points == 0 && term.AtLeast == nil && term.AtMost == nil {
		return
	}
	reason := code
	if value != "" {
		reason += ":" + value
	}
	if s.has(reason) {
		return
	}
	if s.reasons == nil {
		s.reasons = make([]string, 0, usualReasons)
	}
	s.reasons = append(s.reasons, reason)
	if known {
		s.count(term)
	}
}

func (s *Sum) has(reason string) bool {
	for _, have := range s.reasons {
		if have == reason {
			return true
		}
	}
	return false
}

func (s *Sum) count(term *Term) {
	word, bit := term.index/64, uint64(1)<<(term.index%64)
	if s.counted[word]&bit == 0 || term.Each {
		s.points += term.Points
	}
	s.counted[word] |= bit
	if term.AtLeast != nil {
		s.NotBelow(term.AtLeast.From)
	}
	if term.AtMost != nil {
		s.atMost = min(s.atMost, s.table.top(term.AtMost))
	}
}

// top is the highest score in a band.
func (t *Table) top(band *Band) int {
	top := maxScore
	for i := range t.Bands {
		if t.Bands[i].From > band.From {
			top = t.Bands[i].From - 1
		}
	}
	return top
}

// NotBelow keeps the score from being lower, whatever lowers it: for what makes the rest uncertain.
func (s *Sum) NotBelow(score int) { s.atLeast = max(s.atLeast, score) }

// Result returns the score, 0 to 100, its band, and the reasons in the order
// in which they were added. What keeps a score up is stronger than what keeps it down.
func (s *Sum) Result() (score int, band *Band, reasons []string) {
	score = max(min(s.points, s.atMost), s.atLeast)
	score = max(min(score, maxScore), minScore)
	return score, s.table.BandOf(score), s.reasons
}
