package grammar

import "strings"

// Three clients are called tftp. That of tftp-hpa takes a command after -c, the
// applet of busybox and atftp have options for direction and files, and that of
// inetutils has neither. The letters tell which it is.
var (
	// -l takes a value, and is a switch in tftp-hpa.
	busyboxTFTPOptions = Options{
		Short: "gpl:r:b:P:Vh",
		Long: "get mget put local-file= remote-file= password= tftp-timeout= option= mtftp= no-source-port-checking prevent-sas verbose trace " +
			"version help",
		Permute: true, Abbreviate: true,
	}.compiled()
	hpaTFTPOptions = Options{Short: "46vlVm:R:c", Long: "verbose help version usage", Permute: true}.compiled()
)

func readTFTP(c *Command) (t Transfer) {
	t.Protocol, t.Channel = "tftp", Clear
	if command := hpaTFTPCommand(c.Args); command > 0 {
		readHPA(c, &t, command)
		return t
	}
	var site, local, remote string
	var port, up, down int
	for o := range busyboxTFTPOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			if site == "" {
				site = o.Value
			} else {
				port = parsePort(o.Value)
			}
		case "l", "local-file":
			local = o.Value
		case "r", "remote-file":
			remote = o.Value
		case "p", "put":
			up = 1
		case "g", "get", "mget":
			down = 1
		case "V", "version", "h", "help":
			return Transfer{Direction: Informative}
		}
	}
	if up+down == 0 {
		connectTFTP(c, &t)
		return t
	}
	if site != "" {
		host, glued := splitPort(site)
		addEnd(&t, Remote{Host: host, Port: max(port, glued), Path: remote})
	}
	t.Direction = Download
	if up == 1 {
		t.Direction = Upload
	}
	addTFTPFile(c, &t, local, up == 1)
	return t
}

func addTFTPFile(c *Command, t *Transfer, path string, input bool) {
	switch {
	case path == "":
	case input:
		t.addInput(c, path)
	default:
		t.addOutput(c, path)
	}
}

// connectTFTP has at most a host and a port: what is copied will be said at the prompt.
func connectTFTP(c *Command, t *Transfer) {
	addEnd(t, hpaSite(c.Args))
	awaitCommands(c, t)
}

// hpaTFTPCommand is where the command of tftp-hpa begins, or 0. -c ends its options.
func hpaTFTPCommand(args []string) int {
	for o := range hpaTFTPOptions.Scan(args) {
		switch {
		case o.Name == "g" || o.Name == "p" || o.Name == "r":
			return 0
		case o.Name == "c" && !o.Long:
			return o.Index + 1
		}
	}
	return 0
}

func hpaSite(args []string) (r Remote) {
	for o := range hpaTFTPOptions.Scan(args) {
		switch {
		case !o.IsOperand():
		case r.Host == "":
			r.Host = o.Value
		default:
			r.Port = parsePort(o.Value)
		}
	}
	return r
}

// readHPA reads tftp host [port] -c put local... [remote], and get remote... [local].
// A host may stand before each remote file.
func readHPA(c *Command, t *Transfer, command int) {
	site, words := hpaSite(c.Args[:command-1]), c.Args[command:]
	if len(words) == 0 {
		t.Direction = Informative
		return
	}
	verb, files := words[0], words[1:]
	switch {
	case len(files) == 0:
		t.Direction = Informative
	case strings.HasPrefix("put", verb) && verb != "":
		t.Direction = Upload
		target := ""
		if len(files) > 1 || strings.Contains(files[0], ":") {
			target, files = files[len(files)-1], files[:len(files)-1]
		}
		addTFTPEnd(t, site, target)
		for _, file := range files {
			t.addInput(c, file)
		}
	case strings.HasPrefix("get", verb) && verb != "":
		t.Direction = Download
		if len(files) == 2 {
			t.addOutput(c, files[1])
			files = files[:1]
		}
		for _, file := range files {
			addTFTPEnd(t, site, file)
		}
	default:
		t.Direction = Informative
	}
}

func addTFTPEnd(t *Transfer, site Remote, path string) {
	if host, file, ok := strings.Cut(path, ":"); ok {
		site.Host, path = host, file
	}
	site.Path = path
	addEnd(t, site)
}
