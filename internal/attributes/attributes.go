// Package attributes writes the attributes of a record in one go. The Put
// methods of a pcommon.Map look through the whole map for each key; who makes
// some forty attributes, each key once, can do without.
package attributes

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata"
)

// Builder collects attributes, in their order. No key may be put twice. The
// zero value is ready for use, and again after Into.
type Builder struct {
	pairs xpdata.MapBuilder
	usual int
	text  int
}

// usualMost bounds what is made room for: a record of thousands of attributes is no reason to have room for as many in the next.
const usualMost = 128

// Grow makes room for as many attributes as those before had, of which Into has made maps.
func (b *Builder) Grow() { b.pairs.EnsureCapacity(b.usual) }

// PutStr adds a string, which has to be valid UTF-8.
func (b *Builder) PutStr(key, value string) {
	b.pairs.AppendEmpty(key).SetStr(value)
	b.text += len(value)
}

// Text is how many bytes the strings have that were put, without those of arrays.
func (b *Builder) Text() int { return b.text }

// PutKnown adds a string, unless it is empty: what is unknown is absent.
func (b *Builder) PutKnown(key, value string) {
	if value != "" {
		b.PutStr(key, value)
	}
}

// PutInt adds an integer.
func (b *Builder) PutInt(key string, value int64) { b.pairs.AppendEmpty(key).SetInt(value) }

// PutDouble adds a floating-point number.
func (b *Builder) PutDouble(key string, value float64) { b.pairs.AppendEmpty(key).SetDouble(value) }

// PutBool adds a truth value.
func (b *Builder) PutBool(key string, value bool) { b.pairs.AppendEmpty(key).SetBool(value) }

// PutTrue adds a truth value only where it is true.
func (b *Builder) PutTrue(key string, value bool) {
	if value {
		b.PutBool(key, true)
	}
}

// PutSlice adds an empty array with room for so many elements.
func (b *Builder) PutSlice(key string, elements int) pcommon.Slice {
	slice := b.pairs.AppendEmpty(key).SetEmptySlice()
	slice.EnsureCapacity(elements)
	return slice
}

// Take moves the attributes of a map here, but for those with certain keys. The
// map is then of no use until it is given others by Into.
func (b *Builder) Take(from pcommon.Map, drop func(key string) bool) {
	for key, value := range from.All() {
		if !drop(key) {
			value.MoveTo(b.pairs.AppendEmpty(key))
		}
	}
}

// Into makes them the attributes of a map, which loses those that it had.
func (b *Builder) Into(attrs pcommon.Map) {
	b.pairs.UnsafeIntoMap(attrs)
	b.usual = min(max(attrs.Len(), b.usual-1), usualMost)
	b.text = 0
}
