package grammar

import "strings"

// ruby (ruby -h, 3.1): code in -e; -run (the library un) makes -e the name of a command, of which httpd serves files.
var rubyOptions = Options{
	Short: "0::aC:cdE:e:F:i::I:K:lnpr:sSST::vVwW::x::yhX:",
	Long:  "enable= disable= external-encoding= internal-encoding= encoding= yjit=? jit=? dump= copyright version verbose help backtrace-limit= debug",
}.compiled()

func ruby(c *Command) Transfer {
	var code strings.Builder
	rest := c.Args[len(c.Args):]
	commands, found, loops := false, false, false
	for o := range rubyOptions.Scan(c.Args) {
		if o.IsOperand() {
			rest = c.Args[o.Index:]
			break
		}
		switch o.Name {
		case "e":
			found = true
			code.WriteString(o.Value)
			code.WriteByte('\n')
		case "n", "p":
			loops = true
		case "r":
			commands = commands || o.Value == "un"
			code.WriteString("require '" + o.Value + "'\n")
		}
	}
	switch {
	case !found:
		return Transfer{}
	case commands && strings.HasSuffix(code.String(), "\nhttpd\n"):
		return rubyHTTPD.read(c, rest)
	case loops:
		return readLoop(c, code.String(), rubyCalls, rest)
	}
	return readCode(c, code.String(), rubyCalls, rest)
}

// rubyHTTPD is ruby -run -e httpd -- [OPTION] DocumentRoot (lib/un.rb).
var rubyHTTPD = &dirServer{operand: true, idle: "help", options: Options{
	Short: "v", Long: "bind-address= port= max-clients= temp-dir= do-not-reverse-lookup request-timeout= http-version= server-name= server-software= ssl-certificate= ssl-private-key= help",
	Permute: true,
}.compiled()}

var rubyCalls = []knownCall{
	{name: "URI.open", deed: fetches}, {name: "Net::HTTP.get", deed: fetches}, {name: "Net::HTTP.get_response", deed: fetches},
	{name: "open", near: "open-uri", deed: opens, file: 1, mode: 2}, {name: "Net::HTTP::Get.new", deed: fetches},
	{name: "Net::HTTP.post", deed: sends}, {name: "Net::HTTP.post_form", deed: sends}, {name: "Net::HTTP::Post.new", deed: sends}, {name: "Net::HTTP::Put.new", deed: sends},
	{name: "Net::HTTP::Post::Multipart.new", deed: sends}, {name: "Net::HTTP.start", host: 1, protocol: "http"},
	{name: "Net::FTP.new", deed: connects, host: 1, protocol: "ftp", channel: Clear}, {name: "Net::FTP.open", deed: connects, host: 1, protocol: "ftp", channel: Clear},
	{name: ".putbinaryfile", deed: uploads, file: 1}, {name: ".puttextfile", deed: uploads, file: 1}, {name: ".storbinary", deed: uploads},
	{name: ".getbinaryfile", deed: downloads, file: 2}, {name: ".gettextfile", deed: downloads, file: 2}, {name: ".retrbinary", deed: downloads},
	{name: "Net::SCP.upload!", deed: uploads, host: 1, file: 3, protocol: "ssh", channel: Encrypted}, {name: "Net::SCP.download!", deed: downloads, host: 1, file: 4, protocol: "ssh", channel: Encrypted},
	{name: "Net::SFTP.start", deed: connects, host: 1, protocol: "sftp", channel: Encrypted}, {name: ".upload!", near: "Net::SFTP", deed: uploads, file: 1}, {name: ".download!", near: "Net::SFTP", deed: downloads, file: 2},
	{name: "Net::SMTP.start", deed: uploads, host: 1, protocol: "smtp", channel: Clear},
	{name: "TCPSocket.new", deed: connects, host: 1}, {name: "TCPSocket.open", deed: connects, host: 1}, {name: "UDPSocket.new", deed: connects}, {name: "Socket.tcp", deed: connects, host: 1},
	{name: "TCPServer.new", deed: listens}, {name: "TCPServer.open", deed: listens}, {name: "HTTPServer.new", deed: listens},
	{name: "File.read", deed: reads, file: 1}, {name: "File.binread", deed: reads, file: 1}, {name: "IO.read", deed: reads, file: 1}, {name: "IO.binread", deed: reads, file: 1},
	{name: "File.open", deed: opens, file: 1, mode: 2}, {name: "File.new", deed: opens, file: 1, mode: 2},
	{name: "File.write", deed: writes, file: 1}, {name: "File.binwrite", deed: writes, file: 1}, {name: "IO.write", deed: writes, file: 1}, {name: "IO.binwrite", deed: writes, file: 1},
	{name: "STDIN", deed: readsStdin}, {name: "$stdin", deed: readsStdin}, {name: "ARGF", deed: readsStdin},
	{name: "/bin/sh", deed: startsShell}, {name: "/bin/bash", deed: startsShell}, {name: "IO.popen", deed: startsShell},
}
