package netfilecopyprocessor

import (
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/cicd"
)

// ciContext is the run of a pipeline that an execution belongs to, as the job
// claims it. It only ever raises a score.
type ciContext struct{ cicd.Context }

// ciReader finds out about runs.
type ciReader struct {
	systems *cicd.Systems
	root    string // below which event files are opened; empty: they are not

	mu    sync.Mutex
	files *simplelru.LRU[string, eventFile]
}

// eventFile is what one said when it was read.
type eventFile struct {
	read  time.Time
	facts cicd.EventFacts
}

const (
	eventFilesKept = 256
	eventFileFresh = time.Minute
)

func newCIReader(root string) (*ciReader, error) {
	systems, err := cicd.Load()
	if err != nil {
		return nil, err
	}
	files, err := simplelru.NewLRU[string, eventFile](eventFilesKept, nil)
	return &ciReader{systems: systems, root: root, files: files}, err
}

// read returns the run that the variables of a process and the labels of its pod show, or nil.
func (r *ciReader) read(e *execution, resource pcommon.Map, now time.Time) *ciContext {
	if len(e.variables) == 0 && resource.Len() == 0 {
		return nil
	}
	found, ok := r.systems.Describe(func(name string) string {
		if value := e.env(name); value != "" {
			return value
		}
		if strings.IndexByte(name, '.') < 0 { // a variable, no attribute
			return ""
		}
		return text(resource, name)
	})
	if !ok {
		return nil
	}
	if found.EventFile != "" && r.root != "" {
		found.Add(r.event(found.EventFile, now))
	}
	return &ciContext{found}
}

// event returns what the event file of a run says. Its path is what the job
// says it is: nothing but a regular file below the root is opened, and what is
// taken out of it is the number, title and revisions of a change.
func (r *ciReader) event(path string, now time.Time) cicd.EventFacts {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.files.Get(path); ok && now.Sub(known.read) < eventFileFresh {
		return known.facts
	}
	file := eventFile{read: now}
	if f := openBelow(r.root, path); f != nil {
		file.facts, _ = cicd.ReadEventFile(f) // what is no event file says nothing
		_ = f.Close()
	}
	r.files.Add(path, file)
	return file.facts
}

func openBelow(root, path string) *os.File {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil
	}
	defer dir.Close()
	f, err := dir.OpenFile(strings.TrimPrefix(path, "/"), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil
	}
	return f
}

func (c *ciContext) rate(sum *assessment.Sum) {
	change := c.Get("vcs.change.id")
	if c.Trigger == cicd.TriggerPullRequestTarget {
		sum.Add(assessment.CIPullRequestTarget, change)
	} else if c.Fork {
		sum.Add(assessment.CIFork, change)
	}
	if c.Trigger == cicd.TriggerSchedule {
		sum.Add(assessment.CISchedule, "")
	}
}

func (c *ciContext) tag(t *tags) {
	for _, a := range c.Attributes {
		t.claim(a.Key, a.Value)
	}
}
