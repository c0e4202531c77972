package grammar

import "strings"

// Tools of research networks and of Aspera. Their notations are those of scp,
// or URLs with file: for this host.

// readGlobusURL reads globus-url-copy [options] source target, and -f with a
// file of such pairs. "-" and file: are this host.
func readGlobusURL(c *Command) (t Transfer) {
	return readURLCopy(c, globusOptions, "f", "h help version versions usage list")
}

var globusOptions = Options{
	SingleDash: true, Permute: true,
	Long: "help usage version versions a b s= ss= ds= p= parallel= tcp-bs= tcp-buffer-size= bs= block-size= f= c r recurse cd create-dest cc= concurrency= " +
		"fast nodcau no-dcau dcpriv dcsafe data-cred= df= dumpfile= do= dump-only= stripe sbs= striped-block-size= q quiet v vb dbg off= " +
		"partial-offset= len= partial-length= rst-retries= rst-interval= rst-timeout= rst notpt udt ipv6 gridftp2 g2 sync sync-level= list= pp " +
		"pipeline stall-timeout= st= source-subject= dest-subject= subject= mc= multicast= alias= af= cp clear-param= nl-bottleneck=",
}.compiled()

// readGfalCopy reads gfal-copy source target..., with URLs.
func readGfalCopy(c *Command) (t Transfer) {
	return readURLCopy(c, gfalOptions, "from-file", "h help V version")
}

var gfalOptions = Options{
	Short: "hVvpn:D:t:E:46C:fs:S:T:K:r",
	Long: "help version verbose definition= timeout= cert= key= client-info= log-file= force parent nbstreams= tcp-buffersize= src-spacetoken= " +
		"dst-spacetoken= transfer-timeout= checksum= checksum-mode= from-file= just-copy abort-on-failure dry-run recursive copy-mode= evict",
	Permute: true, Abbreviate: true,
}.compiled()

// readXrdcp reads xrdcp [options] source... target, with root:// URLs and local paths.
func readXrdcp(c *Command) (t Transfer) {
	return readURLCopy(c, xrdcpOptions, "I infiles", "h help V version")
}

var xrdcpOptions = Options{
	Short: "C:d:DfFhHI:lmnNpPrRsS:t:T:vVX:y:zZA:",
	Long: "cksum= debug= dynamic-src force coerce help infiles= license nopbar posc path parallel= recursive retry= retry-policy= server silent " +
		"streams= tlsnodata notlsok tlsmetalink tpc= verbose version xrate= xrate-threshold= sources= zip= allow-http xattr continue zip-append proxy=",
	Permute: true, Abbreviate: true,
}.compiled()

// readURLCopy is for tools whose operands are URLs, the last of them the
// target. The options named in lists hold more pairs; those in informs copy nothing.
func readURLCopy(c *Command, options *Options, lists, informs string) (t Transfer) {
	var operands []string
	listed := false
	for o := range options.Scan(c.Args) {
		switch {
		case o.IsOperand():
			operands = appendOperand(operands, c.Args, o.Index)
		case o.Unknown:
		case isOneOf(o.Name, lists):
			t.addOpaque(o.Value)
			listed = true
		case isOneOf(o.Name, informs), o.Name == "dry-run":
			return Transfer{Direction: Informative}
		}
	}
	copyOperands(c, &t, operands, parseURLOrPath)
	if listed {
		t.Direction = Unknown
		if len(operands) == 1 {
			listedCopy(c, &t, operands[0])
		}
		t.signal(OpaqueConfig)
	}
	return t
}

// listedCopy has one operand, the target of what a file lists.
func listedCopy(c *Command, t *Transfer, target string) {
	if _, remote := parseURLOrPath(target); !remote {
		t.Direction = Download
		t.addOutput(c, target)
	}
}

// parseURLOrPath takes URLs for remote, but for file:.
func parseURLOrPath(s string) (Remote, bool) {
	r, ok := parseURL(s)
	return r, ok && r.Scheme != "file"
}

var bbcpOptions = Options{
	Short: "@a::Ab:B:c::C:d:DeE:fFghi:I:kKl:L:m:nN:opP:q:rR::s:S:t:T:u:U:vVw:W:x:yY:zZ:46:#%=$#+",
	Long: "append ascii bind= buffsz= compress= config= checksum= dir= debug force infiles= keep license links= logfile= mode= dns= " +
		"omit preserve progress= qos= recursive streams= realtime= stats sync ports= port= window= timelimit= windowsz= verbose version xfrate= help",
	Permute: false, Abbreviate: true,
}.compiled()

// readBbcp reads bbcp [options] source... target with [user@]host:path, as scp.
func readBbcp(c *Command) (t Transfer) {
	var operands []string
	listed := false
	for o := range bbcpOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "I", "infiles":
			t.addOpaque(o.Value)
			t.signal(OpaqueConfig)
			listed = true
		case "h", "help", "version", "#", "$", "license":
			return Transfer{Direction: Informative}
		}
	}
	copyOperands(c, &t, operands, parseHostPath)
	if listed && len(operands) == 1 {
		t.Direction = Unknown
	}
	return t
}

var ascpOptions = Options{
	Short: "46AC:dD:e:E:f:g:G:hi:k:K:l:L:m:M:N:o:O:pP:qQR:S:Tu:vW:w:x:X:Y:Z:z:@:",
	Long: "host= user= mode= file-list= file-pair-list= file-manifest= file-manifest-path= file-crypt= check-sshfp= apply-local-docroot " +
		"delete-before-transfer dest64 exclude-newer-than= exclude-older-than= ignore-host-key keepalive memory= meta= move-after-transfer= " +
		"no-open no-read no-write overwrite= partial-file-suffix= preserve-access-time preserve-acls= preserve-file-owner-gid= proxy= " +
		"remove-after-transfer remove-empty-directories retry-timeout= save-before-overwrite skip-special-files source-prefix= source-prefix64= " +
		"src-base= src-base64= symbolic-links= tags= tags64= transport= udp-port= tcp-port= raw-options= version help mode64= preserve-creation-time " +
		"preserve-modification-time preserve-times", Permute: true, Abbreviate: true,
}.compiled()

// ascpRun is what the options of ascp say about its ends.
type ascpRun struct {
	operands         []string
	host, user, mode string
	port             int
	listed, informs  bool
}

// readAscp reads ascp and ascp4: scp's notation, or --mode=send|recv with --host
// and local or remote paths.
func readAscp(c *Command) (t Transfer) {
	a := ascpRun{}
	for o := range ascpOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			a.operands = appendOperand(a.operands, c.Args, o.Index)
		case "host":
			a.host = o.Value
		case "user":
			a.user = o.Value
		case "mode":
			a.mode = o.Value
		case "P", "tcp-port":
			a.port = parsePort(o.Value)
		case "file-list", "file-pair-list":
			t.addOpaque(o.Value)
			a.listed = true
		case "remove-after-transfer":
			t.signal(RemovesSource)
		case "ignore-host-key":
			t.signal(Unverified)
		case "proxy":
			t.signal(ViaProxy)
		case "T":
			t.Channel = Clear // no encryption of what is copied
		case "A", "h", "help", "version":
			a.informs = true
		}
	}
	if a.informs && len(a.operands) == 0 {
		return Transfer{Direction: Informative}
	}
	if a.listed {
		t.signal(OpaqueConfig)
	}
	a.copy(c, &t)
	return t
}

func (a *ascpRun) copy(c *Command, t *Transfer) {
	last := len(a.operands) - 1
	switch {
	case a.host == "" || a.mode == "" || last < 0:
		copyOperands(c, t, a.operands, parseHostPath)
		for i := range t.Remotes {
			t.Remotes[i].Port = a.port
		}
	case a.mode == "send":
		t.Direction = Upload
		for _, path := range a.operands[:last] {
			t.addInput(c, path)
		}
		addEnd(t, Remote{User: a.user, Host: a.host, Port: a.port, Path: a.operands[last]})
	default:
		t.Direction = Download
		for _, path := range a.operands[:last] {
			addEnd(t, Remote{User: a.user, Host: a.host, Port: a.port, Path: path})
		}
		if last == 0 {
			addEnd(t, Remote{User: a.user, Host: a.host, Port: a.port})
		}
		t.addOutput(c, a.operands[last])
	}
}

var bbftpOptions = Options{
	Short: "bcD:e:E:f:g:hi:I:L:mno:p:P:qr:R:sS:tu:vVw:W:x:z:", Permute: true,
}.compiled()

var bbftpSyntax = scriptSyntax{separators: ";\n", quotes: `"`}.compiled()

// readBbftp reads bbftp -u user -e 'put local remote; get remote local' host, and -i file.
func readBbftp(c *Command) (t Transfer) {
	var site Remote
	var commands, file string
	for o := range bbftpOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			site.Host = o.Value
		case "u":
			site.User = o.Value
		case "w":
			site.Port = parsePort(o.Value)
		case "e":
			commands = o.Value
		case "i":
			file = o.Value
		case "v", "h":
			return Transfer{Direction: Informative}
		}
	}
	if site.Host == "" {
		return t
	}
	var flow copies
	reader := scriptReader{scriptSyntax: &bbftpSyntax, rest: commands}
	for reader.next() {
		if len(reader.words) > 1 {
			bbftpCommand(c, &t, &flow, site, reader.words[0], reader.words[1:])
		}
	}
	switch {
	case flow.any():
		t.Direction = flow.direction()
	case file != "":
		addEnd(&t, site)
		readCommandsFrom(&t, file)
	default:
		addEnd(&t, site)
		t.Direction = Informative
	}
	return t
}

func bbftpCommand(c *Command, t *Transfer, flow *copies, site Remote, verb string, args []string) {
	second := strings.Join(args[1:min(2, len(args))], "")
	switch verb {
	case "put", "mput":
		flow.up = true
		t.addInput(c, args[0])
		site.Path = second
	case "get", "mget":
		flow.down = true
		site.Path = args[0]
		if second != "" {
			t.addOutput(c, second)
		}
	default:
		return
	}
	addEnd(t, site)
}

// icommandsOptions join those of iput, iget and irsync that take values.
var icommandsOptions = Options{
	Short: "abD:fhiIkKn:N:p:PQrR:sSTt:vVX:Z:l",
	Long:  "link lfrestart= retries= wlock rlock purgec kv_pass= acl= metadata= ticket= age= exclude-from= ignore-symlinks", Permute: true,
}.compiled()

// readIcommands reads iput local... [target], iget remote... [local] and irsync
// source... target with i: before remote paths. ~/.irods says where they are.
func readIcommands(c *Command) (t Transfer) {
	var operands []string
	for o := range icommandsOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "h":
			return Transfer{Direction: Informative}
		}
	}
	if len(operands) == 0 {
		return t
	}
	host := c.env("IRODS_HOST")
	split := len(operands) // where the target begins
	if split > 1 {
		split--
	}
	switch c.Tool {
	case "iput":
		t.Direction = Upload
		for _, path := range operands[:split] {
			t.addInput(c, path)
		}
		if split == len(operands) {
			operands = append(operands, "") // the working collection
		}
		addIrods(&t, host, operands[split:])
	case "iget":
		t.Direction = Download
		addIrods(&t, host, operands[:split])
		for _, path := range operands[split:] {
			t.addOutput(c, path)
		}
	default:
		copyOperands(c, &t, operands, func(s string) (Remote, bool) {
			path, ok := strings.CutPrefix(s, "i:")
			if !ok {
				return Remote{}, false
			}
			r, _ := irodsEnd(host, path)
			return r, true
		})
	}
	return t
}

func addIrods(t *Transfer, host string, paths []string) {
	for _, path := range paths {
		if r, ok := irodsEnd(host, path); ok {
			addEnd(t, r)
		}
	}
}

// irodsEnd names the zone, which is the first part of an absolute path, where
// the environment does not name the host.
func irodsEnd(host, path string) (Remote, bool) {
	r := Remote{Host: host, Path: path, Scheme: "irods"}
	if r.Host == "" && strings.HasPrefix(path, "/") {
		r.Host, _, _ = strings.Cut(path[1:], "/")
	}
	return r, r.Host != ""
}
