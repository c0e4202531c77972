package redact

import (
	"bytes"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// words is a command line: a string of words, or a list.
type words []string

func (w *words) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return node.Decode((*[]string)(w))
	}
	*w = strings.Fields(node.Value)
	return nil
}

func (w words) bytes() (list [][]byte) {
	for _, s := range w {
		list = append(list, []byte(s))
	}
	return list
}

type row struct {
	Name     string
	In, Want words
	N        int
}

func rows(t testing.TB) (list []row) {
	content, err := os.ReadFile("../../testdata/redact/cases.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &list))
	for i := range list {
		r := &list[i]
		if r.Name == "" {
			r.Name = path.Base(r.In[0])
		}
		switch {
		case r.Want == nil:
			r.Want = r.In
		case r.N == 0:
			r.N = 1
		}
	}
	return list
}

func redactor(t testing.TB, names ...string) *Redactor {
	r, err := New(Options{Names: names})
	require.NoError(t, err)
	return r
}

func texts(args [][]byte) (list words) {
	for _, arg := range args {
		list = append(list, string(arg))
	}
	return list
}

func TestTable(t *testing.T) {
	r := redactor(t)
	list := rows(t)
	require.Greater(t, len(list), 150)
	for _, row := range list {
		args := row.In.bytes()
		got, n := r.Args(nil, row.Name, args)
		assert.Equal(t, row.Want, texts(got), "%q", row.In)
		assert.Equal(t, row.N, n, "%q", row.In)
		assert.Equal(t, row.In, texts(args), "the caller's bytes were changed")
		assert.NotContains(t, string(bytes.Join(got, nil)), "hunter2")

		again, n := r.Args(nil, row.Name, got)
		assert.Equal(t, texts(got), texts(again), "what is masked changes no more")
		assert.Zero(t, n, "%q", got)
	}
}

func TestArgsAppends(t *testing.T) {
	got, n := redactor(t).Args([][]byte{[]byte("kept")}, "x", words{"x", "--token", "hunter2"}.bytes())
	assert.Equal(t, words{"kept", "x", "--token", "***"}, texts(got))
	assert.Equal(t, 1, n)
	got, n = redactor(t).Args(nil, "", nil)
	assert.Empty(t, got)
	assert.Zero(t, n)
}

func TestNamesOfTheUser(t *testing.T) {
	r := redactor(t, "--pin", "House_Number")
	for in, want := range map[string]string{
		"x --pin 1234":          "x --pin ***",
		"x --pin=1234":          "x --pin=***",
		"x house_number=7":      "x house_number=***",
		"x --house_number 7":    "x --house_number ***",
		"x --pinned yes":        "x --pinned yes",
		"x --password=1234":     "x --password=***",
		"x --house-number-no 7": "x --house-number-no 7",
	} {
		got, _ := r.Args(nil, "x", words(strings.Fields(in)).bytes())
		assert.Equal(t, want, string(bytes.Join(got, []byte(" "))))
	}
	for _, bad := range []string{"", "--", "a b", "a=b"} {
		_, err := New(Options{Names: []string{bad}})
		assert.Error(t, err, "%q", bad)
	}
}

// The quick look at an argument may not miss what the close one would mask.
func TestHintsMissNothing(t *testing.T) {
	r := redactor(t)
	for _, row := range rows(t) {
		for _, arg := range row.In.bytes() {
			all, _ := r.text(arg, ^kinds(0))
			hinted, _ := r.text(arg, r.hints.in(arg))
			assert.Equal(t, string(all), string(hinted))
		}
	}
}

func TestTimeIsLinear(t *testing.T) {
	r := redactor(t)
	for _, unit := range []string{"a", "password=", "--token x ", "://a:", "eyJaaaaaaaa.", "'\"=", "-----BEGIN PRIVATE KEY-----", "authorization:"} {
		arg := []byte(strings.Repeat(unit, 1<<16/len(unit)))
		begin := time.Now()
		r.Args(nil, "x", [][]byte{arg})
		assert.Less(t, time.Since(begin), time.Second, "64 KiB of %q", unit)
	}
}

func FuzzArgs(f *testing.F) {
	for _, row := range rows(f) {
		f.Add(row.Name, strings.Join(row.In, "\x00"))
	}
	r := redactor(f)
	f.Fuzz(func(t *testing.T, name, joined string) {
		args := bytes.Split([]byte(joined), []byte{0})
		got, _ := r.Args(nil, name, args)
		if len(got) != len(args) {
			t.Errorf("%d arguments became %d", len(args), len(got))
		}
		if string(bytes.Join(args, []byte{0})) != joined {
			t.Error("the caller's bytes were changed")
		}
	})
}

func benchmark(b *testing.B, line string) {
	r := redactor(b)
	args := words(strings.Fields(line)).bytes()
	var dst [][]byte
	b.ReportAllocs()
	for b.Loop() {
		dst, _ = r.Args(dst[:0], string(args[0]), args)
	}
}

func BenchmarkNothingToMask(b *testing.B) {
	benchmark(b, "gcc -O2 -Wall -c src/main.c -o build/main.o -Iinclude -DNDEBUG")
}

func BenchmarkMask(b *testing.B) {
	benchmark(b, "curl -sSf -u ana:hunter2 -T build.tgz https://files.example.org/in?sig=abc")
}
