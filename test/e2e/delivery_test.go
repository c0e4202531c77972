//go:build linux

package e2e

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// tally counts records by what they tell: which process, and whether of an exec or of its end.
type tally map[string]int

func (s *sensor) tallies() (file, otlp, hec tally, err error) {
	var errs [3]error
	var tallies [3]tally
	for i, o := range []*output{s.file, s.otlp, s.hec} {
		var records []record
		records, errs[i] = o.read()
		tallies[i] = tally{}
		for _, r := range records {
			tallies[i][r.text(schema.EntityID)+" "+r.text(schema.EventAction)]++
		}
	}
	return tallies[0], tallies[1], tallies[2], errors.Join(errs[:]...)
}

// checkDelivery wants every output to have all records, once all is at rest.
func (s *sensor) checkDelivery() error {
	file, otlp, hec, err := s.tallies()
	if err != nil {
		return err
	}
	var errs []error
	for name, got := range map[string]tally{"OTLP": otlp, "Splunk HEC": hec} {
		if wrong := compareTallies(file, got); wrong != "" {
			errs = append(errs, fmt.Errorf("of the file and what arrived by %s: %s", name, wrong))
		}
	}
	return errors.Join(errs...)
}

// compareTallies says which records did not arrive. One may arrive twice: an
// exporter that has no answer in time sends a batch again.
func compareTallies(file, got tally) string {
	var wrong []string
	all := maps.Clone(file)
	maps.Copy(all, got)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if got[key] < file[key] || file[key] == 0 {
			wrong = append(wrong, fmt.Sprintf("%d and %d of %s", file[key], got[key], key))
		}
	}
	if len(wrong) == 0 {
		return ""
	}
	return fmt.Sprintf("%d are missing or too many: %s", len(wrong), clip(strings.Join(wrong, ", ")))
}

// requireDelivered waits until whatever is in the file now has arrived at both receivers.
func (s *sensor) requireDelivered(t *testing.T) {
	t.Helper()
	s.settle(t)
	sent, _, _, err := s.tallies()
	if err != nil {
		t.Fatal(err)
	}
	wrong := ""
	testprocess.Await(func() bool {
		_, otlp, hec, err := s.tallies()
		if err != nil {
			t.Fatal(err)
		}
		wrong = ""
		for name, got := range map[string]tally{"OTLP": otlp, "Splunk HEC": hec} {
			maps.DeleteFunc(got, func(key string, _ int) bool { return sent[key] == 0 }) // what came after
			if different := compareTallies(sent, got); different != "" {
				wrong += name + ": " + different + "\n"
			}
		}
		return wrong == ""
	})
	if wrong != "" {
		t.Fatalf("not all that is in the file has arrived:\n%s\nthe collector's log:\n%s", wrong, clip(s.collector.Output()))
	}
}

// A record is the same wherever it arrives. No byte that somebody passes to a
// program costs a batch on the way.
func TestDelivery(t *testing.T) {
	s := watch(t)
	p := command("/bin/true", "\xff\xfe", "\u2028\ufeff", "\x1b[2J", "größe", strings.Repeat("long", 10<<10))
	p.env = []string{noteVariable + "=\xc3\x28"}
	c := run(t, p).succeeds(t)
	sent := s.exec(t, c)
	s.requireDelivered(t)
	t.Run("OTLP", func(t *testing.T) {
		got, want := s.arrived(t, s.otlp, c).fields(), sent.fields()
		requireSame(t, got, want)
	})
	t.Run("Splunk HEC", func(t *testing.T) {
		r := s.arrived(t, s.hec, c)
		want := sent.Attributes().AsRaw()
		got := r.Attributes().AsRaw()
		for key := range got {
			if _, sent := want[key]; !sent {
				delete(got, key) // the resource's, and those of the protocol
			}
		}
		requireSame(t, asJSONNumbers(got), asJSONNumbers(want))
		if r.Body().Str() != sent.Body().Str() {
			t.Errorf("the event is %s, and should be %s", clip(r.Body().Str()), clip(sent.Body().Str()))
		}
	})
}

// arrived returns the child's exec as a receiver got it.
func (s *sensor) arrived(t *testing.T, o *output, c *child) record {
	t.Helper()
	records, err := o.read()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(records, func(r record) bool {
		return r.isExec() && r.text(schema.EnvironmentPrefix+markerVariable) == c.marker
	})
	if i < 0 {
		t.Fatalf("the record is not in %s", o.path)
	}
	return records[i]
}

func requireSame(t *testing.T, got, want map[string]any) {
	t.Helper()
	if different := differences(want, got); len(different) > 0 {
		t.Fatalf("%d fields differ:\n  %s", len(different), strings.Join(different, "\n  "))
	}
}

// asJSONNumbers makes integers floats, as they are in JSON.
func asJSONNumbers(fields map[string]any) map[string]any {
	changed := map[string]any{}
	for key, value := range fields {
		changed[key] = asJSONNumber(value)
	}
	return changed
}

func asJSONNumber(value any) any {
	switch v := value.(type) {
	case int64:
		return float64(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = asJSONNumber(v[i])
		}
		return list
	default:
		return value
	}
}

// The host and each container have one ResourceLogs in a batch, or processors that go by resource do their work twice.
func (s *sensor) requireOneResourceEach(t *testing.T) {
	t.Helper()
	s.settle(t)
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	for n, batch := range s.file.batches {
		var seen []map[string]any
		for _, resource := range batch.ResourceLogs().All() {
			attrs := resource.Resource().Attributes().AsRaw()
			if slices.ContainsFunc(seen, func(other map[string]any) bool { return reflect.DeepEqual(attrs, other) }) {
				t.Errorf("batch %d has two ResourceLogs of %v", n, attrs)
			}
			seen = append(seen, attrs)
		}
	}
}
