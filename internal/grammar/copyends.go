package grammar

// parseEnd splits an operand of a copy into the remote end and the path there; false for a local path.
type parseEnd func(operand string) (Remote, bool)

// copyBetween reads the operands of a command that copies like cp: sources, then a target.
func copyBetween(r *reading, operands []string, parse parseEnd) {
	if len(operands) < 2 {
		r.refuses = true
		return
	}
	last := len(operands) - 1
	from, to := r.takeEnds(operands[:last], parse, r.addInput), r.takeEnds(operands[last:], parse, r.addOutput)
	switch {
	case from && to:
		r.Direction = RemoteToRemote
	case from:
		r.Direction = Download
	case to:
		r.Direction = Upload
	default:
		r.Direction = Local
	}
}

// takeEnds adds the ends, and says whether one of them is remote.
func (r *reading) takeEnds(operands []string, parse parseEnd, local func(*Command, string)) (remote bool) {
	for _, operand := range operands {
		if end, ok := parse(operand); ok {
			remote = true
			r.remote(end)
		} else {
			local(r.Command, operand)
		}
	}
	return remote
}
