package grammar

// fileServers are daemons that let others read or write files here: which of
// their options take values, and which names a directory or a configuration.
var fileServers = map[string]struct {
	options           *Options
	directory, config string // options, by their names, separated by spaces
	operandIs         rune   // 'd' a directory, 'c' a configuration, 0 neither
	informs           string // options
}{
	"vsftpd": {Options{Short: "vo:", Permute: true}.compiled(), "", "", 'c', "v"},
	"proftpd": {Options{
		Short: "hnqd:c:p:S:D:ltvV46N", Long: "nodaemon quiet debug= config= persistent= serveraddr= define= list settings configtest version version-status help",
		Permute: true, Abbreviate: true,
	}.compiled(), "", "c config", 0, "h help l list t configtest v version V settings"},
	"pure-ftpd": {Options{
		Short:   "014AbBc:C:dDeEf:F:g:GhHiIj:k:K:l:L:m:MnN:o:O:p:P:q:Q:r:R:S:sT:t:u:U:v:V:wWx:XY:y:zZ",
		Permute: true,
	}.compiled(), "", "", 'c', "h help"},
	"in.tftpd": {Options{
		Short: "46lLa:cm:pP:s:u:U:vVr:B:R:t:T:",
		Long: "ipv4 ipv6 listen foreground address= create secure= user= umask= pidfile= permissive refuse= verbose verbosity= blocksize= " +
			"port-range= map-file= map-steps= timeout= retransmit= version", Permute: true, Abbreviate: true,
	}.compiled(), "s secure", "m map-file", 'd', "V version"},
	"atftpd": {Options{
		Short: "t:r:m:vVh",
		Long: "tftpd-timeout= retry-timeout= maxthread= no-timeout no-tsize no-blksize no-multicast logfile= pidfile= listen-local daemon no-fork " +
			"prevent-sas user= group= port= bind-address= mcast-port= mcast-addr= mcast-ttl= pcre= pcre-test= path= mtftp= mtftp-port= trace verbose=? " +
			"version help", Permute: true, Abbreviate: true,
	}.compiled(), "", "", 'd', "V version h help"},
	"pyftpdlib": {Options{
		Short: "i:p:wd:n:r:DVvu:P:h",
		Long:  "interface= port= write directory= nat-address= range= debug version verbose username= password= help", Permute: true, Abbreviate: true,
	}.compiled(), "d directory", "", 0, "V version h help"},
	"ftpd":  {Options{Short: "wvSAa:t:T:D", Permute: true}.compiled(), "", "", 'd', "h help"},
	"tftpd": {Options{Short: "rcu:l", Permute: true}.compiled(), "", "", 'd', "h help"},
}

// readFileServer reads the command lines of fileServers; other names have no operands that count.
func readFileServer(c *Command) (t Transfer) {
	name := c.Tool
	if name == "in.ftpd" {
		name = "ftpd"
	}
	server, ok := fileServers[name]
	if !ok {
		server = fileServers["vsftpd"]
	}
	t.Direction = Listen
	for o := range server.options.Scan(c.Args) {
		switch {
		case o.IsOperand() && server.operandIs == 'd', !o.IsOperand() && isOneOf(o.Name, server.directory):
			t.LocalPaths = append(t.LocalPaths, o.Value)
		case o.IsOperand() && server.operandIs == 'c', !o.IsOperand() && isOneOf(o.Name, server.config):
			t.signal(OpaqueConfig)
			t.addOpaque(o.Value)
		case !o.IsOperand() && isOneOf(o.Name, server.informs):
			return Transfer{Direction: Informative}
		}
	}
	return t
}
