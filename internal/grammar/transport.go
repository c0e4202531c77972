package grammar

import (
	"path"
	"strings"
)

// sshTransport is a remote shell that a copy tool was told to use: rsync -e,
// sshfs -o ssh_command, unison -sshcmd, tar --rsh-command.
type sshTransport struct {
	ssh       sshConnection
	clear     bool // rsh
	alternate bool // neither ssh nor rsh as systems have them
	shell     bool // a shell of this host: whatever it is told
}

// parseTransport reads a command as rsync splits it (do_cmd in main.c): at
// spaces; quotes of both kinds keep them, and count once where doubled within.
func parseTransport(command string) (t sshTransport) {
	words := splitTransport(command)
	if len(words) == 0 {
		return t
	}
	words = t.unwrap(words)
	if len(words) == 0 {
		t.alternate = true
		return t
	}
	switch name := path.Base(words[0]); {
	case isSSHClient(name):
		t.ssh.arguments(sshOptions, words[1:])
		t.alternate = !isUsualProgram(words[0], name)
	case name == "rsh" || name == "remsh" || name == "rsh-redone-rsh":
		t.clear = true
		t.alternate = !isUsualProgram(words[0], name)
	case isShellProgram(name):
		t.alternate, t.shell = true, true
	default:
		t.alternate = true
	}
	return t
}

// unwrap leaves out programs that run the one after them.
func (t *sshTransport) unwrap(words []string) []string {
	for len(words) > 0 {
		name := path.Base(words[0])
		if runsBehindProxy(name) {
			t.ssh.setVia(name, ViaProxy)
		}
		if !runsAnother(name) && (strings.HasPrefix(name, "-") || !strings.Contains(name, "=")) {
			break
		}
		words = skipRunner(name, words[1:])
	}
	return words
}

// runsAnother names programs that run the one in their arguments.
func runsAnother(name string) bool {
	switch name {
	case "sshpass", "sudo", "doas", "env", "nice", "ionice", "timeout", "nohup", "setsid", "stdbuf", "exec", "command", "time":
		return true
	}
	return runsBehindProxy(name)
}

func runsBehindProxy(name string) bool {
	switch name {
	case "proxychains", "proxychains4", "torsocks", "torify", "tsocks":
		return true
	}
	return false
}

func isShellProgram(name string) bool {
	switch name {
	case "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish":
		return true
	}
	return false
}

// describe adds to t what the transport says.
func (x *sshTransport) describe(t *Transfer) {
	x.ssh.describe(t)
	if x.alternate {
		t.signal(AlternateTransport)
	}
	if x.shell {
		t.signal(RunsShell)
	}
	switch {
	case x.alternate:
	case x.clear:
		t.Protocol, t.Channel = "rsh", Clear
	default:
		t.Protocol, t.Channel = "ssh", Encrypted
	}
}

func splitTransport(command string) (words []string) {
	var word []byte
	within, quote := false, byte(0)
	for i := 0; i < len(command); i++ {
		c := command[i]
		switch {
		case quote == 0 && c == ' ':
			if within {
				words, word, within = append(words, string(word)), word[:0], false
			}
		case c != '\'' && c != '"', quote != 0 && c != quote:
			word, within = append(word, c), true
		case quote == 0:
			quote, within = c, true
		case i+1 < len(command) && command[i+1] == c:
			word = append(word, c)
			i++
		default:
			quote = 0
		}
	}
	if within {
		words = append(words, string(word))
	}
	return words
}
