package grammar

import "strings"

// pdcpOptions are those of pdcp(1) and its reverse. -y, -z and -Z are for its
// other half, which it starts on the hosts (opt.c of pdsh).
var pdcpOptions = Options{
	Short:   "rpe:hVqbdl:t:u:f:w:x:R:M:NLg:X:F:iaAnyzZQj:",
	Permute: true,
}.compiled()

// hostSet is what the options say of the hosts to copy to or from.
type hostSet struct {
	hosts []string
	files []string // that list hosts
	named bool     // groups, or all: a configuration says which
}

func (h *hostSet) empty() bool { return len(h.hosts) == 0 && len(h.files) == 0 && !h.named }

// add reads host,host[1-9],^file of pdsh; those that exclude are left out.
func (h *hostSet) add(list string) {
	for list != "" {
		var one string
		one, list = cutPdshHost(list)
		switch {
		case one == "" || one[0] == '/' || one[0] == '-' && len(one) > 1:
		case one == "-":
			h.files = append(h.files, one)
		case one[0] == '^':
			h.files = append(h.files, one[1:])
		default:
			h.hosts = append(h.hosts, one)
		}
	}
}

// cutPdshHost splits at the first comma that is in no brackets.
func cutPdshHost(list string) (host, rest string) {
	depth := 0
	for i := range len(list) {
		switch c := list[i]; {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ',' && depth <= 0:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}

// pdcp reads pdcp(1), which copies to many hosts, and rpdcp, from them. The dcp
// of mpifileutils names no hosts: it copies within one file system.
func pdcp(c *Command) (t Transfer) {
	var (
		set      hostSet
		user     string
		served   Direction
		operands []string
	)
	for o := range pdcpOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "w":
			set.add(o.Value)
		case "g", "a", "A":
			set.named = true
		case "l":
			user = o.Value
		case "R":
			t.rcmd(o.Value)
		case "z":
			served = ServeIn
		case "Z":
			served = ServeOut
		case "h", "V", "q", "L":
			return Transfer{Direction: Informative}
		}
	}
	if served != NoCopy {
		t = Transfer{}
		t.serve(c, served, operands)
		return t
	}
	if file := c.env("WCOLL"); file != "" && set.empty() {
		set.files = append(set.files, file)
	}
	switch {
	case len(operands) < 2:
		return Transfer{}
	case c.Tool == "dcp" && set.empty():
		return Transfer{Direction: Local, Confidence: Low, LocalPaths: operands}
	}
	last := len(operands) - 1
	if c.Tool == "rpdcp" {
		t.Direction = Download
		t.LocalPaths = operands[last:]
		set.addRemotes(&t, user, operands[:last])
	} else {
		t.Direction = Upload
		t.LocalPaths = operands[:last:last]
		set.addRemotes(&t, user, operands[last:])
	}
	return t
}

// rcmd is pdsh's -R, and clush's.
func (t *Transfer) rcmd(module string) {
	switch module {
	case "ssh":
		t.Protocol, t.Channel = "ssh", Encrypted
	case "rsh":
		t.Protocol, t.Channel = "rsh", Clear
	}
}

// addRemotes adds each host with the first path, and the first host with each
// other path: all of them would be too many.
func (h *hostSet) addRemotes(t *Transfer, user string, paths []string) {
	t.Opaque = append(t.Opaque, h.files...)
	if h.named {
		t.signal(Alias)
	}
	for _, host := range h.hosts {
		t.addRemote(Remote{User: user, Host: host, Path: paths[0]}.pdshHost(t))
	}
	if len(h.hosts) == 0 {
		return
	}
	first := Remote{User: user, Host: h.hosts[0]}.pdshHost(t)
	for _, path := range paths[1:] {
		first.Path = path
		t.addRemote(first)
	}
}

// pdshHost reads [module:][user@]host.
func (r Remote) pdshHost(t *Transfer) Remote {
	if module, host, ok := strings.Cut(r.Host, ":"); ok && (module == "ssh" || module == "rsh") {
		t.rcmd(module)
		r.Host = host
	}
	if user, host, ok := strings.Cut(r.Host, "@"); ok {
		r.User, r.Host = user, host
	}
	return r
}
