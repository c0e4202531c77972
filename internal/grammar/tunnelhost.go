package grammar

import "strings"

// Tools that make a port or a directory of this host reachable through a provider, or a private network.

// tailscale (tailscale file --help, tailscale serve --help; 1.80). It reads with Go's flag package.
var tailscale = &verb{
	strict: true, singleDash: true,
	options: "h,help!help socket=",
	verbs: map[string]*verb{
		"file": {verbs: map[string]*verb{
			"cp":  {direction: Upload, options: "name= targets!help verbose", operands: "input... skip", read: tailscaleTarget},
			"get": {direction: Download, options: "wait loop verbose conflict=", operands: "output"},
		}},
		"serve":  {options: tailscaleServeOptions, operands: "skip...", read: tailscaleServe},
		"funnel": {options: tailscaleServeOptions, operands: "skip...", read: tailscaleFunnel},
		"nc":     {operands: "host skip", read: tailscaleConnect},
		"drive":  {verbs: map[string]*verb{"share": {direction: Listen, operands: "skip file"}}},
	},
}

const tailscaleServeOptions = "bg!later http= https= set-path= tcp= tls-terminated-tcp= yes service= proxy-protocol= tun"

// tailscaleTarget: the last operand is the machine, with a colon.
func tailscaleTarget(r *reading) {
	host, colon := strings.CutSuffix(r.operands[len(r.operands)-1], ":")
	if !colon {
		r.refuses = true
		return
	}
	r.remote(Remote{Host: host})
}

// tailscaleServe is serve TARGET, where a path is served and a port or URL is
// forwarded; before 1.52 it was serve https / TARGET.
func tailscaleServe(r *reading) {
	target := r.operands[len(r.operands)-1]
	switch r.operands[0] {
	case "status", "reset", "off", "get-config", "set-config", "drain", "clear", "advertise":
		r.refuses = true
		return
	}
	r.Direction = Listen
	switch {
	case target == "off":
		r.refuses = true
	case strings.HasPrefix(target, "/") || strings.HasPrefix(target, "."):
		r.LocalPaths = append(r.LocalPaths, target)
	case strings.HasPrefix(target, "text:"):
		r.signal(InlineData)
	default:
		r.signal(Tunnel)
	}
}

// tailscaleFunnel does the same for everyone on the internet.
func tailscaleFunnel(r *reading) {
	tailscaleServe(r)
	r.signal(PublicAccess)
	r.signal(Relay)
}

func tailscaleConnect(r *reading) {
	if len(r.Remotes) == 0 { // the host is empty
		r.refuses = true
		return
	}
	r.Remotes[0].Port = parsePort(r.operands[1])
	r.Confidence = Medium
	switch in, out := r.Stdin.HoldsData(), r.Stdout.HoldsData(); {
	case in && out:
		r.Direction = Bidirectional
	case in:
		r.Direction = Upload
		r.addInput(r.Command, "-")
	case out:
		r.Direction = Download
		r.addOutput(r.Command, "-")
	default:
		r.refuses = true
	}
}

// code is Visual Studio Code's command line (code tunnel --help, code serve-web --help; 1.95).
var code = &verb{
	options: "h,help!help cli-data-dir= verbose log=",
	verbs: map[string]*verb{
		"tunnel": {direction: Bidirectional, leaf: true, read: tunnelThroughRelay,
			options: "name= random-name no-sleep accept-server-license-terms server-data-dir= extensions-dir= install-extension= install-extensions= tunnel-id= host-token=",
			verbs: map[string]*verb{
				"prune|kill|restart|status|rename|unregister|user|help": {direction: NoCopy},
				"service": {verbs: map[string]*verb{"install": {direction: Bidirectional, options: "name= accept-server-license-terms", read: func(r *reading) { tunnelThroughRelay(r); r.signal(Background) }}}},
			}},
		"serve-web": {direction: Listen, options: "host= socket-path= port= connection-token= connection-token-file= without-connection-token!anonymous accept-server-license-terms server-base-path= server-data-dir=", read: func(r *reading) { r.signal(RunsShell) }},
	},
}

// devtunnel of Microsoft's dev tunnels (its command line reference).
var devtunnel = &verb{
	options: "h,help!help v,verbose",
	verbs: map[string]*verb{
		"host":    {direction: Bidirectional, options: "p,port-numbers,port-number= a,allow-anonymous!anonymous e,expiration= protocol= t,tenant org,organization= access-token= host-header= origin-header= description= labels=", operands: "[skip]", read: tunnelThroughRelay},
		"connect": {direction: Bidirectional, options: "p,ports= access-token=", operands: "alias", read: tunnelThroughRelay},
		"create|list|show|update|delete|delete-all|port|user|token|access|clusters|echo|ping|limits|set|unset": {direction: NoCopy},
	},
}
