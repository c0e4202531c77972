package destination

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func load(t testing.TB) *Classes {
	t.Helper()
	c, err := Load()
	require.NoError(t, err)
	return c
}

// readRows reads a table strictly.
func readRows(t testing.TB, path string, rows any) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(rows), path)
}

// row is a remote end in testdata/destination/classes.yaml.
type row struct {
	Scheme string `yaml:"scheme"`
	Host   string `yaml:"host"`
	Path   string `yaml:"path"`
	Want   Class  `yaml:"want"`
	About  string `yaml:"about"` // for the reader
}

func classRows(t testing.TB) []row {
	var rows []row
	readRows(t, "../../testdata/destination/classes.yaml", &rows)
	return rows
}

func TestClasses(t *testing.T) {
	c := load(t)
	for _, r := range classRows(t) {
		t.Run(fmt.Sprintf("%s:%s%s", r.Scheme, r.Host, r.Path), func(t *testing.T) {
			assert.Equal(t, r.Want, c.Of(r.Scheme, r.Host, r.Path), r.About)
		})
	}
}

func TestFacts(t *testing.T) {
	var rows []struct {
		Host  string   `yaml:"host"`
		Want  []string `yaml:"want"`
		About string   `yaml:"about"`
	}
	readRows(t, "../../testdata/destination/facts.yaml", &rows)
	c := load(t)
	for _, r := range rows {
		t.Run(r.Host, func(t *testing.T) { assert.Equal(t, r.Want, c.Facts(r.Host).Names(), r.About) })
	}
}

// Every class must be reached by some row, so that none is only a name.
func TestEveryClassHasRows(t *testing.T) {
	seen := make(map[Class]bool)
	for _, r := range classRows(t) {
		seen[r.Want] = true
	}
	for _, class := range classes {
		assert.True(t, seen[class], class)
	}
}

func TestAddresses(t *testing.T) {
	for host, want := range map[string]string{
		"1.2.3.4": "1.2.3.4", "1.2.772": "1.2.3.4", "1.131844": "1.2.3.4", "16909060": "1.2.3.4", "0x1.02.3.0x4": "1.2.3.4",
		"255.255.255.255": "255.255.255.255", "4294967295": "255.255.255.255", "1.16777215": "1.255.255.255", "00.00.00.00": "0.0.0.0",
		"::ffff:1.2.3.4": "1.2.3.4", "2002:102:304::": "1.2.3.4", "64:ff9b::1.2.3.4": "1.2.3.4", "2001:db8::1": "2001:db8::1",
		"1.2.3.256": "", "1.16777216": "", "1.2.65536": "", "256.1": "", "0x1g": "", "1.2.3.": "", ".1.2.3": "", "09": "", "-1": "", "+1": "", "1e3": "",
		strings.Repeat("0", maxNumber) + "1": "00000001", strings.Repeat("0", maxNumber+1) + "1": "",
	} {
		got, _, ok := parseAddress([]byte(host))
		switch want {
		case "":
			assert.False(t, ok, host)
		case "00000001":
			assert.True(t, ok, host)
			assert.Equal(t, netip.MustParseAddr("0.0.0.1"), got)
		default:
			assert.True(t, ok, host)
			assert.Equal(t, netip.MustParseAddr(want), got, host)
		}
	}
}

func TestUserEntriesGoFirst(t *testing.T) {
	c, err := LoadWith(Options{Add: map[Class][]string{
		Private:      {"Corp.Example.COM", "203.0.113.0/24", "2001:db8::1", "github.com", "share.**.example.net"},
		Public:       {".local", "10.9.0.0/16", "10.0.0.0/8"},
		Paste:        {"discord.com/api/webhooks", "example.org/paste"},
		CloudStorage: {"s3.**.corp.example.com"},
	}})
	require.NoError(t, err)
	for host, want := range map[string]Class{
		"git.corp.example.com": Private, "s3.corp.example.com": CloudStorage, "b.s3.eu.corp.example.com": CloudStorage,
		"203.0.113.9": Private, "203.0.114.9": Public, "2001:db8::1": Private, "2001:db8::2": Public,
		"github.com": Private, "nas.local": Public, "10.9.1.1": Public, "10.8.1.1": Public, "192.168.0.1": Private,
		"share.eu.example.net": Private, "eu.example.net": Public, "s3.amazonaws.com": CloudStorage,
	} {
		assert.Equal(t, want, c.Of("", host, ""), host)
	}
	assert.Equal(t, Paste, c.Of("https", "discord.com", "/api/webhooks/1"))
	assert.Equal(t, Webhook, c.Of("https", "discord.com", "/api/v9/webhooks/1"))
	assert.Equal(t, Paste, c.Of("https", "example.org", "/paste/new"))
	assert.Equal(t, Public, c.Of("https", "example.org", "/past"))
}

func TestBadUserEntries(t *testing.T) {
	for _, tt := range []struct {
		class Class
		text  string
		want  string
	}{
		{"cloud", "x.example", `add: there is no class "cloud"; the classes are [loopback private`},
		{Private, "", `add: private: "" is neither a name, nor an address`},
		{Private, "http://x.example", `add: private: "http://x.example" is neither`},
		{Private, "10.0.0.0/33", `add: private: "10.0.0.0/33" is neither`},
		{Private, "2130706433", `add: private: "2130706433" is neither`},
		{Private, "*.example", `add: private: "*.example" is neither`},
		{Private, "a b", `add: private: "a b" is neither`},
		{Private, "x.example//y", `a component of the path is empty`},
		{Private, "*.**.x.example", `"*" is not a label, which may end in *`},
	} {
		c, err := LoadWith(Options{Add: map[Class][]string{tt.class: {tt.text}}})
		assert.ErrorContains(t, err, tt.want, tt.text)
		assert.Nil(t, c)
	}
	_, err := LoadWith(Options{Add: map[Class][]string{Private: {"x.example"}, Public: {"x.example"}}})
	assert.ErrorContains(t, err, `add: public: "x.example" is in private as well`)
}

func TestLookupDoesNotAllocate(t *testing.T) {
	c := load(t)
	for _, r := range classRows(t) {
		if strings.ToLower(r.Scheme) != r.Scheme { // a scheme is in lower case but for pathological arguments
			continue
		}
		if strings.Contains(r.Host, ":") { // of those in which netip finds a fault it makes an error
			continue
		}
		assert.Zero(t, testing.AllocsPerRun(20, func() { c.Of(r.Scheme, r.Host, r.Path) }), r.Host)
		assert.Zero(t, testing.AllocsPerRun(20, func() { c.Facts(r.Host) }), r.Host)
	}
}

// What is longer than a name can be costs no more than one that is not.
func TestLongHosts(t *testing.T) {
	c := load(t)
	const size = 1 << 20
	for name, host := range map[string]string{
		"one label": strings.Repeat("a", size), "labels": strings.Repeat("a.", size/2), "dots": strings.Repeat(".", size),
		"colons": strings.Repeat(":", size), "percent": strings.Repeat("%41", size/3), "ignored": strings.Repeat("\u00AD", size/2),
		"digits": strings.Repeat("1", size),
	} {
		start := time.Now()
		assert.Equal(t, Unknown, c.Of("https", host, ""), name)
		assert.Equal(t, Facts{}, c.Facts(host), name)
		assert.Less(t, time.Since(start), time.Second, name)
	}
	longest := strings.Repeat("a.", maxName/2) + "a"
	assert.Equal(t, Public, c.Of("", longest, strings.Repeat("/", size)))
	assert.Equal(t, Unknown, c.Of("", longest+"a", ""))
	assert.Equal(t, Public, c.Of("", "discord.com", strings.Repeat("/api", size/4)))
}

func TestMarkdown(t *testing.T) {
	text := load(t).Markdown()
	for _, class := range classes {
		assert.Contains(t, text, "| `"+string(class)+"` |")
	}
	assert.Contains(t, text, "| `metadata_service` |")
	assert.Contains(t, text, "`pastebin.com`")
}

func FuzzOf(f *testing.F) {
	c := load(f)
	for _, r := range classRows(f) {
		f.Add(r.Scheme, r.Host, r.Path)
	}
	f.Fuzz(func(t *testing.T, scheme, host, path string) {
		if class := c.Of(scheme, host, path); !slices.Contains(classes, class) {
			t.Errorf("class %q", class)
		}
		c.Facts(host)
	})
}

func BenchmarkOf(b *testing.B) {
	c := load(b)
	for _, r := range []row{
		{Host: "deploy.example.com"}, {Host: "203.0.113.7"}, {Host: "my.bucket.s3.eu-west-1.amazonaws.com"}, {Scheme: "s3", Host: "b"},
		{Host: "discord.com", Path: "/api/v10/webhooks/1/x"},
	} {
		b.Run(r.Scheme+":"+r.Host, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Of(r.Scheme, r.Host, r.Path)
			}
		})
	}
}
