package grammar

import (
	"math"
	"strings"
)

// cloudNode is a word that leads to verbs, or is one.
type cloudNode struct {
	verb *cloudVerb
	next map[string]*cloudNode
}

// cloudSlot is a place for operands of one role.
type cloudSlot struct {
	role             cloudRole
	optional, repeat bool
}

// compiled returns the client ready for use. Call it once, for a package variable.
func (cl cloudClient) compiled() *cloudClient {
	cl.means = cl.means.byName()
	cl.root = &cloudNode{}
	for words, v := range cl.verbs {
		v.means = v.means.byName()
		v.slots = parseSlots(v.operands)
		v.places = roomIn(v.slots)
		cl.root.add(strings.Fields(words), &v)
	}
	if cl.root.verb == nil {
		cl.root.add([]string{"help"}, &cloudVerb{direction: Informative})
	}
	if cl.isRemote == nil {
		cl.isRemote = func(*cloudCall, string) (Remote, bool) { return Remote{}, false }
	}
	return &cl
}

func (n *cloudNode) add(words []string, v *cloudVerb) {
	if len(words) == 0 {
		n.verb = v
		return
	}
	if n.next == nil {
		n.next = make(map[string]*cloudNode)
	}
	for word := range strings.SplitSeq(words[0], "|") {
		if n.next[word] == nil {
			n.next[word] = &cloudNode{}
		}
		n.next[word].add(words[1:], v)
	}
}

func (m cloudMeanings) byName() cloudMeanings {
	all := make(cloudMeanings)
	for names, meaning := range m {
		for name := range strings.FieldsSeq(names) {
			all[name] = meaning
		}
	}
	return all
}

func parseSlots(s string) (slots []cloudSlot) {
	for i := range len(s) {
		last := len(slots) - 1
		switch s[i] {
		case '+':
			slots[last].repeat = true
		case '*':
			slots[last].repeat, slots[last].optional = true, true
		case '?':
			slots[last].optional = true
		default:
			slots = append(slots, cloudSlot{role: cloudRole(s[i])})
		}
	}
	return slots
}

// roomIn is how many operands the slots have room for.
func roomIn(slots []cloudSlot) int {
	for _, s := range slots {
		if s.repeat {
			return math.MaxInt
		}
	}
	return len(slots)
}

// mandatory is the number of operands without which the verb is refused.
func mandatory(slots []cloudSlot) (n int) {
	for _, s := range slots {
		if !s.optional {
			n++
		}
	}
	return n
}

// cloudFilling hands out the roles of a number of operands: first to the
// slots that must have one, then to those that may, the rest to the one that repeats.
type cloudFilling struct {
	slots  []cloudSlot
	at     int // the current slot
	used   int // operands in it
	spare  int // for slots that may lack, from the left
	repeat int // for the one that repeats
}

func newFilling(slots []cloudSlot, operands int) cloudFilling {
	f := cloudFilling{slots: slots, spare: max(0, operands-mandatory(slots))}
	optional := 0
	for _, s := range slots {
		if s.optional && !s.repeat {
			optional++
		}
	}
	if optional < f.spare {
		f.repeat = f.spare - optional
		f.spare = optional
	}
	return f
}

// next is the role of the next operand; those that are too many have none.
func (f *cloudFilling) next() cloudRole {
	for f.at < len(f.slots) {
		s := &f.slots[f.at]
		room := 1
		switch {
		case s.repeat && s.optional:
			room = f.repeat
		case s.repeat:
			room = 1 + f.repeat
		case s.optional:
			room = min(1, f.spare)
		}
		if f.used < room {
			f.used++
			return s.role
		}
		if s.optional && !s.repeat {
			f.spare -= f.used
		}
		f.at++
		f.used = 0
	}
	return roleIgnored
}
