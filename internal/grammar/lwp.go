package grammar

import "strings"

// lwpOptions are those of lwp-request(1), bundled (Getopt::Long).
var lwpOptions = Options{Short: "afuUsSeEdhvPm:b:t:i:c:C:H:p:o:", Permute: true}.compiled()

// lwpRequest reads lwp-request, which is also GET, POST and HEAD by its name.
// What POST and PUT send is read from standard input.
func lwpRequest(c *Command) Transfer {
	var t Transfer
	method, user, hidden, forced, proxy := c.Tool, "", false, false, true
	var urls []string
	for opt := range lwpOptions.Scan(c.Args) {
		switch opt.Name {
		case "":
			if len(urls) < maxRemotes {
				urls = append(urls, opt.Value)
			}
		case "h", "v":
			return Transfer{Direction: Informative}
		case "m":
			method = strings.ToUpper(opt.Value)
		case "C":
			user, _, _ = strings.Cut(opt.Value, ":")
		case "c":
			forced = true
		case "d":
			hidden = true
		case "p":
			t.signal(ViaProxy)
		case "P":
			proxy = false
		}
	}
	if len(urls) == 0 {
		return Transfer{}
	}
	var proxies proxyCheck
	for _, url := range urls {
		r := webURL(url, "http")
		if user != "***" && r.User == "" {
			r.User = user
		}
		t.connect(r)
		if proxy && proxies.proxied(c, r) {
			t.signal(ViaProxy)
		}
	}
	switch {
	case method == "POST" || method == "PUT" || forced && method != "GET" && method != "HEAD" && method != "lwp-request":
		t.Direction = Upload
		t.addInput(c, "-")
	case method == "HEAD":
		t.Direction = Informative
	default:
		t.Direction = Download
		if !hidden {
			t.addOutput(c, "-")
		}
	}
	return t
}

var lwpDownloadOptions = Options{Short: "ash", Long: "help", Permute: true}.compiled()

// lwpDownload reads lwp-download [-as] URL [PATH].
func lwpDownload(c *Command) Transfer { return lwpFetch(c, lwpDownloadOptions) }

var lwpMirrorOptions = Options{Long: "v h i= t=", Permute: true, SingleDash: true}.compiled()

// lwpMirror reads lwp-mirror [-v] [-t TIMEOUT] URL FILE.
func lwpMirror(c *Command) Transfer { return lwpFetch(c, lwpMirrorOptions) }

func lwpFetch(c *Command, options *Options) Transfer {
	var operands []string
	for opt := range options.Scan(c.Args) {
		switch {
		case opt.IsOperand():
			operands = appendOperand(operands, c.Args, opt.Index)
		case opt.Name == "h" || opt.Name == "help":
			return Transfer{Direction: Informative}
		}
	}
	if len(operands) == 0 {
		return Transfer{}
	}
	t := Transfer{Direction: Download}
	r := webURL(operands[0], "http")
	t.connect(r)
	if proxied(c, r) {
		t.signal(ViaProxy)
	}
	switch name := fileName(r.Path); {
	case len(operands) > 1:
		t.addOutput(c, operands[1])
	case name != "":
		t.LocalPaths = append(t.LocalPaths, unescape(name))
	default:
		t.LocalPaths = append(t.LocalPaths, ".")
	}
	return t
}
