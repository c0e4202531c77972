package grammar

import "strings"

// Servers that hand out the files of a directory. What they serve is in
// LocalPaths: that of an option or operand, and else the working directory.

// dirServer is how the command line of one is read.
type dirServer struct {
	options *Options
	roots   string // names of the options that name the directory, separated by blanks
	configs string // those of a configuration file: without one, the tool is a service as installed
	idle    string // those with which it serves nothing
	// operand: the first operand is the directory.
	operand bool
}

// Sources: darkhttpd's usage, webfsd(1), thttpd(8), lighttpd(8), nginx(8),
// jwebserver's tool specification (JEP 408), and --help of the npm packages
// http-server 14 and serve 14.
var directoryServers = map[string]*dirServer{
	"darkhttpd": {operand: true, idle: "help", options: Options{
		Long:    "port= addr= maxconn= log= index= mimetypes= default-mimetype= pidfile= chroot uid= gid= header= forward= forward-all= auth= single-file no-server-id no-listing no-keepalive daemon ipv6 syslog timeout= trailing-slash hide-dotfiles help",
		Permute: true, SingleDash: true}.compiled()},
	"webfsd":      {roots: "r", idle: "h", options: Options{Short: "hdsF46Pp:r:R:f:n:i:t:c:a:l:L:m:b:k:u:g:jx:C:S:e:M:y:v~:O:"}.compiled()},
	"thttpd":      {roots: "d", configs: "C", idle: "V", options: Options{Short: "C:p:d:u:l:i:h:c:T:P:M:V", Long: "dd= r nor v nov s nos D g", SingleDash: true}.compiled()},
	"lighttpd":    {configs: "f", idle: "t p v V h", options: Options{Short: "f:m:i:ptvVhD1"}.compiled()},
	"nginx":       {configs: "c p", idle: "s t T v V h ?", options: Options{Short: "c:p:g:s:e:tTvVhq?"}.compiled()},
	"jwebserver":  {roots: "d directory", idle: "h ? help version", options: Options{Short: "b:d:o:p:h?", Long: "bind-address= directory= output= port= help version", Permute: true}.compiled()},
	"http-server": {operand: true, idle: "h help v version", options: Options{Short: "p:a:d:i:g:b:e:s:c:t:U:P:S:C:K:r:o::h:v", Long: "port= proxy= proxy-options= cors=? username= password= cert= key= tls ssl ext= base-dir= robots=? mimetypes= brotli gzip silent log-ip utc websocket help version", Permute: true}.compiled()},
	"serve":       {operand: true, idle: "h help v version", configs: "c config", options: Options{Short: "hvl:p:sdc:nSCuL", Long: "help version listen= port= single debug config= no-request-logging cors no-clipboard no-compression no-etag symlinks ssl-cert= ssl-key= ssl-pass= no-port-switching", Permute: true}.compiled()},
}

// directoryServer is the grammar of these tools, by their names.
func directoryServer(c *Command) Transfer {
	s := directoryServers[c.Tool]
	if s == nil {
		return Transfer{}
	}
	return s.read(c, c.Args)
}

func (s *dirServer) read(c *Command, args []string) Transfer {
	t := Transfer{Direction: Listen}
	for o := range s.options.Scan(args) {
		switch {
		case o.IsOperand():
			if s.operand && len(t.LocalPaths) == 0 {
				t.LocalPaths = append(t.LocalPaths, o.Value)
			}
		case isOneOf(o.Name, s.idle):
			return Transfer{Direction: Informative}
		case isOneOf(o.Name, s.roots):
			t.LocalPaths = append(t.LocalPaths[:0], o.Value)
		case isOneOf(o.Name, s.configs):
			t.addOpaque(o.Value)
			t.signal(OpaqueConfig)
		}
	}
	if len(t.LocalPaths) > 0 || len(t.Opaque) > 0 {
		return t
	}
	if s.configs != "" && !s.operand && s.roots == "" {
		return Transfer{} // a service as it is installed
	}
	if c.Directory != "" {
		t.LocalPaths = append(t.LocalPaths, c.Directory)
	}
	return t
}

// caddy (caddy file-server --help, 2.8).
var caddy = &verb{
	options: "h,help!help",
	verbs: map[string]*verb{
		"file-server":   {direction: Listen, options: "r,root=file a,access-log b,browse d,domain= l,listen= f,file-limit= t,templates v,debug no-compress p,precompressed= reveal-symlinks", read: fromDirectory},
		"reverse-proxy": {direction: Bidirectional, options: "f,from= t,to=url c,change-host-header insecure!unverified i,internal-certs d,disable-redirects a,access-log v,debug H,header-down= header-up=", read: func(r *reading) { r.signal(Tunnel) }},
	},
}

// busyboxHTTPD is busybox httpd [-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER] [-r REALM] [-h HOME], 1.35.
var busyboxHTTPDOptions = Options{Short: "ifvc:p:u:r:h:m:e:d:"}.compiled()

func busyboxHTTPD(c *Command) Transfer {
	t := Transfer{Direction: Listen}
	home := c.Directory
	for o := range busyboxHTTPDOptions.Scan(c.Args) {
		switch o.Name {
		case "h":
			home = o.Value
		case "c":
			t.addOpaque(o.Value)
			t.signal(OpaqueConfig)
		case "m", "e", "d":
			return Transfer{} // encodes or decodes a text
		}
	}
	if home != "" {
		t.LocalPaths = append(t.LocalPaths, home)
	}
	return t
}

// npx runs a package of npm (npm help exec): those that serve files or make a tunnel are known.
var npxOptions = Options{
	Short: "p:c:yqw:", Long: "package= call= yes no quiet prefix= registry= workspace= ignore-existing no-install cache= userconfig= shell= node-arg=",
}.compiled()

func npx(c *Command) Transfer {
	for o := range npxOptions.Scan(c.Args) {
		if o.IsOperand() {
			return runPackage(c, o.Value, c.Args[o.Index+1:])
		}
	}
	return Transfer{}
}

func npxRun(r *reading) {
	t := runPackage(r.Command, r.operands[0], r.operands[1:])
	if t.Direction == NoCopy {
		r.refuses = true
		return
	}
	r.Transfer = t
}

// runPackage takes a package and its arguments; its version may follow "@".
func runPackage(c *Command, name string, args []string) Transfer {
	if at := strings.LastIndexByte(name, '@'); at > 0 {
		name = name[:at]
	}
	switch name {
	case "http-server", "serve":
		return directoryServers[name].read(c, args)
	case "localtunnel", "lt", "ngrok", "untun":
		t := Transfer{Direction: Bidirectional}
		t.signal(Tunnel)
		t.signal(Relay)
		return t
	}
	return Transfer{}
}
