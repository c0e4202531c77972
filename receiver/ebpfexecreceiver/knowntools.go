package ebpfexecreceiver

import (
	"os"
	"slices"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/identity"
)

// knownTools says which tool a file is equal to, of those that are installed: on
// the host, or below the root of the process that executed it. So a copy is
// known whatever its name is, and also where its texts were taken out.
//
// It is asked by the goroutines that look into files.
type knownTools struct {
	names *toolNames
	root  string // the host's

	// Of each of these, who has its turn uses what follows it.
	onHost    *turn
	host      *toolIndex // nil: not made yet
	elsewhere *turn
	others    *simplelru.LRU[uint64, *toolIndex] // by the id of the mount namespace
}

// otherRoots is for how many other roots there are indexes.
const otherRoots = 64

func newKnownTools(root string) (*knownTools, error) {
	tools, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	others, err := simplelru.NewLRU[uint64, *toolIndex](otherRoots, nil)
	return &knownTools{
		names: newToolNames(tools.Tools), root: root, others: others,
		onHost: newTurn(indexLongest), elsewhere: newTurn(indexLongest),
	}, err
}

// equal returns the tool that a file, which was executed in that namespace, is
// equal to, or "". content is the tool that is known by what is in the file.
// The host comes first: what is below other roots may be there to mislead.
func (k *knownTools) equal(file *os.File, content string, n *namespace) string {
	info, err := file.Stat()
	if err != nil {
		return ""
	}
	c := &candidate{file: file, id: fileIDOf(info), content: content, left: comparedMost}
	c.outline = identity.ReadOutline(file, c.id.size)
	tool, dirs := k.equalOnHost(c)
	if tool != "" || n.isHost() {
		return tool
	}
	return k.equalElsewhere(c, n, dirs)
}

// equalOnHost returns also where on the host tools are installed.
func (k *knownTools) equalOnHost(c *candidate) (tool string, dirs []toolDir) {
	if !k.onHost.take() {
		return "", nil
	}
	defer k.onHost.end()
	root, err := openRoot(k.root)
	if err != nil {
		return "", nil
	}
	defer root.Close()
	dirs, now := findToolDirs(root), time.Now()
	if k.host == nil || !k.host.isCurrent(dirs, now) {
		k.host = newToolIndex(root, dirs, k.names, now)
	}
	return k.host.equal(c, root, k.names), dirs
}

// equalElsewhere leaves out a namespace that has the host's own directories, as those of services have.
func (k *knownTools) equalElsewhere(c *candidate, n *namespace, host []toolDir) string {
	if !k.elsewhere.take() {
		return ""
	}
	defer k.elsewhere.end()
	root := n.open()
	if root == nil {
		return ""
	}
	defer root.Close()
	dirs, now := findToolDirs(root), time.Now()
	if slices.Equal(dirs, host) {
		return ""
	}
	x, ok := k.others.Get(n.id)
	if !ok || !x.isCurrent(dirs, now) {
		x = newToolIndex(root, dirs, k.names, now)
		k.others.Add(n.id, x)
	}
	tool := x.equal(c, root, k.names)
	if c.content != "" && !k.names.agree(tool, c.content) {
		return "" // what the file shows is not hidden by what its owner installs
	}
	return tool
}
