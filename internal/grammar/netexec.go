package grammar

// netexecOptions are those of NetExec (nxc) and CrackMapExec that take values,
// so that these are no targets. Those that take two have the second as an operand.
var netexecOptions = Options{
	Short: "hu:p:H:k:x:X:M:o:t:d:L",
	Long: "username= password= hash= domain= port= share= put-file= get-file= put= get= exec-method= threads= timeout= jitter= module= options= log= " +
		"codec= spider= content pattern= regex= depth= smb-timeout= local-auth continue-on-success kdcHost= aesKey= query= " +
		"server-port= no-bruteforce verbose debug help",
	Permute: true, Abbreviate: true,
}.compiled()

// readNetexec reads nxc PROTOCOL TARGET... --put-file LOCAL REMOTE and --get-file
// REMOTE LOCAL (of its ftp protocol: --put LOCAL REMOTE and --get REMOTE). What
// else it does to its targets is no copy.
func readNetexec(c *Command) (t Transfer) {
	var flow copies
	var site Remote
	var targets []string
	pair, scanned := "", false // pair: the option of which the second value is due
	for o := range netexecOptions.Scan(c.Args) {
		switch name := o.Name; {
		case o.IsOperand() && pair == "put":
			site.Path, pair = o.Value, ""
		case o.IsOperand() && pair == "get":
			t.addOutput(c, o.Value)
			pair = ""
		case o.IsOperand():
			if !scanned || len(targets) < 2 { // after -u there may be more users
				targets = append(targets, o.Value)
			}
		case name == "put-file" || name == "put":
			t.addInput(c, o.Value)
			flow.up, pair = true, "put"
		case name == "get-file" || name == "get":
			site.Path = o.Value
			flow.down = true
			if name == "get-file" {
				pair = "get"
			}
		case name == "u" || name == "username":
			site.User, scanned = o.Value, true
		case name == "port":
			site.Port = parsePort(o.Value)
		default:
			scanned, pair = true, ""
		}
	}
	if len(targets) < 2 || !flow.any() {
		return Transfer{}
	}
	t.Protocol, t.Direction = targets[0], flow.direction()
	if t.Protocol == "ssh" {
		t.Channel = Encrypted
	}
	for _, site.Host = range targets[1:] {
		addEnd(&t, site)
	}
	return t
}

var evilWinRMOptions = Options{
	Short:   "i:u:p:P:H:s:e:c:k:r:a:SVnNlh",
	Long:    "ip= user= password= port= hash= scripts= executables= pub-key= priv-key= realm= spn= url= user-agent= ssl no-colors no-rpath-completion log version help",
	Permute: true, Abbreviate: true,
}.compiled()

// readEvilWinRM reads evil-winrm -i HOST: a shell on Windows with upload and
// download among its commands.
func readEvilWinRM(c *Command) (t Transfer) {
	var r Remote
	for o := range evilWinRMOptions.Scan(c.Args) {
		switch o.Name {
		case "i", "ip":
			r.Host = o.Value
		case "u", "user":
			r.User = o.Value
		case "P", "port":
			r.Port = parsePort(o.Value)
		case "S", "ssl":
			t.Channel = Encrypted
		}
	}
	if r.Host == "" {
		return Transfer{Direction: Informative}
	}
	addEnd(&t, r)
	awaitCommands(c, &t)
	return t
}
