package grammar

import "strings"

var sClientOptions = Options{
	SingleDash: true,
	Long: "engine= ssl_client_engine= ssl_config= ctlogfile= host= port= connect= bind= proxy= proxy_user= proxy_pass= unix= maxfraglen= " +
		"max_send_frag= split_send_frag= max_pipelines= read_buf= cert= certform= cert_chain= key= keyform= pass= verify= nameopt= CApath= " +
		"CAfile= CAstore= requestCAfile= dane_tlsa_domain= dane_tlsa_rrdata= psk_identity= psk= psk_session= name= sess_out= sess_in= " +
		"starttls= xmpphost= msgfile= keymatexport= keymatexportlen= keylogfile= servername= serverinfo= alpn= mtu= nextprotoneg= " +
		"early_data= use_srtp= srpuser= srppass= srp_strength= rand= writerand= sigalgs= client_sigalgs= groups= curves= named_curve= " +
		"cipher= ciphersuites= min_protocol= max_protocol= record_padding= policy= purpose= verify_name= verify_depth= auth_level= attime= " +
		"verify_hostname= verify_email= verify_ip= CRL= CRLform= chainCAfile= chainCApath= chainCAstore= verifyCAfile= verifyCApath= " +
		"verifyCAstore= xkey= xcert= xchain= xcertform= xkeyform= provider-path= provider= provparam= propquery= quiet ign_eof nocommands brief 4 6 help " +
		"showcerts crlf prexit reconnect msg debug state status",
}.compiled()

// readOpenssl reads openssl s_client, s_server and s_time. The other commands of
// openssl copy nothing to or from another host.
func readOpenssl(c *Command) (t Transfer) {
	if len(c.Args) == 0 {
		return t
	}
	inner := *c
	inner.Args = c.Args[1:]
	switch c.Args[0] {
	case "s_client":
		return readSClient(&inner)
	case "s_server":
		return readSServer(&inner)
	case "s_time":
		return readSTime(&inner)
	}
	return t
}

// readSClient reads openssl s_client. Without -quiet it prints the session, and
// takes letters at the start of a line for its own commands: rather a look at a
// certificate than a copy.
func readSClient(c *Command) (t Transfer) {
	var connect, host, port string
	var quiet, local bool
	for o := range sClientOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			connect = o.Value
		case "connect":
			connect = o.Value
		case "host":
			host = o.Value
		case "port":
			port = o.Value
		case "quiet", "ign_eof", "nocommands":
			quiet = true
		case "proxy":
			t.signal(ViaProxy)
		case "unix":
			local = true
			t.LocalPaths = append(t.LocalPaths, o.Value)
		case "early_data":
			t.addInput(c, o.Value)
		case "help":
			return Transfer{Direction: Informative}
		}
	}
	if local {
		t.Direction = Local
		return t
	}
	t.Channel = Encrypted
	r := Remote{Host: host, Port: parsePort(port)}
	if connect != "" {
		r.Host, r.Port = splitPort(connect)
	}
	addEnd(&t, r)
	early := len(t.LocalPaths) > 0
	pump(c, &t)
	switch {
	case early:
		t.Direction, t.Confidence = Upload, ""
	case !quiet && t.Confidence == Medium:
		t.Confidence = Low
	}
	return t
}

var sServerOptions = Options{
	SingleDash: true,
	Long: "ssl_config= engine= port= accept= unix= context= CAfile= CApath= CAstore= verify= Verify= nameopt= cert= cert2= certform= cert_chain= " +
		"serverinfo= key= key2= keyform= pass= dcert= dcertform= dcert_chain= dkey= dkeyform= dpass= dhparam= servername= id_prefix= keymatexport= " +
		"keymatexportlen= CRL= CRLform= chainCAfile= chainCApath= chainCAstore= verifyCAfile= verifyCApath= verifyCAstore= status_timeout= " +
		"status_url= proxy= no_proxy= status_file= msgfile= max_pipelines= naccept= keylogfile= mtu= read_buf= split_send_frag= max_send_frag= psk_identity= " +
		"psk_hint= psk= psk_session= srpvfile= srpuserseed= max_early_data= recv_max_early_data= num_tickets= use_srtp= nextprotoneg= alpn= rand= " +
		"writerand= sigalgs= client_sigalgs= groups= curves= named_curve= cipher= ciphersuites= min_protocol= max_protocol= record_padding= policy= purpose= " +
		"verify_name= verify_depth= auth_level= attime= verify_hostname= verify_email= verify_ip= provider-path= provider= propquery= help WWW HTTP www rev",
}.compiled()

// readSServer reads openssl s_server, which listens; with -WWW and -HTTP it
// serves the files of its directory over HTTPS.
func readSServer(c *Command) (t Transfer) {
	for o := range sServerOptions.Scan(c.Args) {
		switch o.Name {
		case "WWW", "HTTP":
			t.Protocol = "http"
		case "www", "help":
			return Transfer{Direction: Informative}
		case "unix":
			return Transfer{Direction: Local, LocalPaths: []string{o.Value}}
		}
	}
	t.Channel = Encrypted
	if t.Protocol != "" {
		t.Direction = Listen
		return t
	}
	pumpListening(c, &t)
	return t
}

var sTimeOptions = Options{
	SingleDash: true,
	Long: "connect= cipher= ciphersuites= verify= time= www= nameopt= cert= key= cafile= CAfile= CApath= CAstore= provider-path= provider= " +
		"propquery= new reuse bugs tls1 tls1_1 tls1_2 tls1_3 help",
}.compiled()

// readSTime reads openssl s_time: it measures handshakes, and with -www fetches
// a page that it throws away. What the page's name holds has left all the same.
func readSTime(c *Command) (t Transfer) {
	var r Remote
	t.Direction, t.Channel = Informative, Encrypted
	for o := range sTimeOptions.Scan(c.Args) {
		switch o.Name {
		case "connect":
			r.Host, r.Port = splitPort(o.Value)
		case "www":
			r.Path = o.Value
			t.Direction, t.Confidence, t.Protocol = Download, Low, "http"
		}
	}
	addEnd(&t, r)
	return t
}

var gnutlsCliOptions = Options{
	Short: "d:Vreslp:bhuv",
	Long: "debug= verbose tofu strict-tofu dane local-dns ca-verification no-ca-verification ocsp resume earlydata= rehandshake sni-hostname= " +
		"verify-hostname= starttls app-proto= starttls-proto= udp mtu= crlf fastopen x509fmtder print-cert save-cert= save-ocsp= save-ocsp-multi= " +
		"save-server-trace= save-client-trace= dh-bits= priority= x509cafile= x509crlfile= x509keyfile= x509certfile= rawpkkeyfile= rawpkfile= " +
		"srpusername= srppasswd= pskusername= pskkey= port= insecure verify-allow-broken benchmark-ciphers benchmark-tls-kx benchmark-tls-ciphers list " +
		"priority-list noticket srtp-profiles= alpn= compress-cert= heartbeat recordsize= disable-sni single-key-share post-handshake-auth " +
		"inline-commands inline-commands-prefix= provider= fips140-mode list-config logfile= keymatexport= keymatexportsize= waitresumption " +
		"ca-auto-retrieve version help", Permute: true, Abbreviate: true,
}.compiled()

// readGnutlsCli reads gnutls-cli [-p port] host.
func readGnutlsCli(c *Command) (t Transfer) {
	var r Remote
	var early string
	for o := range gnutlsCliOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			port := r.Port
			if r.Host, r.Port = splitPort(o.Value); r.Port == 0 {
				r.Port = port
			}
		case "p", "port":
			r.Port = parsePort(o.Value)
		case "insecure", "no-ca-verification":
			t.signal(Unverified)
		case "earlydata":
			early = o.Value
		case "l", "list", "h", "help", "v", "version", "priority-list", "list-config", "benchmark-ciphers", "benchmark-tls-kx", "benchmark-tls-ciphers":
			return Transfer{}
		}
	}
	if r.Host == "" {
		return Transfer{}
	}
	t.Channel = Encrypted
	addEnd(&t, r)
	if early != "" {
		t.Direction = Upload
		t.addInput(c, early)
		return t
	}
	pump(c, &t)
	return t
}

// readGnutlsServ reads gnutls-serv, which listens; with --http it only tells of the session, as it does by itself.
func readGnutlsServ(c *Command) (t Transfer) {
	t.Channel = Encrypted
	for _, arg := range c.Args {
		switch arg {
		case "-h", "--help", "-l", "--list", "--version", "-v":
			return Transfer{}
		}
	}
	pumpListening(c, &t)
	return t
}

// readStunnel reads stunnel FILE, -fd N, and with the wrapper for the options
// of version 3 -r [host:]port. It is a tunnel for other programs' connections.
func readStunnel(c *Command) (t Transfer) {
	t.Direction, t.Channel = Bidirectional, Encrypted
	t.signal(Tunnel)
	for o := range stunnelOptions.Scan(c.Args) {
		switch o.Name {
		case "", "fd":
			t.signal(OpaqueConfig)
			t.addOpaque(o.Value)
		case "r":
			host, port := splitPort(o.Value)
			if strings.Trim(host, "0123456789") != "" {
				addEnd(&t, Remote{Host: host, Port: port})
			}
		case "help", "version", "sockets", "options":
			return Transfer{Direction: Informative}
		}
	}
	if len(c.Args) == 0 {
		t.signal(OpaqueConfig)
	}
	return t
}

var stunnelOptions = Options{
	Short: "cTWfD:O:o:C:d:l:L:p:r:s:g:t:u:n:N:R:v:a:A:S:P:I:", Long: "help version sockets options fd= install uninstall quiet", SingleDash: true, Permute: true,
}.compiled()
