package netfilecopyprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/schema"
)

// tags collects the attributes of a record that matched, what it had first. The
// names of the rule's own replace what another rule may have left there. Those
// that a sensor may have set as well (server.address, cicd.*) are put in only
// when all others stand, where the record has any of them.
type tags struct {
	attributes.Builder
	shared bool // the record has names that are not of the rule alone
	late   []lateTag
}

// lateTag is an attribute with a name that is not of the rule alone.
type lateTag struct {
	key  string
	text string
	num  int64
	keep bool // what is there is stronger
}

// begin takes over what the record has.
func (t *tags) begin(attrs pcommon.Map) {
	t.shared, t.late = false, t.late[:0]
	t.Grow()
	t.Take(attrs, t.replaces)
}

// replaces says whether an attribute is dropped, since the name is the rule's.
func (t *tags) replaces(key string) bool {
	if strings.HasPrefix(key, "process.") { // nearly all
		return false
	}
	if key == schema.EventAction || strings.HasPrefix(key, "filecopy.") ||
		strings.HasPrefix(key, "threat.") || strings.HasPrefix(key, "security_rule.") {
		return true
	}
	t.shared = true
	return false
}

// end gives the record its attributes.
func (t *tags) end(attrs pcommon.Map) {
	t.Into(attrs)
	for i := range t.late {
		late := &t.late[i]
		if _, there := attrs.Get(late.key); there && late.keep {
			continue
		}
		if late.text == "" {
			attrs.PutInt(late.key, late.num)
		} else {
			attrs.PutStr(late.key, late.text)
		}
	}
}

// putShared sets a known value under a name that is not of the rule alone.
func (t *tags) putShared(key, value string) {
	switch {
	case value == "":
	case t.shared:
		t.late = append(t.late, lateTag{key: key, text: valid(value)})
	default:
		t.PutStr(key, valid(value))
	}
}

// putSharedInt is putShared of a number.
func (t *tags) putSharedInt(key string, value int64) {
	if t.shared {
		t.late = append(t.late, lateTag{key: key, num: value})
		return
	}
	t.PutInt(key, value)
}

// claim is putShared of what the process itself says: what a sensor or processor before says is stronger.
func (t *tags) claim(key, value string) {
	switch {
	case value == "":
	case t.shared:
		t.late = append(t.late, lateTag{key: key, text: valid(value), keep: true})
	default:
		t.PutStr(key, valid(value))
	}
}

// putKnown sets a value that is known.
func (t *tags) putKnown(key, value string) { t.PutKnown(key, valid(value)) }

// putTexts writes a list; an empty one is absent.
func (t *tags) putTexts(key string, list []string) {
	if len(list) > 0 {
		appendAll(t.PutSlice(key, len(list)), list)
	}
}

func appendAll(values pcommon.Slice, list []string) {
	for _, element := range list {
		values.AppendEmpty().SetStr(valid(element))
	}
}
