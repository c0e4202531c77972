package netfilecopyprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// ahead reaches for records before their turn. To look at one that is in none
// of the CPU's caches takes several accesses to memory, each of which needs the
// one before; those to many records go on at the same time.
type ahead struct {
	records plog.LogRecordSlice
	at      int // the record whose turn it is
	reached int // the first that was not reached for
	sum     int // of what was read: without it nothing would be
}

// aheadMost is how many records are reached for at once.
const aheadMost = 16

// next is called before each record, in their order.
func (a *ahead) next() {
	if a.at == a.reached {
		a.reach()
	}
	a.at++
}

//go:noinline
func (a *ahead) reach() {
	var attrs [aheadMost]pcommon.Map
	count := min(aheadMost, a.records.Len()-a.at)
	for i := range count {
		attrs[i] = a.records.At(a.at + i).Attributes()
		a.sum += attrs[i].Len()
	}
	for i := range count {
		for _, value := range attrs[i].All() { // of the first: the others lie beside it
			a.sum += len(value.Str())
			break
		}
	}
	a.reached += aheadMost
}
