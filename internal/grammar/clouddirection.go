package grammar

// result completes the transfer.
func (call *cloudCall) result() Transfer {
	t := &call.t
	for _, n := range []*cloudName{&call.from, &call.to} {
		if n.at > 0 {
			t.Remotes[n.at-1] = call.remoteOf(n)
		}
	}
	if call.client.host+call.verb.host != "" && len(t.Remotes) == 0 && call.verb.direction != Informative {
		t.addRemote(call.remoteOf(&cloudName{}))
	}
	for i := range t.Remotes {
		showProtocol(t, &t.Remotes[i])
	}
	call.direct()
	if t.Direction == NoCopy {
		return Transfer{}
	}
	return *t
}

// direct says which way data goes.
func (call *cloudCall) direct() {
	t := &call.t
	switch {
	case t.Direction != NoCopy: // finish knew better
	case call.verb.direction != NoCopy:
		t.Direction = call.verb.direction
	default:
		t.Direction = call.direction()
	}
	if t.Confidence == "" {
		t.Confidence = call.verb.confidence
	}
	if t.Direction != Informative && call.isIncomplete() {
		t.Direction = NoCopy // the client refuses it
	}
	if call.dryRun && t.Direction != NoCopy {
		t.Direction = Informative
	}
}

func (call *cloudCall) isIncomplete() bool {
	t, v := &call.t, call.verb
	if call.nothing || t.Direction == Upload && !call.localSource && !call.inline && !call.listed && !v.implicit && !v.stdin && len(t.Opaque) == 0 {
		return true
	}
	return call.count < mandatory(v.slots) || t.Direction != Listen && len(t.Remotes)+len(t.LocalPaths)+len(t.Opaque) == 0
}

func (call *cloudCall) direction() Direction {
	switch {
	case call.remoteTarget && (call.localSource || call.listed):
		return Upload
	case call.remoteTarget && call.remoteSource:
		return RemoteToRemote
	case call.localTarget && (call.remoteSource || call.listed):
		return Download
	case call.localTarget && call.localSource:
		return Local
	}
	return NoCopy
}

// showProtocol says what the schemes of network protocols show.
func showProtocol(t *Transfer, r *Remote) {
	protocol, channel := "", Clear
	switch r.Scheme {
	case "http", "webdav", "dav":
		protocol = "http"
	case "https", "webdavs", "davs":
		protocol, channel = "http", Encrypted
	case "ftp":
		protocol = "ftp"
	case "ftps":
		protocol, channel = "ftp", Encrypted
	case "sftp":
		protocol, channel = "sftp", Encrypted
	case "smb":
		protocol, channel = "smb", ""
	default:
		return
	}
	if t.Protocol == "" {
		t.Protocol = protocol
	}
	if t.Channel != Clear { // one end in the clear is enough
		t.Channel = channel
	}
}
