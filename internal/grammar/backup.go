package grammar

// backupRun is what a backup tool's command line says of the repository and of the
// other end, which is this host unless two repositories are named.
type backupRun struct {
	Transfer
	repositories int // that are known, wherever they are
}

// addRepository notes a repository that was given as a Remote, or is a directory of this host.
func (b *backupRun) addRepository(r Remote, isRemote bool) {
	b.repositories++
	if isRemote {
		b.addRemote(r)
		return
	}
	b.addPath(r.Path)
}

// finish gives the direction that data has between this host and the repository.
// A repository that a configuration names is more often remote than not.
func (b *backupRun) finish(direction Direction) Transfer {
	b.Direction = direction
	switch {
	case b.repositories == 0:
		b.Confidence = Medium
		b.signal(Alias)
	case len(b.Remotes) == 0:
		b.Direction = Local
	}
	b.setProtocol()
	return b.Transfer
}

// setProtocol takes the protocol from the scheme of the first remote end.
func (b *backupRun) setProtocol() {
	if len(b.Remotes) == 0 || b.Protocol != "" {
		return
	}
	known := tableSchemes[b.Remotes[0].Scheme]
	b.Protocol, b.Channel = known.protocol, known.channel
}
