package grammar

// What nc, telnet or openssl s_client copy is not in their arguments: they join
// a connection to their descriptors, and what these are tells which way data goes.

// pump sets the direction of a tool that sends what it reads from standard
// input, and writes what it receives to standard output.
func pump(c *Command, t *Transfer) {
	in, out := c.Stdin, c.Stdout
	switch {
	case in.HoldsData() && out.HoldsData():
		t.Direction, t.Confidence = Bidirectional, Medium
	case in.HoldsData():
		t.Direction, t.Confidence = Upload, Medium
	case out.HoldsData():
		t.Direction, t.Confidence = Download, Medium
	case in.Type == "" || out.Type == "":
		t.Direction = Unknown
	case in.Type == StreamNull && out.Type == StreamNull:
		t.Direction, t.Confidence = Informative, Medium // only whether it connects is of use
	default:
		t.Direction = Interactive
	}
	noteStreams(c, t)
}

// pumpListening is pump for a tool that waits for its peer.
func pumpListening(c *Command, t *Transfer) {
	t.Direction = Listen
	noteStreams(c, t)
}

// noteStreams adds the descriptors that hold data.
func noteStreams(c *Command, t *Transfer) {
	if c.Stdin.HoldsData() {
		t.addInput(c, "-")
	}
	if c.Stdout.HoldsData() {
		t.addOutput(c, "-")
		t.LocalPaths = withoutRepeatedLast(t.LocalPaths)
	}
}

func withoutRepeatedLast(paths []string) []string {
	if n := len(paths); n > 1 && paths[n-1] == paths[n-2] {
		return paths[:n-1]
	}
	return paths
}

// hostPort is a remote end from two operands; a service name is no port number.
func hostPort(host, port string) Remote { return Remote{Host: host, Port: parsePort(port)} }
