package grammar

// python is CPython and PyPy (python --help): modules that serve or copy, run by -m, and code in -c.
func python(c *Command) Transfer {
	for o := range pythonOptions.Scan(c.Args) {
		switch {
		case o.IsOperand(): // a script, of which nothing is known
			return Transfer{}
		case o.Name == "c":
			return readCode(c, o.Value, pythonCalls, c.Args[afterOption(c.Args, &o):])
		case o.Name == "m":
			return runModule(c, o.Value, c.Args[afterOption(c.Args, &o):])
		}
	}
	return Transfer{}
}

var pythonOptions = Options{
	Short: "bBc:dEhiIm:OPqRsStuvVW:xX:?J", Long: "help help-env help-xoptions help-all version check-hash-based-pycs=",
}.compiled()

// afterOption is where the arguments go on after an option with a value.
func afterOption(args []string, o *Option) int {
	if o.HasValue && o.Index+1 < len(args) && args[o.Index+1] == o.Value && len(args[o.Index]) > 1 && args[o.Index][len(args[o.Index])-1:] == o.Name[len(o.Name)-1:] {
		return o.Index + 2
	}
	return o.Index + 1
}

// pythonServers are modules that serve files: their usage texts in CPython 2.7
// to 3.13, pyftpdlib 1.5, uploadserver 5, RangeHTTPServer 1.4, wsgidav 4, updog 1.4.
var pythonServers = map[string]*dirServer{
	"http.server":      {roots: "d directory", idle: "h help", options: Options{Short: "hb:d:p:", Long: "help cgi bind= directory= protocol= tls-cert= tls-key= tls-password-file=", Permute: true, Abbreviate: true}.compiled()},
	"SimpleHTTPServer": {options: Options{}.compiled()},
	"CGIHTTPServer":    {options: Options{}.compiled()},
	"pyftpdlib":        {roots: "d directory", idle: "h help v version", options: Options{Short: "hi:p:wd:n:r:DvVu:P:", Long: "help interface= port= write directory= nat-address= range= debug version verbose username= password= concurrency=", Permute: true, Abbreviate: true}.compiled()},
	"uploadserver":     {roots: "d directory", idle: "h help", options: Options{Short: "hb:d:t:c:p:", Long: "help bind= directory= cgi allow-replace theme= server-certificate= client-certificate= token= basic-auth= basic-auth-upload=", Permute: true, Abbreviate: true}.compiled()},
	"RangeHTTPServer":  {idle: "h help", options: Options{Short: "hb:", Long: "help bind=", Permute: true}.compiled()},
	"wsgidav":          {roots: "r root", configs: "c config", idle: "h help V version", options: Options{Short: "hp:H:r:qvc:V", Long: "help port= host= root= auth= server= ssl-adapter= quiet no-verbose verbose config= no-config browse version", Permute: true, Abbreviate: true}.compiled()},
	"updog":            {roots: "d directory", idle: "h help version", options: Options{Short: "hd:p:", Long: "help directory= port= password= ssl version", Permute: true, Abbreviate: true}.compiled()},
}

func runModule(c *Command, module string, args []string) Transfer {
	if s := pythonServers[module]; s != nil {
		return s.read(c, args)
	}
	inner := *c
	inner.Args = args
	switch module {
	case "twisted":
		return twistedTool(&inner)
	case "twine":
		return twineTool(&inner)
	case "smtpd", "aiosmtpd":
		return Transfer{Direction: Listen, Protocol: "smtp", Channel: Clear}
	case "ftplib":
		return ftplibTest(args)
	}
	return Transfer{}
}

// pythonServer is for the programs of the same names.
func pythonServer(c *Command) Transfer { return runModule(c, c.Tool, c.Args) }

// ftplibTest is ftplib [-d] [-r[file]] host [-l[dir]] [-d[dir]] [-p] [file]...: it
// writes the files to its output (test() in Lib/ftplib.py).
func ftplibTest(args []string) Transfer {
	t := Transfer{Protocol: "ftp", Channel: Clear}
	for _, a := range args[:min(len(args), maxRemotes)] {
		switch {
		case a == "" || a[0] == '-':
		case len(t.Remotes) == 0:
			t.Remotes = append(t.Remotes, parseHost(a))
		default:
			t.Direction = Download
			r := t.Remotes[0]
			if r.Path != "" {
				t.addRemote(Remote{Host: r.Host, Path: a})
				continue
			}
			t.Remotes[0].Path = a
		}
	}
	if t.Direction == NoCopy {
		return Transfer{}
	}
	t.signal(StdoutData)
	return t
}

// twisted is twistd and twist (twistd web --help, twistd ftp --help; 22).
var twisted = &verb{
	options: "n,nodaemon o,no_save l,logfile= y,python= f,file= s,source= pidfile= reactor= u,uid= g,gid= umask= rundir= chroot= logger= log-level= log-format= log-file= h,help!help version!other e,encrypted euid originalname b,debug syslog prefix= spew profile= profiler= savestats",
	verbs: map[string]*verb{
		"web": {direction: Listen, options: "path=file p,port= listen= http= https= c,certificate= k,privkey= l,logfile= user personal class= resource-script= wsgi= n,notracebacks display-tracebacks index= mime-type= processor= add-header= i,ignore-ext=", read: fromDirectory},
		"ftp": {direction: Listen, options: "p,port= r,root=file userAnonymous= auth= password-file= help-auth", read: fromDirectory},
	},
}

var pythonCalls = []knownCall{
	{name: "requests.post", deed: sends}, {name: "requests.put", deed: sends}, {name: "requests.patch", deed: sends},
	{name: "httpx.post", deed: sends}, {name: "httpx.put", deed: sends},
	{name: ".post", near: "requests", deed: sends}, {name: ".put", near: "requests", deed: sends},
	{name: "requests.get", deed: fetches}, {name: "httpx.get", deed: fetches}, {name: "httpx.stream", deed: fetches},
	{name: "urlretrieve", deed: downloads, file: 2}, {name: "wget.download", deed: downloads, file: 2},
	{name: ".retrieve", near: "URLopener", deed: downloads, file: 2},
	{name: "urlopen", deed: fetches, body: 2}, {name: "Request", near: "urllib", body: 2},
	{name: "HTTPConnection", deed: connects, host: 1, protocol: "http", channel: Clear},
	{name: "HTTPSConnection", deed: connects, host: 1, protocol: "http", channel: Encrypted},
	{name: ".request", near: "http.client", deed: fetches, body: 3},

	{name: "FTP", near: "ftplib", deed: connects, host: 1, protocol: "ftp", channel: Clear},
	{name: "FTP_TLS", near: "ftplib", deed: connects, host: 1, protocol: "ftp", channel: Encrypted},
	{name: ".storbinary", deed: uploads}, {name: ".storlines", deed: uploads},
	{name: ".retrbinary", deed: downloads}, {name: ".retrlines", deed: downloads},
	{name: ".put", near: "sftp", deed: uploads, file: 1, protocol: "sftp", channel: Encrypted},
	{name: ".get", near: "sftp", deed: downloads, file: 2, protocol: "sftp", channel: Encrypted},
	{name: ".put", near: "SCPClient", deed: uploads, file: 1, protocol: "ssh", channel: Encrypted},
	{name: ".get", near: "SCPClient", deed: downloads, protocol: "ssh", channel: Encrypted},
	{name: "Transport", near: "paramiko", deed: connects, host: 1},
	{name: "pysftp.Connection", deed: connects, host: 1},
	{name: "SMTP", near: "smtplib", deed: connects, host: 1, protocol: "smtp", channel: Clear},
	{name: "SMTP_SSL", near: "smtplib", deed: connects, host: 1, protocol: "smtp", channel: Encrypted},
	{name: ".sendmail", deed: uploads}, {name: ".send_message", deed: uploads},
	{name: ".upload_file", deed: uploads, file: 1}, {name: ".upload_fileobj", deed: uploads},
	{name: ".download_file", deed: downloads, file: 3}, {name: ".download_fileobj", deed: downloads},

	{name: ".connect(", near: "socket", deed: connects, host: 1}, {name: ".connect_ex(", near: "socket", deed: connects, host: 1},
	{name: ".connect(", near: "paramiko", deed: connects, host: 1}, {name: ".connect(", near: "ftplib", deed: connects, host: 1}, {name: ".connect(", near: "smtplib", deed: connects, host: 1},
	{name: "create_connection", deed: connects, host: 1},
	{name: ".bind", near: "socket", deed: listens}, {name: "create_server", near: "socket", deed: listens},
	{name: "HTTPServer", deed: listens}, {name: "TCPServer", deed: listens},

	{name: "open(", deed: opens, file: 1, mode: 2}, {name: "Path(", file: 1},
	{name: ".read_bytes", deed: reads}, {name: ".read_text", deed: reads},
	{name: ".write_bytes", deed: writes}, {name: ".write_text", deed: writes},
	{name: "sys.stdin", deed: readsStdin},
	{name: "pty.spawn", deed: startsShell}, {name: "os.dup2", deed: startsShell},
	{name: "/bin/sh", deed: startsShell}, {name: "/bin/bash", deed: startsShell},
}
