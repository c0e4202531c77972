package grammar

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A command that two programs have takes the options of the one that is run, whichever was run first.
func TestACommandOfTwoProgramsHasTheOptionsOfEach(t *testing.T) {
	push := &verb{direction: Upload, operands: "url"}
	a := (&verb{options: "a=", verbs: map[string]*verb{"push": push}}).grammar()
	b := (&verb{options: "b=", verbs: map[string]*verb{"push": push}}).grammar()
	for range 2 {
		for option, read := range map[string]Grammar{"-a": a, "-b": b} {
			got := read(&Command{Args: []string{"push", option, "value", "https://h.example"}})
			assert.Equal(t, Upload, got.Direction, option)
			if assert.Len(t, got.Remotes, 1, option) {
				assert.Equal(t, "h.example", got.Remotes[0].Host, option)
			}
		}
	}
}
