package grammar

import "strings"

// read is the grammar of a table.
func (t *compiledTable) read(c *Command) Transfer {
	r := tableReading{table: t, command: c}
	for opt := range t.options.Scan(c.Args) {
		if opt.IsOperand() {
			r.operands = appendOperand(r.operands, c.Args, opt.Index)
			continue
		}
		r.option(&opt)
	}
	r.subcommand()
	direction := r.decide()
	if direction == NoCopy || direction == Informative {
		return Transfer{Direction: direction}
	}
	r.readOperands(direction)
	return r.transfer()
}

// tableReading is what was read of a command line so far.
type tableReading struct {
	table   *compiledTable
	command *Command
	out     Transfer

	fromOption, fromSubcommand *Direction
	operands                   []string
	// of the remote ends that have none themselves
	port       int
	user, path string
	// of the endpoints
	targetIsRemote, anyRemote, anyLocal bool
}

func (r *tableReading) option(opt *Option) {
	if opt.Abbreviated {
		r.out.signal(OptionAbbreviated)
	}
	roles := r.table.roles[opt.Name]
	if roles == nil {
		return
	}
	if d := roles.direction; d != nil && (r.fromOption == nil || tableRank(*d) >= tableRank(*r.fromOption)) {
		r.fromOption = d
	}
	for _, s := range roles.signals {
		r.out.signal(s)
	}
	for _, role := range roles.values {
		if opt.HasValue {
			r.value(role, opt.Value, Unknown)
		}
	}
}

// tableRank lets help win over all that is asked for with it, and a server over what it does; else the last option does.
func tableRank(d Direction) int {
	switch d {
	case Informative:
		return 2
	case Listen:
		return 1
	}
	return 0
}

// subcommand takes as many of the first operands as are one: "snapshot create" before "snapshot".
func (r *tableReading) subcommand() {
	taken := 0
	at := r.table.subcommands
	for i := 0; at != nil && i < len(r.operands); i++ {
		if at = at.next[r.operands[i]]; at != nil && at.direction != nil {
			r.fromSubcommand, taken = at.direction, i+1
		}
	}
	r.operands = r.operands[taken:]
}

// decide returns the direction as far as it is known before the operands are read.
func (r *tableReading) decide() Direction {
	switch {
	case r.fromOption != nil:
		return *r.fromOption
	case r.fromSubcommand != nil:
		return *r.fromSubcommand
	case r.table.fallback != nil:
		return *r.table.fallback
	case r.table.subcommands != nil && len(r.operands) == 0:
		return Informative
	}
	return Unknown
}

func (r *tableReading) readOperands(direction Direction) {
	r.out.Direction = direction
	roles, ok := r.table.operands[direction]
	if !ok {
		roles = r.table.operands[AnyDirection]
	}
	if roles == nil {
		return
	}
	rest := r.operands
	for _, role := range roles.first {
		if len(rest) == 0 {
			return
		}
		r.value(role, rest[0], direction)
		rest = rest[1:]
	}
	last := rest[max(0, len(rest)-len(roles.last)):]
	rest = rest[:len(rest)-len(last)]
	if roles.rest != nil {
		for _, value := range rest {
			r.value(*roles.rest, value, direction)
		}
	}
	for i, value := range last {
		r.value(roles.last[i], value, direction)
	}
}

// value takes the value of an option or operand.
func (r *tableReading) value(role valueRole, s string, direction Direction) {
	out := &r.out
	switch role {
	case pathValue:
		r.localPath(s, direction)
	case inputValue:
		out.addInput(r.command, s)
	case outputValue:
		out.addOutput(r.command, s)
	case endpointValue:
		r.endpoint(s, direction)
	case urlValue:
		out.addRemote(tableURL(s))
	case hostValue:
		out.addRemote(parseHost(s))
	case nameValue:
		out.addRemote(Remote{Host: s})
	case relayValue:
		out.addRemote(parseHost(s))
		out.signal(Relay)
	case portValue:
		r.port = parsePort(s)
	case userValue:
		r.user = s
	case remotePathValue:
		r.path = s
	case dataValue:
		out.signal(InlineData)
	case opaqueValue:
		out.addOpaque(s)
		out.signal(OpaqueConfig)
	case proxyValue:
		out.signal(ViaProxy)
	}
}

func (r *tableReading) localPath(s string, direction Direction) {
	switch direction {
	case Upload:
		r.out.addInput(r.command, s)
	case Download:
		r.out.addOutput(r.command, s)
	default:
		r.out.addPath(s)
	}
}

func (r *tableReading) endpoint(s string, direction Direction) {
	remote, ok := parseTableURL(s)
	if ok && remote.Scheme == "file" {
		s, ok = remote.Path, false
	} else if !ok {
		remote, ok = parseHostPath(s)
	}
	r.targetIsRemote = ok
	if ok {
		r.anyRemote = true
		r.out.addRemote(remote)
		return
	}
	r.anyLocal = true
	r.localPath(s, direction)
}

// tableURL reads a URL, of which the scheme may be left out.
func tableURL(s string) Remote {
	if r, ok := parseTableURL(s); ok {
		return r
	}
	r := parseAuthority(s)
	r.URL = s
	return r
}

// parseTableURL also takes magnet:?..., which names no host.
func parseTableURL(s string) (Remote, bool) {
	if strings.HasPrefix(s, "magnet:?") {
		return Remote{Scheme: "magnet", URL: s}, true
	}
	return parseURL(s)
}

// transfer completes what the parts say together.
func (r *tableReading) transfer() Transfer {
	t, out := r.table, &r.out
	if out.Direction == Unknown {
		out.Direction = r.directionOfEndpoints()
	}
	if out.Direction == Listen { // what is named is this host's own address
		out.Remotes = nil
	} else if t.needsRemote && len(out.Remotes) == 0 {
		out.Direction = Local
	}
	if t.stdin && out.Direction == Upload && len(out.LocalPaths) == 0 && r.command.Stdin.HoldsData() {
		out.addInput(r.command, "-")
	}
	for _, s := range t.signals {
		out.signal(s)
	}
	r.completeRemotes()
	if t.protocol != "" {
		out.Protocol = t.protocol
	}
	if t.channel != "" {
		out.Channel = t.channel
	}
	return r.out
}

func (r *tableReading) directionOfEndpoints() Direction {
	switch {
	case r.targetIsRemote && r.anyLocal:
		return Upload
	case r.targetIsRemote && len(r.out.Remotes) > 1:
		return RemoteToRemote
	case r.anyRemote && r.anyLocal:
		return Download
	case r.anyLocal && len(r.out.Remotes) == 0:
		return Local
	}
	return Unknown
}

func (r *tableReading) completeRemotes() {
	remotes := r.out.Remotes
	for i := range remotes {
		if remotes[i].Port == 0 {
			remotes[i].Port = r.port
		}
		if remotes[i].User == "" {
			remotes[i].User = r.user
		}
		if remotes[i].Path == "" {
			remotes[i].Path = r.path
		}
		if known, ok := tableSchemes[remotes[i].Scheme]; ok && r.out.Protocol == "" {
			r.out.Protocol, r.out.Channel = known.protocol, known.channel
		}
	}
}

// tableSchemes are what schemes of URLs say of the protocol under them.
var tableSchemes = map[string]struct {
	protocol string
	channel  Channel
}{
	"magnet": {"bittorrent", ""}, "http": {"http", Clear}, "https": {"http", Encrypted}, "ws": {"http", Clear}, "wss": {"http", Encrypted},
	"dav": {"http", Clear}, "davs": {"http", Encrypted}, "webdav": {"http", Clear}, "webdavs": {"http", Encrypted},
	"ftp": {"ftp", Clear}, "ftps": {"ftp", Encrypted}, "sftp": {"sftp", Encrypted}, "ssh": {"ssh", Encrypted},
	"scp": {"ssh", Encrypted}, "rsync": {"rsync", Clear}, "tftp": {"tftp", Clear}, "smb": {"smb", ""},
}
