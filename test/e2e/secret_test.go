//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
)

// A password that somebody passes to a program is masked where the record is
// made, and is nowhere in what leaves it: not in that of the program, and not
// in those of its children.
func TestSecrets(t *testing.T) {
	s := watch(t)
	secret := fmt.Sprintf("hunter2x%d", os.Getpid())
	for name, test := range map[string]struct {
		args, masked []string
	}{
		"of a known tool": {
			[]string{"curl", "-u", "alice:" + secret, "https://example.org/"},
			[]string{"curl", "-u", "alice:***", "https://example.org/"},
		},
		"in a URL": {
			[]string{"whatever", "https://alice:" + secret + "@example.org/path"},
			[]string{"whatever", "https://alice:***@example.org/path"},
		},
		"of an option that says so": {
			[]string{"whatever", "--password", secret},
			[]string{"whatever", "--password", "***"},
		},
		"of an option with its value": {
			[]string{"whatever", "--password=" + secret},
			[]string{"whatever", "--password=***"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := run(t, program{path: "/bin/true", args: test.args}).succeeds(t)
			w := expectExec(t, c)
			requireRecord(t, s.exec(t, c), w.with(expectArgs(t, test.masked)).with(want{
				schema.RedactedCount: 1,
				schema.ArgsSize:      w[schema.ArgsSize], // tells the true length, as without masking
			}))
		})
	}
	t.Run("of a parent", func(t *testing.T) {
		c := run(t, command("/bin/sh", "-c", "/bin/true; :", "sh", "--password="+secret)).succeeds(t)
		for _, r := range s.execs(t, c) {
			if r.text(schema.ExecutableName) == "true" && !strings.HasSuffix(r.text(schema.ParentCommandLine), "'--password=***'") {
				t.Errorf("the parent's command line is %s", r.text(schema.ParentCommandLine))
			}
		}
	})
	s.requireDelivered(t)
	for _, path := range []string{s.file.path, s.otlp.path, s.hec.path, s.collector.Log} {
		if strings.Contains(mustRead(t, path), secret) {
			t.Errorf("the secret is in %s", filepath.Base(path))
		}
	}
}
