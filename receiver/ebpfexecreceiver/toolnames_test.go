package ebpfexecreceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/copywatch/copywatch/internal/catalogue"
)

// someTools stand for those of the catalogue, which need not have them all.
func someTools() *toolNames {
	return newToolNames([]*catalogue.Tool{
		{Name: "scp", Aliases: []string{"hpnscp"}},
		{Name: "sftp"},
		{Name: "rsync"},
		{Name: "rsync-ssl"},
		{Name: "wget"},
		{Name: "curl"},
		{Name: "nc", Aliases: []string{"nc.openbsd"}},
		{Name: "ncat"},
		{Name: "socat"},
		{Name: "busybox"},
		{Name: "bash"},
		{Name: "perl"},
		{Name: "python", Aliases: []string{"python3"}},
		{Name: "sz", Aliases: []string{"sb"}},
		{Name: "kubectl"},
		{Name: "oc"},
		{Name: "aws", Ambiguous: map[string]string{"aws": "manages"}},
		{Name: "mc", Aliases: []string{"mcli"}, Ambiguous: map[string]string{"mc": "a file manager"}},
	})
}

func TestToolNamesOfFiles(t *testing.T) {
	names := someTools()
	for _, tt := range []struct{ asked, own, tool string }{
		{"scp", "scp", "scp"},
		{"hpnscp", "hpnscp", "scp"},
		{"nc", "nc.openbsd", "nc"},
		{"nc", "ncat", "ncat"},
		{"wget", "busybox", "busybox"},
		{"wget", "toybox", ""},
		{"python3", "python3.11", "python"},
		{"python", "python3.11", "python"},
		{"perl", "perl-5.36", "perl"},
		{"nc", "nc6", ""},
		{"mc", "mcedit", ""},
		{"scp", "scp.sh", ""},
		{"scp", "scp-", ""},
	} {
		name, _ := names.file(tt.asked, tt.own)
		assert.Equal(t, tt.tool, name.tool, "%s -> %s", tt.asked, tt.own)
	}
	assert.True(t, names.byName["mc"].ambiguous)
	assert.False(t, names.byName["mcli"].ambiguous)
}

func TestToolNamesOfHardLinks(t *testing.T) {
	names := someTools()
	assert.True(t, names.is("perl", "perl"))
	assert.True(t, names.is("perl", "perl5.36.0"))
	assert.True(t, names.is("sz", "sb"))
	assert.False(t, names.is("sz", "sx"))
	assert.False(t, names.is("kubectl", "oc"))
	assert.False(t, names.is("no tool", "oc"))
}

func TestToolNamesAgree(t *testing.T) {
	names := someTools()
	assert.True(t, names.agree("scp", "scp"))
	assert.True(t, names.agree("scp", "hpnscp"))
	assert.True(t, names.agree("nc.traditional", "nc"), "a tool of its own in some catalogues")
	assert.True(t, names.agree("s3cmd", "s3cmd"), "not in this one")
	assert.False(t, names.agree("wget", "busybox"))
	assert.False(t, names.agree("ncat", "nc"))
}

func TestHasWord(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"az", true}, {"run az now", true}, {"lazy az", true}, {`"$az"`, true}, {"_az_", true},
		{"", false}, {"lazy", false}, {"azz azaz", false}, {"aaz", false}, {"az1", false},
	} {
		assert.Equal(t, tt.want, hasWord(tt.text, "az"), tt.text)
	}
	assert.False(t, hasWord("aaa", "aa"))
}
