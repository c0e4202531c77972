package grammar

// CUPS prints through a server that may be any host: lp, lpr and cancel send to
// it what they are given. Without a host the server is that of a configuration,
// and printing is no copy.

var lpOptions = Options{Short: "EcmswU:d:n:o:q:t:H:P:i:h:", Permute: true}.compiled()

// lp reads lp [-E] [-h HOST[:PORT]] [-d QUEUE] [FILE...].
func lp(c *Command) Transfer { return printFiles(c, lpOptions, "h") }

var lprOptions = Options{Short: "Elhmpqrs#:C:H:J:P:T:U:o:1:2:3:4:i:w:", Permute: true}.compiled()

// lpr reads lpr [-E] [-H HOST[:PORT]] [-P QUEUE] [FILE...].
func lpr(c *Command) Transfer { return printFiles(c, lprOptions, "H") }

func printFiles(c *Command, options *Options, hostOption string) Transfer {
	t := Transfer{Direction: Upload, Protocol: "ipp", Channel: Clear}
	server := c.env("CUPS_SERVER")
	user := ""
	var files []string
	for opt := range options.Scan(c.Args) {
		switch opt.Name {
		case "":
			files = appendOperand(files, c.Args, opt.Index)
		case hostOption:
			server = opt.Value
		case "U":
			user = opt.Value
		case "E":
			t.Channel = Encrypted
		case "r":
			if hostOption == "H" {
				t.signal(RemovesSource)
			}
		case "i":
			if hostOption == "h" { // changes a job
				return Transfer{}
			}
		}
	}
	if server == "" || server[0] == '/' { // a UNIX socket
		return Transfer{}
	}
	r := parseHost(server)
	r.User = user
	t.addRemote(r)
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, file := range files {
		t.addInput(c, sent(file))
	}
	return t
}

var cancelOptions = Options{Short: "Eaxh:u:U:", Permute: true}.compiled()

// cancel reads cancel -u TEXT -h HOST, of which the text goes out as a user's name (GTFOBins).
func cancel(c *Command) Transfer {
	var r Remote
	carries := false
	for opt := range cancelOptions.Scan(c.Args) {
		switch opt.Name {
		case "h":
			r = parseHost(opt.Value)
		case "u", "U":
			carries = carries || !isLookup(opt.Value, 64)
		}
	}
	if r.Host == "" || !carries {
		return Transfer{}
	}
	return Transfer{
		Direction: Upload, Confidence: Medium, Remotes: []Remote{r},
		Signals: []Signal{InlineData}, Protocol: "ipp", Channel: Clear,
	}
}
