package grammar

// node, also deno eval and bun -e (node --help, 20): code in -e and -p.
var nodeOptions = Options{
	Short: "cC:e:hip:r:v",
	Long: `eval= print= require= import= loader= experimental-loader= conditions= env-file= input-type= title= icu-data-dir= inspect=? inspect-brk=? inspect-port= max-old-space-size=?
		max-http-header-size=? openssl-config= redirect-warnings= stack-trace-limit=? tls-cipher-list= unhandled-rejections= use-largepages= disable-proto= dns-result-order=
		trace-warnings no-warnings interactive check version help experimental-default-type= watch-path= run= allow-fs-read= allow-fs-write=`,
}.compiled()

func node(c *Command) Transfer {
	args := c.Args
	if c.Tool == "deno" && len(args) > 1 && args[0] == "eval" {
		return readCode(c, args[1], nodeCalls, args[2:])
	}
	for i, a := range args {
		if a == "-pe" || a == "-pi" { // the only bundle
			if i+1 < len(args) {
				return readCode(c, args[i+1], nodeCalls, args[i+2:])
			}
			break
		}
		if len(a) < 2 || a[0] != '-' {
			break
		}
	}
	for o := range nodeOptions.Scan(args) {
		switch o.Name {
		case "":
			return Transfer{}
		case "e", "eval", "p", "print":
			return readCode(c, o.Value, nodeCalls, args[afterOption(args, &o):])
		}
	}
	return Transfer{}
}

var nodeCalls = []knownCall{
	{name: "http.get", deed: fetches}, {name: "https.get", deed: fetches}, {name: "fetch", deed: fetches}, {name: "axios.get", deed: fetches}, {name: "axios", near: "axios(", deed: fetches},
	{name: ".get", near: "require('http", deed: fetches}, {name: ".get", near: `require("http`, deed: fetches},
	{name: "http.request", deed: connects}, {name: "https.request", deed: connects}, {name: "axios.post", deed: sends}, {name: "axios.put", deed: sends},
	{name: ".request", near: "require('http", deed: connects}, {name: ".request", near: `require("http`, deed: connects},
	{name: "'POST'", deed: sends}, {name: `"POST"`, deed: sends}, {name: "'PUT'", deed: sends}, {name: `"PUT"`, deed: sends},
	{name: "net.connect", deed: connects, host: 2}, {name: "net.createConnection", deed: connects, host: 2}, {name: "tls.connect", deed: connects, host: 2, channel: Encrypted},
	{name: ".connect", near: "require('net')", deed: connects, host: 2}, {name: ".connect", near: `require("net")`, deed: connects, host: 2},
	{name: "host:", host: 1}, {name: "hostname:", host: 1},
	{name: "createServer", deed: listens}, {name: "express", near: "listen", deed: listens}, {name: "Deno.serve", deed: listens}, {name: "Bun.serve", deed: listens},
	{name: "readFileSync", deed: reads, file: 1}, {name: "readFile", deed: reads, file: 1}, {name: "createReadStream", deed: reads, file: 1},
	{name: "writeFileSync", deed: writes, file: 1}, {name: "writeFile", deed: writes, file: 1}, {name: "createWriteStream", deed: writes, file: 1},
	{name: "process.stdin", deed: readsStdin},
	{name: "/bin/sh", deed: startsShell}, {name: "/bin/bash", deed: startsShell},
}
