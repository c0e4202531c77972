package grammar

import "strings"

// csync2Options are those of csync2(8).
var csync2Options = Options{Short: "hcuofmrxdHLMSTRilBAIXUFtvC:D:N:p:G:P:s:W:K:k:", Permute: true}.compiled()

// csync2 reads csync2(8). Its peers are in csync2.cfg; -P chooses among them.
func csync2(c *Command) (t Transfer) {
	t.Direction = Informative
	var peers string
	inits, dry, port := 0, false, 0
	for o := range csync2Options.Scan(c.Args) {
		switch o.Name {
		case "":
			t.LocalPaths = append(t.LocalPaths, o.Value)
		case "x", "u":
			t.Direction = Upload
		case "i":
			inits++
		case "d":
			dry = true
		case "P":
			peers = o.Value
		case "p":
			port = parsePort(o.Value)
		case "C":
			t.addOpaque(o.Value)
		}
	}
	switch {
	case inits == 1: // inetd gave it the connection
		t.Direction = ServeIn
	case inits > 1:
		t.Direction = Listen
	case dry || t.Direction == Informative:
		return Transfer{Direction: Informative}
	}
	t.signal(OpaqueConfig)
	for peer := range strings.SplitSeq(peers, ",") {
		if peer != "" {
			t.addRemote(Remote{Host: peer, Port: port})
		}
	}
	return t
}
