package grammar

import "strings"

// perl (perlrun): code in -e and -E, modules in -M, which are part of it.
func perl(c *Command) Transfer {
	code, rest, found, loops := perlCode(c.Args)
	switch {
	case !found:
		return Transfer{}
	case loops:
		return readLoop(c, code, perlCalls, rest)
	}
	return readCode(c, code, perlCalls, rest)
}

// perlCode collects the code. Options are bundled; some take digits, some the
// rest of the argument (perl.c, Perl_moreswitches).
func perlCode(args []string) (code string, rest []string, found, loops bool) {
	var b strings.Builder
	i := 0
	for ; i < len(args); i++ {
		a := args[i]
		if len(a) < 2 || a[0] != '-' {
			break
		}
		if a == "--" {
			i++
			break
		}
		for j := 1; j < len(a); j++ {
			switch a[j] {
			case 'e', 'E':
				found = true
				text := a[j+1:]
				if text == "" && i+1 < len(args) {
					i++
					text = args[i]
				}
				b.WriteString(text)
				b.WriteByte('\n')
			case 'M', 'm':
				b.WriteString("use " + strings.TrimPrefix(a[j+1:], "-") + ";\n")
			case 'I':
				if a[j+1:] == "" {
					i++
				}
			case 'i', 'F', 'x', 'V', 'D', 'd':
			case 'n', 'p':
				loops = true
				continue
			default: // switches, and -0 and -l with digits
				continue
			}
			break
		}
	}
	return b.String(), args[min(i, len(args)):], found, loops
}

var perlCalls = []knownCall{
	{name: "getstore", near: "LWP", deed: downloads, file: 2}, {name: "getprint", near: "LWP", deed: downloads},
	{name: "mirror", near: "LWP", deed: downloads, file: 2}, {name: "mirror", near: "HTTP::Tiny", deed: downloads, file: 2},
	{name: "get", near: "LWP::Simple", deed: fetches}, {name: "->get", near: "LWP", deed: fetches}, {name: "->get", near: "HTTP::Tiny", deed: fetches},
	{name: "->post", near: "LWP", deed: sends}, {name: "->post", near: "HTTP::Tiny", deed: sends}, {name: "->put", near: "LWP", deed: sends}, {name: "->put", near: "HTTP::Tiny", deed: sends},
	{name: "POST", near: "HTTP::Request", deed: sends}, {name: "PUT", near: "HTTP::Request", deed: sends},
	{name: "form-data", deed: reads}, {name: "form_data", deed: reads},

	{name: "Net::FTP->new", deed: connects, host: 1, protocol: "ftp", channel: Clear},
	{name: "->put", near: "Net::FTP", deed: uploads, file: 1}, {name: "->get", near: "Net::FTP", deed: downloads, file: 2},
	{name: "Net::SFTP::Foreign->new", deed: connects, host: 1, protocol: "sftp", channel: Encrypted},
	{name: "->put", near: "Net::SFTP", deed: uploads, file: 1}, {name: "->get", near: "Net::SFTP", deed: downloads, file: 2},
	{name: "Net::SCP->new", deed: connects, host: 1, protocol: "ssh", channel: Encrypted},
	{name: "->put", near: "Net::SCP", deed: uploads, file: 1}, {name: "->get", near: "Net::SCP", deed: downloads},
	{name: "Net::SMTP->new", deed: uploads, host: 1, protocol: "smtp", channel: Clear},

	{name: "IO::Socket::INET->new", deed: connects, host: 1}, {name: "IO::Socket::IP->new", deed: connects, host: 1},
	{name: "IO::Socket::SSL->new", deed: connects, host: 1, channel: Encrypted},
	{name: "PeerAddr", host: 1}, {name: "PeerHost", host: 1},
	{name: "connect", near: "sockaddr_in", deed: connects}, {name: "inet_aton", host: 1},
	{name: "Listen", near: "IO::Socket", deed: listens}, {name: "HTTP::Daemon", deed: listens}, {name: "HTTP::Server", deed: listens},

	{name: "open", deed: opens, file: 3, mode: 2}, {name: "slurp", deed: reads, file: 1},
	{name: "sendfile", deed: reads},
	{name: "<STDIN>", deed: readsStdin}, {name: "<>", deed: readsStdin},
	{name: "/bin/sh", deed: startsShell}, {name: "/bin/bash", deed: startsShell},
}
