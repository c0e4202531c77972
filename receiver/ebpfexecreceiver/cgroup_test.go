package ebpfexecreceiver

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlacesAreBounded(t *testing.T) {
	const id = "4685b827fe56f0d264035f0d7fd79bf24685b827fe56f0d264035f0d7fd79bf2"
	c := newCgroups(t.TempDir())
	for name, deep := range map[string]string{"many": "", "deep": strings.Repeat("/x\xff", 1000)} {
		for i := range 2 * placesMost {
			x := anExec("true")
			x.CgroupV2 = fmt.Appendf(nil, "/user.slice%s/%d/docker-%s.scope", deep, i, id)
			place := c.locate(&x)
			require.Equal(t, id, place.container.id, name)
			require.LessOrEqual(t, len(c.places), placesMost)
			require.LessOrEqual(t, c.bytes, placesBytes+16<<10)
		}
	}
	assert.Len(t, c.containers, 1, "whose id is the same is the same")
}
