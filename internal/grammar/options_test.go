package grammar

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestScan(t *testing.T) {
	getopt := Options{Short: "abc:d::", Long: "alpha beta= gamma=? alphabet"}
	permute, abbreviate, single := getopt, getopt, getopt
	permute.Permute, abbreviate.Abbreviate, single.SingleDash = true, true, true
	for _, test := range []struct {
		options Options
		args    string
		want    string // a letter or name, =value, !unknown, ~abbreviated, @operand
	}{
		{getopt, "-a -b x -a", "a b @x @-a"},
		{permute, "-a x -b y -- -a", "a @x b @y @-a"},
		{getopt, "-abc v x", "a b c=v @x"},
		{getopt, "-acv x", "a c=v @x"},
		{getopt, "-d x", "d @x"},
		{getopt, "-dv x", "d=v @x"},
		{getopt, "-c", "c"},
		{getopt, "-", "@-"},
		{getopt, "-z x", "z! @x"},
		{getopt, "--alpha --beta v x", "alpha beta=v @x"},
		{getopt, "--beta=v --gamma x", "beta=v gamma @x"},
		{getopt, "--gamma=v --bet v", "gamma=v bet! @v"},
		{abbreviate, "--bet v --be=v --alp", "beta~=v beta~=v alp!"},
		{abbreviate, "--alpha --alphab", "alpha alphabet~"},
		{single, "-alpha -beta v -beta=w -c v x", "alpha beta=v beta=w c=v @x"},
	} {
		t.Run(test.args, func(t *testing.T) {
			var got []string
			for o := range test.options.compiled().Scan(strings.Fields(test.args)) {
				got = append(got, showOption(o))
			}
			assert.Equal(t, test.want, strings.Join(got, " "))
		})
	}
}

func TestScanStops(t *testing.T) {
	o := Options{Short: "ab:", Permute: true}.compiled()
	for n := range 6 {
		left := n
		for range o.Scan([]string{"-aa", "-b", "v", "x", "--", "y"}) {
			if left--; left <= 0 {
				break
			}
		}
	}
}

func showOption(o Option) string {
	if o.IsOperand() {
		return "@" + o.Value
	}
	s := o.Name
	if o.Unknown {
		s += "!"
	}
	if o.Abbreviated {
		s += "~"
	}
	if o.HasValue {
		s += "=" + o.Value
	}
	return s
}

func TestParseURL(t *testing.T) {
	for in, want := range map[string]Remote{
		"http://h":                      {Host: "h", Scheme: "http"},
		"FTP://u:p@h:2121/a%20b?q#f":    {User: "u", Host: "h", Port: 2121, Path: "/a%20b?q#f", Scheme: "ftp"},
		"https://u@ex@h/":               {User: "u@ex", Host: "h", Path: "/", Scheme: "https"},
		"http://[::1]:8080/x":           {Host: "::1", Port: 8080, Path: "/x", Scheme: "http"},
		"http://::1/x":                  {Host: "::1", Path: "/x", Scheme: "http"},
		"s3://bucket/key":               {Host: "bucket", Path: "/key", Scheme: "s3"},
		"file:///etc/passwd":            {Path: "/etc/passwd", Scheme: "file"},
		"http://h:99999/":               {Host: "h:99999", Path: "/", Scheme: "http"},
		"http://h:/":                    {Host: "h", Path: "/", Scheme: "http"},
		"git+ssh://git@h/x":             {User: "git", Host: "h", Path: "/x", Scheme: "git+ssh"},
		"http://u:***@h/?token=***&a=b": {User: "u", Host: "h", Path: "/?token=***&a=b", Scheme: "http"},
	} {
		want.URL = in
		got, ok := parseURL(in)
		assert.True(t, ok, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "h:/p", "://h", "1http://h", "a b://h", "http:/h"} {
		_, ok := parseURL(in)
		assert.False(t, ok, in)
	}
}

func TestParseHostPath(t *testing.T) {
	for in, want := range map[string]Remote{
		"h:":                {Host: "h"},
		"u@h:/d":            {User: "u", Host: "h", Path: "/d"},
		"[::1]:/x":          {Host: "::1", Path: "/x"},
		"u@[fe80::1%eth0]:": {User: "u", Host: "fe80::1%eth0"},
		"a@b@h:p:q":         {User: "a@b", Host: "h", Path: "p:q"},
		"h::mod/p":          {Host: "h", Path: ":mod/p"},
	} {
		got, ok := parseHostPath(in)
		assert.True(t, ok, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "f", ":weird", "./a:b", "a/b:c", "/x:y", "[::1", "[::1]"} {
		_, ok := parseHostPath(in)
		assert.False(t, ok, in)
	}
}

func TestEveryGroupIsThere(t *testing.T) {
	assert.True(t, slices.IsSorted(Names()), fmt.Sprint(Names()))
}
