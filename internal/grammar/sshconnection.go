package grammar

import (
	"path"
	"strings"
)

// sshConnection is what the options of ssh, or of a tool that hands them on to
// it, say about the way to the other end. Of each setting the first given holds
// (ssh_config(5)), be it an option or part of the destination.
type sshConnection struct {
	user       string
	port       int
	hostName   string // where it goes instead of to the name in the operand
	via        Signal // "" where it goes straight
	viaGiven   bool
	hostKeys   string // StrictHostKeyChecking
	knownHosts string
	config     string // -F
	program    string // -S of scp and sftp, -e of rsync: what takes the place of ssh
	forwards   bool   // of connections
	background bool
}

// option reads one of the options that mean the same to ssh, scp and sftp.
func (s *sshConnection) option(o *Option) {
	switch o.Name {
	case "o":
		s.setting(o.Value)
	case "J":
		s.setVia(o.Value, ViaJumpHost)
	case "F":
		s.config = o.Value
	}
}

// setting reads the value of -o: a line of ssh_config(5), keyword and value
// apart by spaces or one '='.
func (s *sshConnection) setting(line string) {
	line = strings.TrimLeft(line, " \t")
	end := strings.IndexAny(line, " \t=")
	if end < 0 {
		return
	}
	keyword, value := line[:end], strings.TrimLeft(line[end:], " \t")
	value = strings.Trim(strings.TrimLeft(strings.TrimPrefix(value, "="), " \t"), `"`)
	switch {
	case strings.EqualFold(keyword, "Port"):
		s.setPort(parsePort(value))
	case strings.EqualFold(keyword, "User"):
		s.setUser(value)
	case strings.EqualFold(keyword, "HostName"):
		setOnce(&s.hostName, value)
	case strings.EqualFold(keyword, "ProxyJump"):
		s.setVia(value, ViaJumpHost)
	case strings.EqualFold(keyword, "ProxyCommand"):
		s.setVia(value, proxyCommandSignal(value))
	case strings.EqualFold(keyword, "StrictHostKeyChecking"):
		setOnce(&s.hostKeys, value)
	case strings.EqualFold(keyword, "UserKnownHostsFile"):
		setOnce(&s.knownHosts, value)
	case strings.EqualFold(keyword, "ForkAfterAuthentication"):
		s.background = s.background || value == "yes"
	case strings.EqualFold(keyword, "LocalForward"), strings.EqualFold(keyword, "RemoteForward"),
		strings.EqualFold(keyword, "DynamicForward"):
		s.forwards = true
	case strings.EqualFold(keyword, "Tunnel"):
		s.forwards = s.forwards || value != "no"
	}
}

func setOnce(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

func (s *sshConnection) setUser(user string) { setOnce(&s.user, user) }

func (s *sshConnection) setPort(port int) {
	if s.port == 0 {
		s.port = port
	}
}

func (s *sshConnection) setVia(value string, signal Signal) {
	if s.viaGiven || value == "" {
		return
	}
	s.viaGiven = true
	if value != "none" {
		s.via = signal
	}
}

// inherit takes over what other has and s leaves out.
func (s *sshConnection) inherit(other *sshConnection) {
	s.setUser(other.user)
	s.setPort(other.port)
	setOnce(&s.hostName, other.hostName)
	setOnce(&s.hostKeys, other.hostKeys)
	setOnce(&s.knownHosts, other.knownHosts)
	setOnce(&s.config, other.config)
	if !s.viaGiven {
		s.via, s.viaGiven = other.via, other.viaGiven
	}
}

// proxyCommandSignal tells a jump host (ssh -W %h:%p jump) from any other proxy.
func proxyCommandSignal(command string) Signal {
	first, _, _ := strings.Cut(strings.TrimPrefix(command, "exec "), " ")
	if isSSHClient(path.Base(first)) {
		return ViaJumpHost
	}
	return ViaProxy
}

// isSSHClient says that a program of that name takes the options of ssh(1).
func isSSHClient(name string) bool {
	switch name {
	case "ssh", "hpnssh", "gsissh", "autossh", "ssh.exe":
		return true
	}
	return false
}

// reach returns r as the options have it: they come before the operand.
func (s *sshConnection) reach(r Remote) Remote {
	if s.user != "" {
		r.User = s.user
	}
	if s.port != 0 {
		r.Port = s.port
	}
	if s.hostName != "" && !strings.Contains(s.hostName, "%") { // %h.example: still the name in the operand
		r.Host = s.hostName
	}
	return r
}

// describe adds to t what the options say.
func (s *sshConnection) describe(t *Transfer) {
	if s.via != "" {
		t.signal(s.via)
	}
	if s.hostName != "" && s.hostName != "%h" {
		t.signal(RedirectedHost)
	}
	if s.unverified() {
		t.signal(Unverified)
	}
	if s.program != "" && !isUsualProgram(s.program, "ssh") {
		t.signal(AlternateTransport)
	}
	if s.background {
		t.signal(Background)
	}
	if s.config != "" && s.config != "none" && s.config != "/dev/null" {
		t.signal(OpaqueConfig)
		t.addOpaque(s.config)
	}
}

// unverified: any host key is taken, or every key is new and taken.
func (s *sshConnection) unverified() bool {
	switch strings.ToLower(s.hostKeys) {
	case "no", "off":
		return true
	case "accept-new":
		return s.knownHosts == "/dev/null" || s.knownHosts == "none"
	}
	return false
}

// isUsualProgram says that command is the program of that name where systems have it.
func isUsualProgram(command, name string) bool {
	dir, base := path.Split(command)
	switch dir {
	case "", "/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/":
		return base == name
	}
	return false
}

// sshPeer is the host that had sshd start this command (SSH_CONNECTION in ssh(1)).
func (t *Transfer) sshPeer(c *Command) {
	from := c.env("SSH_CONNECTION")
	if from == "" {
		from = c.env("SSH_CLIENT")
	}
	if host, _, _ := strings.Cut(from, " "); host != "" {
		t.addRemote(Remote{Host: host})
	}
}
