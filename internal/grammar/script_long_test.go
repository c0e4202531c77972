package grammar

import (
	"strings"
	"testing"
)

// TestLongScripts holds what reads code and scripts to linear time, for texts
// that would make a careless reader go back again and again.
func TestLongScripts(t *testing.T) {
	const size = 1 << 18
	for name, options := range map[string][]string{
		"shell": {"-c"}, "python": {"-c"}, "perl": {"-e"}, "php": {"-r"}, "ruby": {"-e"}, "node": {"-e"}, "lua": {"-e"},
		"julia": {"-e"}, "awk": {"--"}, "pwsh": {"-c"}, "kubectl": {"exec", "-i", "p", "--", "sh", "-c"}, "git": {"shell", "-c"},
	} {
		g, _ := Find(name)
		for _, shape := range []string{
			"cat a >&3 ", "/inet", "/inet/tcp/0/h/1 ", `"`, "'", "(", ")", "$(", "`", "|", "<", ">", ";", "{", "#", "\n", "\\", "open(", "open('f',", "http://h/",
			"://", "requests.post(", "ztcp h 1;", "exec 3<>/dev/tcp/h/1;", "cat </dev/tcp/h/1 ", "a=>", "|& s", "tar c|", "cat f;", "-infile x ",
		} {
			script := "exec 3<>/dev/tcp/h/1; ztcp import socket requests LWP /inet/tcp/0/h/1 |& iwr " + strings.Repeat(shape, size/len(shape))
			requireLinear(t, size, func() {
				g(&Command{Tool: name, Args: append(options, script), Stdin: Stream{Type: StreamPipe}, Stdout: Stream{Type: StreamPipe}})
			}, name+": "+shape)
		}
	}
}
