package identity

import (
	"errors"
	"fmt"
	"io"
)

// ErrNotScript is what ReadScript returns for a file that does not begin with #!.
var ErrNotScript = errors.New("not a script")

// maxScript is how many bytes of a script are searched. The longest of the tools has 200 KB.
const maxScript = 1 << 20

// ReadScript returns the tool that a script of size bytes is, by texts that only
// that script has, or "". The error is ErrNotScript, or one of reading f.
func ReadScript(f io.ReaderAt, size int64) (tool string, err error) {
	table, err := builtin()
	if err != nil {
		return "", err
	}
	file := &budget{r: f, size: size, left: maxScript}
	found := make([]bool, len(table.scripts.patterns.texts))
	isScript := false
	file.scan(0, maxScript, max(0, table.scripts.patterns.long-1), func(chunk []byte, at uint64) bool {
		if at == 0 && !isScript {
			isScript = len(chunk) > 2 && chunk[0] == '#' && chunk[1] == '!'
		}
		if isScript {
			table.scripts.patterns.find(chunk, found)
		}
		return isScript
	})
	switch {
	case file.err != nil:
		return "", fmt.Errorf("identity: read script: %w", file.err)
	case !isScript:
		return "", ErrNotScript
	}
	return table.scripts.tool(found, size), nil
}
