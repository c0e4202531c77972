package grammar

// lsyncdOptions are those of lsyncd(1). The switches -rsync, -rsyncssh and
// -direct say what the operands are.
var lsyncdOptions = Options{
	Long:       "delay= log= logfile= pidfile= runner= insist nodaemon help version rsync rsyncssh direct",
	Permute:    true,
	SingleDash: true,
}.compiled()

// lsyncd reads lsyncd(1), which sends what changes in a directory to others.
func lsyncd(c *Command) (t Transfer) {
	var mode string
	var operands []string
	stays := false
	for o := range lsyncdOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "rsync", "rsyncssh", "direct":
			mode = o.Name
		case "nodaemon":
			stays = true
		case "help", "version":
			return Transfer{Direction: Informative}
		}
	}
	if len(operands) == 0 {
		return Transfer{Direction: Informative}
	}
	switch {
	case mode == "":
		t.Direction = Unknown
		t.signal(OpaqueConfig)
		t.addOpaque(operands[0])
	case mode == "rsyncssh" && len(operands) >= 3:
		t.Direction = Upload
		t.LocalPaths = operands[:1:1]
		r, _ := parseHostPath(operands[1] + ":" + operands[2])
		t.addRemote(r)
		t.Protocol, t.Channel = "ssh", Encrypted
	case len(operands) < 2 || mode == "rsyncssh":
		return Transfer{}
	default:
		t.lsyncdTarget(c, mode, operands)
	}
	if !stays {
		t.signal(Background)
	}
	if t.Direction == Upload || t.Direction == Local {
		t.signal(DeletesExtra) // unless a configuration says otherwise
	}
	return t
}

// lsyncdTarget: the target of -rsync is one of rsync, that of -direct a directory here.
func (t *Transfer) lsyncdTarget(c *Command, mode string, operands []string) {
	if mode == "direct" {
		t.Direction, t.LocalPaths = Local, operands[:2:2]
		return
	}
	call := rsyncCall{operands: operands[:2]}
	*t = call.clientTransfer(c)
}
