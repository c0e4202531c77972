package grammar

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReadRemoteCommand(t *testing.T) {
	saves := func(paths ...string) remoteCommand { return remoteCommand{saves: true, saved: paths} }
	sends := func(paths ...string) remoteCommand { return remoteCommand{sends: true, sent: paths} }
	for line, want := range map[string]remoteCommand{
		"":                                {},
		"uptime":                          {},
		"cat>x":                           saves("x"),
		"cat - >| x":                      saves("x"),
		`cat > "a b"`:                     saves("a b"),
		`cat > a\ b`:                      saves("a b"),
		"cat > x 2> err":                  saves("x"),
		"cat 1> x":                        saves("x"),
		"cat 2> err":                      {},
		"cat > x && cat < x":              {saves: true, saved: []string{"x"}, sends: true, sent: []string{"x"}},
		"cat <<EOF > x":                   {},
		"cat >&2 /etc/passwd":             {},
		"cat 2>&1 /etc/passwd":            sends("/etc/passwd"),
		"if true; then cat > x; fi":       saves("x"),
		"{ cat > x; }":                    saves("x"),
		"A=1 env B=2 nice -n 5 cat > x":   saves("x"),
		"sudo -u root -- sh -ec 'cat >x'": saves("x"),
		`bash -c "sh -c 'cat > x'"`:       saves("x"),
		"tee a b":                         saves("a", "b"),
		"tee a | md5sum > sum":            saves("a"),
		"cp /dev/stdin x":                 saves("x"),
		"dd if=/dev/stdin of=x":           saves("x"),
		"dd if=a of=b":                    {},
		"openssl enc -d -aes256 -out x":   saves("x"),
		"openssl enc -aes256 -in x":       sends("x"),
		"find . | cpio -oc":               sends(),
		"cpio -idm":                       saves(),
		"zip -r - /srv":                   sends("/srv"),
		"zcat x.gz":                       sends("x.gz"),
		"gzip -d < x.gz":                  sends("x.gz"),
		"head -c 100 /dev/sda | xxd":      sends("/dev/sda"),
		"docker save app | gzip":          sends(),
		"docker save -o x app":            {},
		"pg_dump db | aws s3 cp - s3://b": {},
		"ls | cat":                        {},
		"tar tf -":                        {},
		"tar cf x.tar /srv":               {},
		"tar -c -f- /srv | xz":            sends("/srv"),
		"rsync --server -e. . a b":        {server: Upload, paths: []string{"a", "b"}},
		"scp x other:":                    {},
		"borg serve --append-only":        {server: Unknown},
		"cat > $(mktemp)":                 saves("$(mktemp)"),
		"cat > '":                         {},
		"| > x":                           {},
		"cat > x |":                       saves("x"),
	} {
		got := readRemoteCommand(line)
		if len(got.saved) == 0 {
			got.saved = nil
		}
		assert.Equal(t, want, got, line)
	}
}

// TestLongRemoteCommands: what a hostile remote command can cost is bounded by its length.
func TestLongRemoteCommands(t *testing.T) {
	const size = 1 << 20
	for _, piece := range []string{
		"(", ")", "'", `"`, "`", "$(", "$((", `\`, ">", "<", "| ", "cat > a;", "tee a b | ", "cat /a | ", "sh -c ", "sh -c '",
		"sudo ", "1", "1>", "A=1 ", "cat a ", "docker send ", "tar ",
	} {
		line := strings.Repeat(piece, size/len(piece))
		requireLinear(t, size, func() {
			ssh(&Command{Args: []string{"h", line}, Stdin: Stream{Type: StreamPipe}, Stdout: Stream{Type: StreamPipe}})
		}, "ssh: "+piece)
	}
}

func TestParseTransport(t *testing.T) {
	for command, want := range map[string]sshTransport{
		"":                           {},
		"ssh":                        {},
		"ssh -p 22 -l u":             {ssh: sshConnection{port: 22, user: "u"}},
		"  /usr/bin/ssh  -p22 ":      {ssh: sshConnection{port: 22}},
		`ssh -o "User a b"`:          {ssh: sshConnection{user: "a b"}},
		`ssh -o 'User it''s'`:        {ssh: sshConnection{user: "it's"}},
		"nice -n 5 sudo ssh -p 1":    {ssh: sshConnection{port: 1}},
		"torsocks ssh":               {ssh: sshConnection{via: ViaProxy, viaGiven: true}},
		"/opt/x/ssh -p 5":            {ssh: sshConnection{port: 5}, alternate: true},
		"rsh":                        {clear: true},
		"nc -e":                      {alternate: true},
		"env -i /tmp/evil":           {alternate: true},
		"bash -c x":                  {alternate: true, shell: true},
		"ssh -i 'a b' -p 3":          {ssh: sshConnection{port: 3}},
		strings.Repeat("sudo ", 9):   {alternate: true},
		"sshpass -f ssh ssh -p 2222": {ssh: sshConnection{port: 2222}},
		"env A=1 ssh -p 22":          {ssh: sshConnection{port: 22}},
	} {
		assert.Equal(t, want, parseTransport(command), fmt.Sprintf("%q", command))
	}
}
