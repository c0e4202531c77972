package grammar

// rcpOptions are those of rcp(1); -d, -f and -t are for its other half.
var rcpOptions = Options{Short: "46prxdftKk:D:"}.compiled()

// rcp reads rcp(1): [user@]host:path, first colon before any slash.
func rcp(c *Command) (t Transfer) {
	var served Direction
	var operands []string
	for o := range rcpOptions.Scan(c.Args) {
		switch o.Name {
		case "t":
			served = ServeIn
		case "f":
			served = ServeOut
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		}
	}
	if served != NoCopy {
		t.serve(c, served, operands)
		return t
	}
	t.copyOperands(operands, parseHostPath)
	if t.Direction == NoCopy {
		return Transfer{}
	}
	return t
}

// rshOptions are those of rsh(1) in its several versions.
var rshOptions = Options{Short: "468dnvxFfKPXk:l:p:t:"}.compiled()

// rsh reads rsh(1), of which the command copies as that of ssh does.
func rsh(c *Command) Transfer {
	var s sshCall
	s.read(rshOptions, c.Args, s.rshOption, s.setRSHDestination)
	return s.transfer(c)
}

func (s *sshCall) rshOption(o *Option) {
	switch o.Name {
	case "l":
		s.setUser(o.Value)
	case "p":
		s.setPort(parsePort(o.Value))
	case "n":
		s.noStdin = true
	}
}

func (s *sshCall) setRSHDestination(dest string) {
	s.remote = parseUserHost(dest)
	s.setUser(s.remote.User)
}
