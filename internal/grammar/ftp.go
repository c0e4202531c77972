package grammar

import (
	"net/netip"
	"strings"
)

// ftpOptions join those of tnftp(1), of netkit's ftp with its SSL variant, and
// of inetutils; no letter takes a value in one and none in another. All of them permute.
var ftpOptions = Options{
	Short:   "46AadefginpRtVv?N:o:P:q:r:s:T:u:x:z:",
	Long:    "ipv4 ipv6 active debug no-edit no-glob no-prompt no-login netrc= prompt=? passive trace verbose help usage version",
	Permute: true, Abbreviate: true,
}.compiled()

// readFTP reads ftp, tnftp, netkit-ftp, ftp-ssl, pftp and inetutils-ftp. Only
// tnftp copies without being told at its prompt: it fetches operands that are
// URLs or host:path, and with -u uploads files to one.
func readFTP(c *Command) (t Transfer) {
	var operands []string
	var upload, output string
	port := 0
	for o := range ftpOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "u":
			upload = o.Value
		case "o":
			output = o.Value
		case "P":
			port = parsePort(o.Value)
		case "a":
			t.signal(Anonymous)
		case "z":
			noteFTPSecurity(&t, o.Value)
		case "?", "help", "usage", "version":
			t.Direction = Informative
			return t
		}
	}
	switch {
	case upload != "":
		putFTP(c, &t, upload, operands)
	case len(operands) > 0 && strings.Contains(operands[0], ":") && !isAddress(operands[0]):
		fetchFTP(c, &t, operands, output, port)
	default:
		connectFTP(c, &t, operands, port)
	}
	return t
}

// isAddress is what keeps tnftp from taking an IPv6 address for host:path.
func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// noteFTPSecurity reads -z of ftp-ssl.
func noteFTPSecurity(t *Transfer, value string) {
	switch value {
	case "secure", "ssl":
		t.Channel = Encrypted
	case "nossl", "!ssl":
		t.Channel = Clear
	}
}

func putFTP(c *Command, t *Transfer, url string, files []string) {
	t.Direction = Upload
	r := parseSite(url)
	addEnd(t, r)
	noteFTPProxy(c, t, r.Scheme)
	for _, file := range files {
		t.addInput(c, file)
	}
}

// fetchFTP is auto-fetch. A place that ends with a slash is only opened.
func fetchFTP(c *Command, t *Transfer, places []string, output string, port int) {
	var flow copies
	opened := false
	for i, place := range places {
		switch {
		case strings.HasPrefix(place, "about:"):
			continue
		case strings.HasPrefix(place, "file://"):
			t.addInput(c, strings.TrimPrefix(place, "file://"))
			flow.within = true
			continue
		}
		r, ok := parseURL(place)
		if !ok {
			r, ok = parseHostPath(place)
		}
		if !ok {
			r = parseHost(place)
		}
		if r.Port == 0 && r.Scheme == "" {
			r.Port = port
		}
		addEnd(t, r)
		if i < lookBack { // the environment is as long as its owner likes
			noteFTPProxy(c, t, r.Scheme)
		}
		if isFetched(&r) {
			flow.down = true
		} else {
			opened = true
		}
	}
	if opened && !flow.any() {
		awaitCommands(c, t)
		return
	}
	t.Direction = flow.direction()
	if output != "" && flow.any() {
		t.addOutput(c, output)
	}
}

func isFetched(r *Remote) bool {
	if r.Scheme == "http" || r.Scheme == "https" {
		return true
	}
	return r.Path != "" && !strings.HasSuffix(r.Path, "/")
}

func noteFTPProxy(c *Command, t *Transfer, scheme string) {
	if scheme != "" && c.env(scheme+"_proxy") != "" {
		t.signal(ViaProxy)
	}
}

// connectFTP has [user@]host and perhaps a port. -n and here-documents go with it.
func connectFTP(c *Command, t *Transfer, operands []string, port int) {
	if len(operands) > 0 {
		r := Remote{Host: operands[0], Port: port}
		if at := strings.LastIndexByte(r.Host, '@'); at >= 0 {
			r.User, r.Host = r.Host[:at], r.Host[at+1:]
		}
		if len(operands) > 1 {
			r.Port = parsePort(operands[1])
		}
		addEnd(t, r)
	}
	awaitCommands(c, t)
}

var yafcOptions = Options{
	Short:   "adDm:nNpqr:t::uUvw:W:Vh",
	Long:    "anon debug dump-rc mechanism= norc noproxy quiet rcfile= trace=? noauto noalias verbose wait= workdir= version help",
	Permute: true, Abbreviate: true,
}.compiled()

// readYafc reads yafc and gftp, which are told what to copy when they run.
// gftp -d URL fetches it.
func readYafc(c *Command) (t Transfer) {
	fetches := false
	for o := range yafcOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			r := parseSite(o.Value)
			addEnd(&t, r)
		case "a", "anon":
			t.signal(Anonymous)
		case "d", "download":
			fetches = strings.HasPrefix(c.Tool, "gftp")
		case "V", "version", "h", "help", "D", "dump-rc":
			return Transfer{Direction: Informative}
		}
	}
	if fetches && len(t.Remotes) > 0 {
		t.Direction = Download
		return t
	}
	awaitCommands(c, &t)
	return t
}

var ftpcopyOptions = Options{
	Short: "u:p:46l:m:x:i:X:nM:dT:L:s",
	Long: "user= pass= account= tries= data-connect-retries= login-sleep= v4 v6 loglevel= bps progress max-days= max-size= exclude= include= " +
		"in-exclude-file= ignore-size ignore-time max-depth= no-delete max-deletes= directories-only dry-run timeout= rate-limit= interactive " +
		"ascii-listings list-options= symlink-hack force-select mdtm allow-pasv-ip= no-resume tolower include-exclude-help examples see-also version help longhelp",
	Permute: true, Abbreviate: true,
}.compiled()

// readFtpcopy reads ftpcopy [options] host[:port] remotedir [localdir], or a URL
// in place of host and remotedir: a mirror, that removes what the server has no longer.
func readFtpcopy(c *Command) (t Transfer) {
	var operands []string
	var user string
	keeps, dry := false, false
	for o := range ftpcopyOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "u", "user":
			user = o.Value
		case "n", "no-delete":
			keeps = true
		case "dry-run", "version", "help", "longhelp", "examples", "see-also", "include-exclude-help":
			dry = true
		}
	}
	if len(operands) == 0 || dry {
		t.Direction = Informative
		return t
	}
	r := parseSite(operands[0])
	operands = operands[1:]
	if r.Scheme == "" && len(operands) > 0 {
		r.Path, operands = operands[0], operands[1:]
	}
	if r.User == "" {
		r.User = user
	}
	t.Direction = Download
	addEnd(&t, r)
	t.LocalPaths = operands
	if !keeps {
		t.signal(DeletesExtra)
	}
	return t
}
