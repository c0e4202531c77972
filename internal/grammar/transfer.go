package grammar

import "strings"

// Transfer is what a command line says about a copy. A grammar that finds none
// in it (git status, curl --version, nc -z) says so by the direction.
type Transfer struct {
	Direction  Direction
	Confidence Confidence // empty means high: the arguments say it
	Remotes    []Remote   // in the order of the arguments, without repetitions, maxRemotes at most
	// LocalPaths are the files, directories and patterns on this host that are
	// read or written, as given; "-" is standard input or output, of which the
	// path, where it is a file, stands here instead. Of very many, the first.
	LocalPaths []string
	// Opaque are the files, as given, that hold what the arguments leave out: of
	// curl -K, sftp -b, wget -i; "-" where standard input has it.
	Opaque  []string
	Signals []Signal // each once
	// Protocol is what the arguments show it to be (network.protocol.name), and
	// Channel whether a listener could read it. Both are empty where only the
	// tool tells.
	Protocol string
	Channel  Channel
}

// Direction is the value of filecopy.direction.
type Direction string

// The directions, seen from this host.
const (
	NoCopy         Direction = ""                 // the tool does something else
	Upload         Direction = "upload"           // data leaves
	Download       Direction = "download"         // data comes in
	RemoteToRemote Direction = "remote_to_remote" // from one remote end to another
	Bidirectional  Direction = "bidirectional"    // a sync, a mount, a tunnel, a pipe both ways
	Listen         Direction = "listen"           // waits for peers: a server
	ServeIn        Direction = "serve_in"         // a remote peer started it to write here
	ServeOut       Direction = "serve_out"        // a remote peer started it to read here
	Local          Direction = "local"            // both ends are on this host
	Interactive    Direction = "interactive"      // a person will say
	Informative    Direction = "none"             // help, version, a listing
	Unknown        Direction = "unknown"          // a copy, and the arguments do not say which
)

// Confidence is the value of filecopy.confidence.
type Confidence string

// High is for what the arguments say, Medium for what the descriptors suggest, Low for a guess.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Channel says whether the content could be read on its way.
type Channel string

// The channels.
const (
	Clear     Channel = "clear"     // ftp, http, tftp, rsync to a daemon
	Encrypted Channel = "encrypted" // ssh, TLS
)

// Signal is something about a copy that is neither its direction nor its ends:
// a value of filecopy.reasons, and of filecopy.evasions for some.
type Signal string

// The signals.
const (
	OptionAbbreviated  Signal = "option_abbreviated"  // --post-fil for --post-file
	OpaqueConfig       Signal = "opaque_config"       // a file, not the arguments, says what is done
	InlineData         Signal = "inline_data"         // the data is in the arguments themselves
	StdinData          Signal = "stdin_data"          // data is read from standard input
	StdoutData         Signal = "stdout_data"         // data is written to standard output
	BatchMode          Signal = "batch_mode"          // commands come from a file or a pipe
	RemovesSource      Signal = "removes_source"      // the source is removed afterwards
	DeletesExtra       Signal = "deletes_extra"       // what the source lacks is removed at the target
	ViaProxy           Signal = "via_proxy"           // through a proxy or SOCKS server
	ViaJumpHost        Signal = "via_jump_host"       // through another SSH host
	Tunnel             Signal = "tunnel"              // forwards connections
	RunsShell          Signal = "runs_shell"          // gives a peer a shell or runs a program for it
	AlternateTransport Signal = "alternate_transport" // a program of the caller's choice carries it
	Unverified         Signal = "unverified"          // certificate or host key is not checked
	Anonymous          Signal = "anonymous"           // without credentials on purpose
	CustomEndpoint     Signal = "custom_endpoint"     // a cloud tool sent to an endpoint that was named
	RedirectedHost     Signal = "redirected_host"     // --resolve, --connect-to: the name is not the peer
	PublicAccess       Signal = "public_access"       // what is uploaded will be readable by all
	Relay              Signal = "relay"               // through a relay server of a third party
	Alias              Signal = "alias"               // the remote end is a name that a configuration resolves
	Background         Signal = "background"          // goes on after the command returns
)

func (t *Transfer) signal(s Signal) {
	for _, have := range t.Signals {
		if have == s {
			return
		}
	}
	t.Signals = append(t.Signals, s)
}

// maxRemotes is how many remote ends are kept: more than the processor reads
// arguments (128 KiB) for, so that none of them is hidden by those before it.
const maxRemotes = 1 << 16

// lookBack is among how many remote ends one is searched for that is there
// already: many different ones must not take quadratic time.
const lookBack = 32

// addRemote adds a remote end if there is room, and it is not among the last ones.
func (t *Transfer) addRemote(r Remote) {
	if t.isFull() {
		return
	}
	for i := max(0, len(t.Remotes)-lookBack); i < len(t.Remotes); i++ {
		if t.Remotes[i] == r {
			return
		}
	}
	t.Remotes = append(t.Remotes, r)
}

// isFull says that no remote end will be added any more.
func (t *Transfer) isFull() bool { return len(t.Remotes) >= maxRemotes }

// addInput adds a local source; "-" is standard input, of which the path is taken where it is a file.
func (t *Transfer) addInput(c *Command, path string) {
	t.addStream(path, namesStream(path, "/dev/stdin", "0"), c.Stdin, StdinData)
}

// addOutput adds a local target; "-" is standard output, of which the path is taken where it is a file.
func (t *Transfer) addOutput(c *Command, path string) {
	t.addStream(path, namesStream(path, "/dev/stdout", "1"), c.Stdout, StdoutData)
}

// namesStream knows the paths that stand for a descriptor.
func namesStream(path, name, number string) bool {
	if path == "-" || path == name {
		return true
	}
	if !strings.HasPrefix(path, "/") {
		return false
	}
	for _, dir := range [...]string{"/dev/fd/", "/proc/self/fd/"} {
		if rest, ok := strings.CutPrefix(path, dir); ok && rest == number {
			return true
		}
	}
	return false
}

func (t *Transfer) addStream(path string, isStream bool, s Stream, signal Signal) {
	if isStream {
		t.signal(signal)
		if s.Type == StreamFile && s.Path != "" {
			path = s.Path
		}
	}
	t.addPath(path)
}

// maxPaths is how many local paths are kept where each has to be added by
// itself: as many as there are in the 128 KiB of arguments that the processor reads.
const maxPaths = 1 << 16

// addPath adds a local path if there is room.
func (t *Transfer) addPath(path string) {
	if t.hasRoom() {
		t.LocalPaths = append(t.LocalPaths, path)
	}
}

// addOpaque adds a file that holds what the arguments leave out, if there is room.
func (t *Transfer) addOpaque(file string) {
	if len(t.Opaque) < maxPaths {
		t.Opaque = append(t.Opaque, file)
	}
}

// hasRoom says that further local paths will be kept.
func (t *Transfer) hasRoom() bool { return len(t.LocalPaths) < maxPaths }

// Signals returns every signal that a grammar may give.
func Signals() []Signal {
	return []Signal{
		OptionAbbreviated, OpaqueConfig, InlineData, StdinData, StdoutData, BatchMode, RemovesSource, DeletesExtra, ViaProxy,
		ViaJumpHost, Tunnel, RunsShell, AlternateTransport, Unverified, Anonymous, CustomEndpoint, RedirectedHost,
		PublicAccess, Relay, Alias, Background, SharesLink,
	}
}
