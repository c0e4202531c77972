//go:build linux

package e2e

import (
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Fields of a record that are not attributes, under the names that they have
// in the log schema. Attributes of the resource have a prefix.
const (
	fieldEventName      = "EventName"
	fieldTimestamp      = "Timestamp"
	fieldObserved       = "ObservedTimestamp"
	fieldSeverityNumber = "SeverityNumber"
	fieldSeverityText   = "SeverityText"
	fieldBody           = "Body"
	fieldTraceID        = "TraceId"
	fieldSpanID         = "SpanId"
	fieldFlags          = "Flags"
	fieldScope          = "Scope"
	fieldScopeVersion   = "ScopeVersion"
	resourcePrefix      = "resource: "
)

// fields returns all that a record says. What is not set is not there.
func (r record) fields() map[string]any {
	fields := r.Attributes().AsRaw()
	for key, value := range r.resource.AsRaw() {
		fields[resourcePrefix+key] = value
	}
	fields[fieldEventName] = r.EventName()
	fields[fieldTimestamp] = r.Timestamp().AsTime()
	fields[fieldObserved] = r.ObservedTimestamp().AsTime()
	fields[fieldSeverityNumber] = int64(r.SeverityNumber())
	fields[fieldSeverityText] = r.SeverityText()
	fields[fieldBody] = r.Body().AsRaw()
	fields[fieldScope] = r.scope.Name()
	fields[fieldScopeVersion] = r.scope.Version()
	if trace := r.TraceID(); trace != (pcommon.TraceID{}) {
		fields[fieldTraceID] = hex.EncodeToString(trace[:])
	}
	if span := r.SpanID(); span != (pcommon.SpanID{}) {
		fields[fieldSpanID] = hex.EncodeToString(span[:])
	}
	if flags := r.Flags(); flags != 0 {
		fields[fieldFlags] = int64(flags)
	}
	return fields
}

// want is what a record must say: each field with its value, or with a check
// where the value is not known beforehand. A field that is not in it must not
// be in the record.
type want map[string]any

// with returns the same but for some fields. A field that is nil must not be there.
func (w want) with(changes want) want {
	changed := maps.Clone(w)
	for field, value := range changes {
		if value == nil {
			delete(changed, field)
		} else {
			changed[field] = value
		}
	}
	return changed
}

// check says what is wrong with a value, or nothing. The value is nil where the field is not there.
type check func(got any) string

// requireRecord fails the test with every field that is not as wanted.
func requireRecord(t *testing.T, r record, w want) {
	t.Helper()
	if different := differences(w, r.fields()); len(different) > 0 {
		t.Fatalf("the record of %s differs in %d fields:\n  %s",
			clip(r.Body().AsString()), len(different), strings.Join(different, "\n  "))
	}
}

func differences(w want, got map[string]any) []string {
	fields := slices.Collect(maps.Keys(got))
	for field := range w {
		if _, both := got[field]; !both {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	var different []string
	for _, field := range fields {
		if wrong := wrongWith(w, field, got); wrong != "" {
			different = append(different, field+": "+wrong)
		}
	}
	return different
}

func wrongWith(w want, field string, got map[string]any) string {
	value, has := got[field]
	wanted, expected := w[field]
	if verify, ok := wanted.(check); ok {
		return verify(value)
	}
	switch {
	case !expected:
		return "should not be there, and is " + show(value)
	case !has:
		return "is not there, and should be " + show(plain(wanted))
	case !reflect.DeepEqual(plain(wanted), value):
		return "is " + show(value) + ", and should be " + show(plain(wanted))
	}
	return ""
}

// plain turns a wanted value into the type that records have it in.
func plain(value any) any {
	switch v := value.(type) {
	case int:
		return int64(v)
	case []string:
		return anys(v)
	case []int:
		list := make([]any, len(v))
		for i, n := range v {
			list[i] = int64(n)
		}
		return list
	default:
		return value
	}
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

func show(value any) string {
	switch value.(type) {
	case string:
		return clip(fmt.Sprintf("%q", value))
	case time.Time:
		return fmt.Sprint(value)
	default:
		return clip(fmt.Sprintf("%T %#v", value, value))
	}
}

// clip keeps a message readable that is about megabytes.
func clip(s string) string {
	const most = 600
	if len(s) <= most {
		return s
	}
	return fmt.Sprintf("%s ... (%d bytes in all) ... %s", s[:most/2], len(s), s[len(s)-most/2:])
}

// optional accepts a field that is not there, and no other value than the given one.
func optional(value any) check {
	return func(got any) string {
		if got == nil || reflect.DeepEqual(plain(value), got) {
			return ""
		}
		return "is " + show(got) + ", and should be absent or " + show(plain(value))
	}
}

// oneOf accepts any of several texts.
func oneOf(texts ...string) check {
	return func(got any) string {
		if text, ok := got.(string); ok && slices.Contains(texts, text) {
			return ""
		}
		return fmt.Sprintf("is %s, and should be one of %q", show(got), texts)
	}
}

// like accepts texts that a regular expression matches as a whole.
func like(expression string) check {
	pattern := regexp.MustCompile("^(?:" + expression + ")$")
	return func(got any) string {
		if text, ok := got.(string); ok && pattern.MatchString(text) {
			return ""
		}
		return "is " + show(got) + ", and should be like " + expression
	}
}

// clockSlack is what two readings of a clock may differ by: the kernel's time
// since boot becomes wall-clock time by a relation that is measured now and then.
const clockSlack = 50 * time.Millisecond

// between accepts a time, or a text that is one in RFC 3339, from one to another.
func between(first, last time.Time) check {
	first, last = first.Add(-clockSlack), last.Add(clockSlack)
	return func(got any) string {
		at, err := asTime(got)
		switch {
		case err != nil:
			return "is " + show(got) + ": " + err.Error()
		case at.Before(first) || at.After(last):
			return fmt.Sprintf("is %v, and should be from %v to %v", at, first, last)
		}
		return ""
	}
}

// since accepts a time from one until the check is made.
func since(first time.Time) check {
	return func(got any) string { return between(first, time.Now())(got) }
}

func asTime(value any) (time.Time, error) {
	if at, ok := value.(time.Time); ok {
		return at, nil
	}
	text, _ := value.(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err == nil && !strings.HasSuffix(text, "Z") {
		err = fmt.Errorf("is not in UTC")
	}
	return at, err
}

// within accepts a number of seconds that is positive and at most a duration.
func within(most time.Duration) check {
	return func(got any) string {
		seconds, ok := got.(float64)
		if ok && seconds > 0 && seconds <= (most+clockSlack).Seconds() {
			return ""
		}
		return fmt.Sprintf("is %s, and should be a number of seconds up to %v", show(got), most.Seconds())
	}
}

// above accepts an integer that is greater than another.
func above(least int64) check {
	return func(got any) string {
		if n, ok := got.(int64); ok && n > least {
			return ""
		}
		return fmt.Sprintf("is %s, and should be above %d", show(got), least)
	}
}
