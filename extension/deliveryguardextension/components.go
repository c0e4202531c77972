package deliveryguardextension

import (
	"sort"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component/componentstatus"
)

// components remembers what the collector's components say of themselves: a
// probe that could not start, memory that is short.
type components struct {
	grace time.Duration
	mu    sync.Mutex
	ill   map[*componentstatus.InstanceID]*componentstatus.Event
}

func newComponents(grace time.Duration) *components {
	return &components{grace: grace, ill: map[*componentstatus.InstanceID]*componentstatus.Event{}}
}

func (c *components) note(source *componentstatus.InstanceID, event *componentstatus.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if componentstatus.StatusIsError(event.Status()) {
		c.ill[source] = event
	} else {
		delete(c.ill, source)
	}
}

// problems returns what lasts, or will.
func (c *components) problems(now time.Time) (found []problem) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for source, event := range c.ill {
		if event.Status() == componentstatus.StatusRecoverableError && now.Sub(event.Timestamp()) < c.grace {
			continue
		}
		text := event.Status().String()
		if event.Err() != nil {
			text = printable(event.Err().Error(), 4*maxAnswer)
		}
		name := strings.ToLower(source.Kind().String()) + " " + source.ComponentID().String()
		found = append(found, problem{Source: name, Problem: text, Since: event.Timestamp().UTC()})
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Source < found[j].Source })
	return found
}
