package grammar

// scriptGrammars are those of interpreters and servers of files. Their
// arguments are what follows the interpreter. The tools that share one are
// named beside it.
var scriptGrammars = map[string]Grammar{
	"python": python, // python2, python3, pypy, micropython
	"perl":   perl,
	"php":    php,  // php-cgi, php-cli
	"ruby":   ruby, // jruby
	"node":   node, // nodejs, deno, bun
	"lua":    lua,  // luajit, texlua
	"julia":  julia,
	"awk":    awk,   // gawk, nawk
	"pwsh":   pwsh,  // powershell
	"shell":  shell, // sh, bash, dash, ash, zsh, ksh, mksh

	"webserver":     directoryServer, // darkhttpd, webfsd, thttpd, lighttpd, nginx, jwebserver, http-server, serve
	"python-server": pythonServer,    // pyftpdlib, uploadserver, wsgidav, updog
	"twisted":       twistedTool,     // twistd, twist
	"caddy":         caddy.grammar(),
	"busybox-httpd": busyboxHTTPD,
}

var twistedTool = twisted.grammar()
