package grammar

import "strings"

// The clients of cloud storage have one form: words that select what is done
// ("storage blob upload"), and operands and options of which each has a role in
// the copy. A cloudClient is the table of these for one client; the code here
// reads command lines by it. What a table cannot say is in its finish.
type cloudClient struct {
	options *Options
	// guessValues: a long option that is not in options takes a value. For
	// clients with hundreds of them, of which only the switches are listed.
	guessValues bool
	verbs       cloudVerbs
	means       cloudMeanings
	// isRemote tells remote operands from local ones. The Path of a local one
	// is taken, where it has one, instead of the operand.
	isRemote func(*cloudCall, string) (Remote, bool)
	// scheme and host are of remote ends that options and operands give only parts of.
	scheme, host string
	streams      bool // "-" is standard input or output
	// pastime is what calls of other verbs are: Informative for a client that
	// only copies, NoCopy for one that mostly does other things.
	pastime Direction
	skipped string // a word before the verb that changes nothing: "alpha beta"
	// option sees the options that means has not.
	option func(*cloudCall, *Option)
	finish func(*cloudCall)

	root *cloudNode
}

// cloudVerbs are the verbs by the words that select them, with alternatives: "s3 cp|mv".
type cloudVerbs map[string]cloudVerb

type cloudVerb struct {
	direction  Direction // empty: the operands say
	confidence Confidence
	operands   string        // the role of each; "+" after one of several, "*" of any number, "?" of one that may lack
	means      cloudMeanings // of options, before those of the client
	options    *Options      // where they differ after the verb
	host       string        // the service that it talks to
	signals    []Signal
	implicit   bool // an upload that names no source is of the working directory
	stdin      bool // it copies standard input
	stdout     bool // it copies to standard output

	slots  []cloudSlot
	places int // for operands
}

// cloudMeanings are what options say, by their names, separated by spaces.
type cloudMeanings map[string]cloudMeaning

type cloudMeaning struct {
	role   cloudRole
	signal Signal
}

// cloudRole is what an operand, or the value of an option, is.
type cloudRole byte

const (
	roleIgnored   cloudRole = '.'
	roleSource    cloudRole = 's' // local or remote
	roleTarget    cloudRole = 't' // local or remote
	roleEither    cloudRole = 'e' // of a put: a local source or a remote target; of a get: the reverse
	roleFile      cloudRole = 'f' // local, read
	roleOutput    cloudRole = 'o' // local, written
	roleBucket    cloudRole = 'b'
	roleKey       cloudRole = 'k'
	rolePath      cloudRole = 'p' // bucket/key
	roleAccount   cloudRole = 'a' // that the bucket belongs to
	roleURL       cloudRole = 'u' // a remote source
	roleTargetURL cloudRole = 'U' // a remote target
	roleRemote    cloudRole = 'r' // remote, or of no interest
	roleList      cloudRole = 'l' // a file that names what is copied
	roleListed    cloudRole = 'L' // standard input names what is copied
	roleCommands  cloudRole = 'c' // a file of commands
	roleConfig    cloudRole = 'C'
	roleInline    cloudRole = 'i' // the content itself
	roleEndpoint  cloudRole = 'E'
	rolePublic    cloudRole = 'P' // an access rule
	roleHelp      cloudRole = 'h'
	roleDryRun    cloudRole = 'n' // nothing will be copied

	// The same of the source, where both ends are given in parts.
	roleFromBucket  cloudRole = 'B'
	roleFromKey     cloudRole = 'K'
	roleFromPath    cloudRole = 'Q'
	roleFromAccount cloudRole = 'A'
)

// SharesLink says that a URL is made by which others can read or write what is in the store.
const SharesLink Signal = "shares_link"

func says(s Signal) cloudMeaning     { return cloudMeaning{role: roleIgnored, signal: s} }
func is(role cloudRole) cloudMeaning { return cloudMeaning{role: role} }

// cloudCall is a command line while it is read.
type cloudCall struct {
	*Command
	client *cloudClient
	verb   *cloudVerb // nil where no verb of the client was found
	word   string     // the last of those that selected it
	items  []cloudItem
	count  int    // of operands
	last   string // operand
	t      Transfer
	to     cloudName
	from   cloudName

	seen seenLetters

	localSource, remoteSource, localTarget, remoteTarget bool
	help, dryRun, listed, inline                         bool
	nothing                                              bool // finish found that nothing is copied
}

// cloudItem is an option, or the operands that follow one another.
type cloudItem struct {
	Option
	guessed bool     // its value may be an operand
	values  []string // the operands, but of a guessed one, which is the Value
}

// operands yields all operands in their order.
func (call *cloudCall) operands(yield func(string) bool) {
	for i := range call.items {
		item := &call.items[i]
		if item.IsOperand() && !item.each(yield) {
			return
		}
	}
}

// each yields the operands, and says whether there may be more.
func (item *cloudItem) each(yield func(string) bool) bool {
	if item.values == nil {
		return yield(item.Value)
	}
	for _, value := range item.values {
		if !yield(value) {
			return false
		}
	}
	return true
}

// seenLetters are the switches of one letter that were seen: a bundle of a million is but a few.
type seenLetters [4]uint64

// repeats says that the name is a letter seen before.
func (l *seenLetters) repeats(name string) bool {
	if len(name) != 1 {
		return false
	}
	word, bit := &l[name[0]>>6], uint64(1)<<(name[0]&63)
	seen := *word&bit != 0
	*word |= bit
	return seen
}

// read is the [Grammar] of the client.
func (cl *cloudClient) read(c *Command) Transfer {
	call := &cloudCall{Command: c, client: cl, verb: cl.root.verb, items: make([]cloudItem, 0, min(len(c.Args), 64))}
	call.scan(c.Args, cl.root, cl.options)
	if call.help {
		return Transfer{Direction: Informative}
	}
	if call.verb == nil {
		return Transfer{Direction: cl.pastime}
	}
	call.interpret()
	if cl.finish != nil {
		cl.finish(call)
	}
	return call.result()
}

// scan finds the verb, and keeps the operands after it and all options that mean something.
func (call *cloudCall) scan(args []string, node *cloudNode, options *Options) {
	pending := Option{Index: -2}
	for opt := range options.Scan(args) {
		wanting := pending
		pending.Index = -2
		switch {
		case opt.IsOperand() && opt.Index == wanting.Index+1:
			wanting.Value, wanting.HasValue = opt.Value, true
			call.items = append(roomFor(call.items), cloudItem{Option: wanting, guessed: true})
		case !opt.IsOperand():
			if opt.Unknown && opt.Long && !opt.HasValue && call.client.guessValues {
				pending = opt
			}
			call.keep(&opt)
		case node != nil && node.next[opt.Value] != nil:
			node = node.next[opt.Value]
			call.verb, call.word = node.verb, opt.Value
			if call.verb != nil && call.verb.options != nil {
				call.seen = seenLetters{}
				call.scan(args[opt.Index+1:], nil, call.verb.options)
				return
			}
		case node == call.client.root && isOneOf(opt.Value, call.client.skipped):
		default:
			node = nil
			if call.verb != nil {
				call.operand(opt, args)
			}
		}
	}
}

// operand keeps an operand that the verb may have a place for.
func (call *cloudCall) operand(opt Option, args []string) {
	call.count++
	call.last = opt.Value
	if call.count > call.verb.places {
		return
	}
	if n := len(call.items); n > 0 && call.items[n-1].values != nil {
		item := &call.items[n-1]
		item.values = appendOperand(item.values, args, opt.Index)
		return
	}
	call.items = append(roomFor(call.items), cloudItem{Option: opt, values: appendOperand(nil, args, opt.Index)})
}

// keep keeps an option if it may mean something; which one it does may only
// be known by the verb.
func (call *cloudCall) keep(opt *Option) {
	if !opt.HasValue && call.seen.repeats(opt.Name) {
		return
	}
	if opt.Abbreviated {
		call.t.signal(OptionAbbreviated)
	}
	if call.meaning(opt.Name).role == roleHelp && (!opt.HasValue || opt.Value == "true") {
		call.help = true
	}
	if !opt.Unknown || opt.HasValue {
		call.items = append(roomFor(call.items), cloudItem{Option: *opt})
	}
}

func (call *cloudCall) meaning(option string) cloudMeaning {
	if call.verb != nil {
		if m, ok := call.verb.means[option]; ok {
			return m
		}
	}
	return call.client.means[option]
}

// interpret gives each operand and option its role.
func (call *cloudCall) interpret() {
	v := call.verb
	for _, s := range v.signals {
		call.t.signal(s)
	}
	call.giveBack()
	filling := newFilling(v.slots, call.count)
	for i := range call.items {
		item := &call.items[i]
		if item.IsOperand() {
			item.each(func(value string) bool {
				call.take(filling.next(), value)
				return true
			})
			continue
		}
		m := call.meaning(item.Name)
		switch {
		case m.role == 0:
			if call.client.option != nil {
				call.client.option(call, &item.Option)
			}
		case isNo(&item.Option) && (m.role == roleIgnored || m.role == roleDryRun):
		default:
			if m.signal != "" {
				call.t.signal(m.signal)
			}
			call.take(m.role, item.Value)
		}
	}
	if v.stdin {
		call.t.addInput(call.Command, "-")
	}
	if v.stdout {
		call.t.addOutput(call.Command, "-")
	}
}

// giveBack makes operands of what was guessed to be the values of unknown
// options, where the verb has too few.
func (call *cloudCall) giveBack() {
	for i := range call.items {
		item := &call.items[i]
		if call.count >= mandatory(call.verb.slots) {
			return
		}
		if item.guessed && call.meaning(item.Name).role == 0 {
			item.Name = ""
			call.count++
			if call.count == 1 {
				call.last = item.Value
			}
		}
	}
}

// value is that of the last option of the name.
func (call *cloudCall) value(option string) (v string) {
	for i := range call.items {
		if call.items[i].Name == option {
			v = call.items[i].Value
		}
	}
	return v
}

// has says whether a switch is set.
func (call *cloudCall) has(option string) (set bool) {
	for i := range call.items {
		if call.items[i].Name == option {
			set = !isNo(&call.items[i].Option)
		}
	}
	return set
}

// isNo says that a switch is explicitly not set.
func isNo(opt *Option) bool {
	return opt.HasValue && (opt.Value == "false" || opt.Value == "False" || opt.Value == "0")
}

func (call *cloudCall) take(role cloudRole, value string) {
	t := &call.t
	switch role {
	case roleSource:
		call.end(value, true)
	case roleTarget:
		call.end(value, false)
	case roleEither:
		call.either(value)
	case roleFile:
		call.localEnd(value, true)
	case roleOutput:
		call.localEnd(value, false)
	case roleURL, roleTargetURL:
		r, ok := parseURL(value)
		if !ok {
			r = Remote{Host: value}
		}
		call.remoteEnd(r, role == roleURL)
	case roleRemote:
		if r, ok := call.client.isRemote(call, value); ok {
			t.addRemote(r)
		}
	case roleList, roleListed, roleCommands, roleConfig:
		call.opaque(role, value)
	case roleInline:
		t.signal(InlineData)
		call.inline = true
	case roleEndpoint:
		call.endpoint(value)
	case rolePublic:
		if isPublic(value) {
			t.signal(PublicAccess)
		}
	case roleDryRun:
		call.dryRun = true
	default:
		call.name(role, value)
	}
}

// opaque takes a file that holds what the arguments leave out.
func (call *cloudCall) opaque(role cloudRole, file string) {
	if role == roleListed {
		file = "-"
	}
	call.t.addOpaque(file)
	if role == roleCommands {
		call.t.signal(BatchMode)
		return
	}
	call.t.signal(OpaqueConfig)
	call.listed = call.listed || role != roleConfig
}

// end adds an end that is local or remote.
func (call *cloudCall) end(operand string, source bool) {
	if operand == "-" && call.client.streams {
		call.localEnd(operand, source)
		return
	}
	r, remote := call.client.isRemote(call, operand)
	switch {
	case remote:
		call.remoteEnd(r, source)
	case r.Path != "":
		call.localEnd(r.Path, source)
	default:
		call.localEnd(operand, source)
	}
}

// either adds an end to a call of which the verb says the direction.
func (call *cloudCall) either(operand string) {
	upload := call.verb.direction == Upload
	_, remote := call.client.isRemote(call, operand)
	call.end(operand, upload != remote)
}

func (call *cloudCall) remoteEnd(r Remote, source bool) {
	call.t.addRemote(r)
	if source {
		call.remoteSource = true
	} else {
		call.remoteTarget = true
	}
}

func (call *cloudCall) localEnd(path string, source bool) {
	switch {
	case !call.client.streams:
		call.t.addPath(path)
	case source:
		call.t.addInput(call.Command, path)
	default:
		call.t.addOutput(call.Command, path)
	}
	if source {
		call.localSource = true
	} else {
		call.localTarget = true
	}
}

// endpoint is where the caller sends the client instead of to its provider.
func (call *cloudCall) endpoint(value string) {
	if value == "" {
		return
	}
	r, ok := parseURL(value)
	if !ok {
		r = parseAuthority(value)
	}
	call.t.addRemote(r)
	call.t.signal(CustomEndpoint)
}

// isPublic knows the canned access rules of S3, Google, Azure and their like.
func isPublic(rule string) bool {
	return strings.HasPrefix(rule, "public") || strings.Contains(rule, "AllUsers") ||
		strings.Contains(rule, "allUsers") || rule == "blob" || rule == "container"
}

// remoteSchemes says which operands are remote: those that begin with one of the schemes.
func remoteSchemes(schemes string) func(*cloudCall, string) (Remote, bool) {
	return func(_ *cloudCall, operand string) (Remote, bool) {
		if path, ok := strings.CutPrefix(operand, "file://"); ok {
			return Remote{Path: path}, false
		}
		r, ok := parseURL(operand)
		return r, ok && isOneOf(r.Scheme, schemes)
	}
}

// isOneOf says whether the word is in the list, which spaces separate.
func isOneOf(word, list string) bool {
	for begin, i := 0, 0; i <= len(list); i++ {
		if i < len(list) && list[i] != ' ' {
			continue
		}
		if i > begin && list[begin:i] == word {
			return true
		}
		begin = i + 1
	}
	return false
}
