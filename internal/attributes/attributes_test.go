package attributes

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func fill(b *Builder, count int) pcommon.Map {
	attrs := pcommon.NewMap()
	b.Grow()
	for i := range count {
		b.PutInt(keys[i], int64(i))
	}
	b.Into(attrs)
	return attrs
}

var keys = func() (keys [4 * usualMost]string) {
	for i := range keys {
		keys[i] = strconv.Itoa(i)
	}
	return keys
}()

// Records are much alike: the room for the attributes of one is that of those before it.
func TestRoomIsMadeOnce(t *testing.T) {
	var b Builder
	fill(&b, 40)
	for _, count := range []int{40, 38, 39} {
		assert.LessOrEqual(t, testing.AllocsPerRun(50, func() { fill(&b, count) }), float64(count)+4, "values, map, and one slice")
	}
	fill(&b, len(keys))
	assert.Equal(t, usualMost, b.usual, "one large record does not make the next large")
	for range usualMost {
		fill(&b, 1)
	}
	assert.Equal(t, 1, b.usual)
}

func TestText(t *testing.T) {
	var b Builder
	b.PutStr("a", "12")
	b.PutKnown("b", "345")
	b.PutKnown("c", "")
	b.PutInt("d", 7)
	b.PutSlice("e", 1).AppendEmpty().SetStr("6789")
	assert.Equal(t, 5, b.Text())
	b.Into(pcommon.NewMap())
	assert.Zero(t, b.Text())
}

func TestTake(t *testing.T) {
	from := pcommon.NewMap()
	from.PutStr("a", "1")
	from.PutEmptySlice("b").AppendEmpty().SetStr("2")
	from.PutStr("c", "3")
	var b Builder
	b.PutStr("x", "0")
	b.Take(from, func(key string) bool { return key == "a" })
	b.PutKnown("y", "")
	b.PutTrue("z", false)
	b.Into(from)
	assert.Equal(t, map[string]any{"x": "0", "b": []any{"2"}, "c": "3"}, from.AsRaw())
}
