package grammar

// joint is two ends that a tool joins, and what passes between them.
type joint struct {
	c                 *Command
	t                 *Transfer
	left, right       socatPair
	forward, backward bool // data may go from left to right, from right to left
	oneWay            bool // the arguments say that it goes one way only
	flow              copies
}

// describe fills in the transfer.
func (j *joint) describe() {
	j.forward = j.forward && !j.left.in.noRead && !j.right.out.noWrite
	j.backward = j.backward && !j.right.in.noRead && !j.left.out.noWrite
	if !j.forward && !j.backward {
		return
	}
	both := j.forward && j.backward
	for _, e := range j.ends() {
		j.note(e)
	}
	if j.forward {
		j.pass(&j.left.in, &j.right.out)
	}
	if j.backward {
		j.pass(&j.right.in, &j.left.out)
	}
	switch {
	case j.has(socatListen):
		j.t.Direction = Listen
	case j.flow.across && both:
		j.t.Direction = Bidirectional
	case both && !j.flow.within && j.stdioBothWays():
		paths := len(j.t.LocalPaths) // pass has added the descriptors
		pump(j.c, j.t)
		j.t.LocalPaths = j.t.LocalPaths[:paths]
	default:
		j.t.Direction = j.flow.direction()
	}
	j.signals()
}

// stdioBothWays is for "-": the descriptors tell which of both ways is used.
func (j *joint) stdioBothWays() bool {
	l, r := &j.left, &j.right
	return l.in.kind == socatStdio && l.out.kind == socatStdio || r.in.kind == socatStdio && r.out.kind == socatStdio
}

// ends are those that are in use.
func (j *joint) ends() []*socatEnd {
	switch {
	case !j.backward:
		return []*socatEnd{&j.left.in, &j.right.out}
	case !j.forward:
		return []*socatEnd{&j.left.out, &j.right.in}
	}
	return []*socatEnd{&j.left.in, &j.left.out, &j.right.in, &j.right.out}
}

func (j *joint) has(kind socatKind) bool {
	for _, e := range j.ends() {
		if e.kind == kind {
			return true
		}
	}
	return false
}

// note adds what an end tells by itself. Where one channel is clear, so is the whole.
func (j *joint) note(e *socatEnd) {
	if e.kind == socatConnect {
		addEnd(j.t, e.remote)
	}
	if e.channel == Clear || j.t.Channel == "" {
		j.t.Channel = e.channel
	}
	if e.proxied {
		j.t.signal(ViaProxy)
	}
	if e.trusts && e.kind == socatConnect {
		j.t.signal(Unverified)
	}
}

// pass notes that data goes from one end to another.
func (j *joint) pass(from, to *socatEnd) {
	switch {
	case from.kind == socatFile || from.kind == socatLocal:
		j.t.addInput(j.c, from.path)
	case from.kind == socatStdio && (j.oneWay || j.c.Stdin.HoldsData()):
		j.t.addInput(j.c, "-")
	}
	switch {
	case to.kind == socatFile || to.kind == socatLocal:
		j.t.addOutput(j.c, to.path)
	case to.kind == socatStdio && (j.oneWay || j.c.Stdout.HoldsData()):
		j.t.addOutput(j.c, "-")
	}
	j.t.LocalPaths = withoutRepeatedLast(j.t.LocalPaths)
	j.flow.up = j.flow.up || to.isRemote() && !from.isRemote()
	j.flow.down = j.flow.down || from.isRemote() && !to.isRemote()
	j.flow.across = j.flow.across || from.isRemote() && to.isRemote()
	j.flow.within = j.flow.within || !from.isRemote() && !to.isRemote()
}

// signals are for a peer that gets a program, another peer, or a socket of this host.
func (j *joint) signals() {
	if !j.has(socatConnect) && !j.has(socatListen) {
		return
	}
	if j.has(socatProgram) {
		j.t.signal(RunsShell)
	}
	if j.flow.across || j.has(socatLocal) || j.has(socatTunnel) {
		j.t.signal(Tunnel)
	}
}
