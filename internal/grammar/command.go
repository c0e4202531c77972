package grammar

// Command is what was executed. Secrets in it may be masked (***).
type Command struct {
	Tool string   // canonical name, for grammars that several tools share
	Args []string // after the program's own name
	// Stdin and Stdout are what descriptors 0 and 1 were at the exec.
	Stdin, Stdout Stream
	Directory     string              // working directory; empty where unknown
	Env           func(string) string // a variable of the environment, or ""; may be nil
}

// Stream is what a descriptor refers to.
type Stream struct {
	Type string // one of the types below; empty where unknown
	Path string // of a file
}

// The types of a stream, as in process.stdin.type.
const (
	StreamFile   = "file"
	StreamPipe   = "pipe"
	StreamSocket = "socket"
	StreamTTY    = "tty"
	StreamNull   = "null"
	StreamOther  = "other"
)

// HoldsData says that something other than a person or nothing is at the other end.
func (s Stream) HoldsData() bool {
	return s.Type == StreamFile || s.Type == StreamPipe || s.Type == StreamSocket
}

func (c *Command) env(name string) string {
	if c.Env == nil {
		return ""
	}
	return c.Env(name)
}
