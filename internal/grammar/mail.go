package grammar

import (
	"slices"
	"strings"
)

// Mail is a copy to who receives it: the message of standard input, and the files that are attached.

// mailx is mail and mailx in the versions of BSD, GNU and Heirloom (s-nail).
// -a is a header for the first two and a file for the last, -A a file for GNU
// and an account for the last: what has a colon and blank is a header.
var mailxOptions = Options{
	Short:   "a:A:b:c:dDeEf::FiIM:nNq:r:s:S:tT:u:vX:.~#",
	Long:    "append= attach= attach-fd= content-type= content-name= encoding= subject= return-address= to alternative file=? mime mime-encode nosign help version byname",
	Permute: true, Abbreviate: true,
}.compiled()

func mailx(c *Command) Transfer {
	r := reading{Command: c}
	attached := false
	for o := range mailxOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			takeAddress(&r, o.Value)
			r.flags = "A"
		case "a":
			if isHeader(o.Value) {
				break
			}
			fallthrough
		case "attach":
			attached = true
			r.addInput(c, o.Value)
		case "A":
			if strings.ContainsAny(o.Value, "/.") {
				attached = true
				r.addInput(c, o.Value)
			}
		case "q":
			r.addInput(c, o.Value)
			attached = true
		case "b", "c":
			takeAddress(&r, o.Value)
		case "t", "to":
			r.flags = "A"
		case "f", "file", "e", "u", "help", "version":
			return Transfer{}
		}
	}
	if r.flags == "" {
		return Transfer{} // reads mail
	}
	return r.mailed(attached)
}

// isHeader tells "X-Priority: 1" from a file.
func isHeader(s string) bool {
	name, _, ok := strings.Cut(s, ":")
	return ok && !strings.ContainsAny(name, "/. ")
}

// mailed is a message with its text on standard input. One that a person types is no copy of a file.
func (r *reading) mailed(attached bool) Transfer {
	if r.Stdin.HoldsData() || r.Stdin.Type == "" && !attached {
		r.addInput(r.Command, "-")
	} else if !attached {
		return Transfer{}
	}
	r.Direction = Upload
	mailProtocol(r)
	if len(r.Remotes) == 0 && r.flags == "A" && r.dir != "" {
		r.Direction, r.Protocol = Local, "" // to accounts of this host
	}
	return r.Transfer
}

func mailProtocol(r *reading) { r.Protocol = "smtp" }

// takeAddress reads addresses, separated by commas. One without a host is an account here.
func takeAddress(r *reading, addresses string) {
	for address := range strings.SplitSeq(addresses, ",") {
		if open := strings.IndexByte(address, '<'); open >= 0 {
			address, _, _ = strings.Cut(address[open+1:], ">")
		}
		address = strings.TrimSpace(address)
		if address == "" {
			continue
		}
		if at := strings.LastIndexByte(address, '@'); at >= 0 {
			r.remote(Remote{User: address[:at], Host: address[at+1:]})
		} else {
			r.dir = address
		}
	}
}

// mutt, neomutt (mutt -h, 2.2): operands after -a are files too, up to "--";
// those before it, and after "--", are recipients.
var muttOptions = Options{Short: "a:A:b:c:d:De:Ef:F:H:i:l:m:npQ:Rs:vxyzZhGg:B", Permute: true}.compiled()

func mutt(c *Command) Transfer {
	r := reading{Command: c, flags: "A"}
	filesUntil := slices.Index(c.Args, "--")
	if filesUntil < 0 {
		filesUntil = len(c.Args)
	}
	attached, recipients := false, false
	for o := range muttOptions.Scan(c.Args) {
		switch name := o.Name; {
		case name == "a", name == "" && attached && o.Index < filesUntil:
			attached = true
			r.addInput(c, o.Value)
		case name == "", name == "b", name == "c":
			recipients = true
			takeAddress(&r, o.Value)
		case name == "i", name == "H":
			r.addInput(c, o.Value)
		case strings.Contains("fyZpvQADh", name):
			return Transfer{} // reads mail, or shows something
		}
	}
	if !recipients {
		return Transfer{}
	}
	return r.mailed(len(r.LocalPaths) > 0)
}

// sendmail, and msmtp and ssmtp, which read as it does: a message on standard
// input, for the recipients in the arguments (sendmail(8), msmtp(1)).
var sendmailOptions = Options{
	Short: "A:B:b:C:d::F:f:Gh:iL:M:mN:no:O:p:q::R:r:StUV:vX:a:",
	Long: `read-recipients read-envelope-from host= port= from= account= file= tls=? tls-starttls=? tls-certcheck=? auth=? user= passwordeval= domain= protocol= timeout=
		logfile= syslog=? aliases= proxy-host= proxy-port= socket= source-ip= pretend serverinfo help version configure= rmqs= tls-trust-file= tls-fingerprint= maildomain= auto-from=?`,
	Permute: true, Abbreviate: true,
}.compiled()

func sendmail(c *Command) Transfer {
	r := reading{Command: c, flags: "A"}
	server := Remote{}
	recipients := false
	for o := range sendmailOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			recipients = true
			takeAddress(&r, o.Value)
		case "t", "read-recipients":
			recipients = true
		case "b":
			if o.Value != "m" && o.Value != "s" {
				return Transfer{} // a daemon, the queue, a test
			}
			recipients = true
		case "q", "Q", "P", "S", "pretend", "serverinfo", "help", "version", "configure", "rmqs", "I":
			return Transfer{}
		case "host":
			server.Host = o.Value
		case "port":
			server.Port = parsePort(o.Value)
		case "tls-certcheck":
			if o.Value == "off" {
				r.signal(Unverified)
			}
		case "proxy-host":
			r.signal(ViaProxy)
		case "C", "file":
			r.addOpaque(o.Value)
			r.signal(OpaqueConfig)
		}
	}
	if !recipients {
		return Transfer{}
	}
	if server.Host != "" {
		r.Remotes = append([]Remote{server}, r.Remotes...)
	}
	return r.mailed(false)
}

// swaks (swaks(1), 20201014): options have one dash or two. A file follows "@".
var swaksOptions = Options{
	Short: "t:f:s:p:a::",
	Long: `to= from= server= port= protocol= attach= attach-name=? attach-type= attach-body= body= data= d= header= h-=? add-header= ah= helo= ehlo= lhlo=
		auth=? au= ap= auth-user= auth-password= socket= pipe= interface= local-interface= li= config= cc= bcc= tls tlsc tls-on-connect tls-cert= tls-key= tls-ca-path=
		quit-after= q= drop-after= da= timeout= dump=? help version support silent=? output= suppress-data n g s4 copy-routing= proxy= from-file= xclient= stop-after= m=`,
	SingleDash: true, Permute: true,
}.compiled()

func swaks(c *Command) Transfer {
	r := reading{Command: c}
	server := Remote{}
	for o := range swaksOptions.Scan(c.Args) {
		switch o.Name {
		case "t", "to", "cc", "bcc":
			takeAddress(&r, o.Value)
		case "s", "server":
			server.Host, server.Port = splitPort(o.Value)
		case "p", "port":
			server.Port = parsePort(o.Value)
		case "attach", "attach-body":
			// A value without @ was a file too before 2020, and is the content since.
			r.addInput(c, strings.TrimPrefix(o.Value, "@"))
		case "body", "data", "d":
			switch file, ok := strings.CutPrefix(o.Value, "@"); {
			case ok:
				r.addInput(c, file)
			case o.Value == "-":
				r.addInput(c, "-")
			default:
				r.signal(InlineData)
			}
		case "tls", "tlsc", "tls-on-connect":
			r.Channel = Encrypted
		case "config":
			r.addOpaque(o.Value)
			r.signal(OpaqueConfig)
		case "q", "quit-after", "stop-after", "da", "drop-after", "dump", "help", "version", "support":
			return Transfer{Direction: Informative}
		}
	}
	if server.Host != "" {
		r.Remotes = append([]Remote{server}, r.Remotes...)
	}
	if len(r.Remotes) == 0 && len(r.Opaque) == 0 {
		return Transfer{}
	}
	r.Direction = Upload
	mailProtocol(&r)
	return r.Transfer
}
