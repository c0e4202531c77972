package grammar

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Table is the syntax of a tool as data, in the form in which the catalogue and
// the collector's configuration have it. [Table.Grammar] makes a grammar of it.
//
// What an option or operand means is its role:
//
//	path         local file or directory; read or written, as the direction says
//	input        local file that is read; "-" is standard input
//	output       local file that is written; "-" is standard output
//	endpoint     a URL, or [user@]host:path as OpenSSH splits it, or else a local path;
//	             where nothing else tells the direction, the last endpoint is the target
//	url          a URL, or host[:port][/path] without a scheme
//	host         [user@]host[:port]
//	name         what stands for the other end without naming a host: a bucket, device or alias
//	relay        as host, of a server through which the copy goes
//	port, user   of the other end
//	remote_path  the path there
//	data         the data itself
//	opaque       a file that says what is done
//	proxy        a proxy or SOCKS server
//	ignore       of no interest
//
// An option may also, or only, decide the direction, or be a signal: its role is
// then the name of that.
type Table struct {
	// Short and Long are the options as in [Options]. Those that have a role
	// need not be here: they take a value where a role is one of the above.
	Short string `yaml:"short" mapstructure:"short"`
	Long  string `yaml:"long" mapstructure:"long"`
	// Permute, Abbreviate and SingleDash are as in [Options]. Subcommands imply Permute.
	Permute    bool `yaml:"permute" mapstructure:"permute"`
	Abbreviate bool `yaml:"abbreviate" mapstructure:"abbreviate"`
	SingleDash bool `yaml:"single_dash" mapstructure:"single_dash"`

	// Subcommands are the first operands, by the direction that they mean: of
	// one word ("send") or more ("snapshot create").
	Subcommands map[Direction][]string `yaml:"subcommands" mapstructure:"subcommands"`
	// Options are the names of options without their dashes, by role.
	Options map[string][]string `yaml:"options" mapstructure:"options"`
	// Operands are the roles of the operands that follow the subcommand.
	Operands Operands `yaml:"operands" mapstructure:"operands"`

	// Direction is that of a command line that says nothing of it. Where it is
	// empty, it is unknown; none for a tool with subcommands that is given no operand.
	Direction Direction `yaml:"direction" mapstructure:"direction"`
	// NeedsRemote: where the arguments name no other end, both are on this host.
	NeedsRemote bool `yaml:"needs_remote" mapstructure:"needs_remote"`
	// Stdin: an upload that names no local file reads standard input.
	Stdin bool `yaml:"stdin" mapstructure:"stdin"`
	// Signals, Protocol and Channel are those of every copy with the tool.
	Signals  []Signal `yaml:"signals" mapstructure:"signals"`
	Protocol string   `yaml:"protocol" mapstructure:"protocol"`
	Channel  Channel  `yaml:"channel" mapstructure:"channel"`
}

// Operands are the roles of operands in their order, separated by spaces, by
// the direction for which they hold, or [AnyDirection]. One role may end in
// "..." and takes all operands that the others leave: "path... url". It may be
// written as one text for any direction.
type Operands map[Direction]string

// Words for directions in a [Table] that [Transfer] has no need of.
const (
	// AnyDirection stands for those that are not there.
	AnyDirection Direction = "any"
	// noCopyWord is how a table writes NoCopy.
	noCopyWord Direction = "no_copy"
)

// UnmarshalText reads the short form.
func (o *Operands) UnmarshalText(text []byte) error {
	*o = Operands{AnyDirection: string(text)}
	return nil
}

// Grammar checks the table and returns the grammar that it describes. The error
// has every fault, each with the field that it is in.
func (t *Table) Grammar() (Grammar, error) {
	b := tableBuilder{table: t}
	c := &compiledTable{
		options:     b.options(),
		roles:       b.roles(),
		subcommands: b.subcommands(),
		operands:    b.operands(),
		fallback:    b.fallback(),
		needsRemote: t.NeedsRemote,
		stdin:       t.Stdin,
		signals:     b.signals(),
		protocol:    t.Protocol,
		channel:     t.Channel,
	}
	b.checkChannel()
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	return c.read, nil
}

// compiledTable is a table that is ready to read with.
type compiledTable struct {
	options     *Options
	roles       map[string]*optionRoles // by option
	subcommands *tableCommand           // nil where there are none
	operands    map[Direction]*operandRoles
	fallback    *Direction
	needsRemote bool
	stdin       bool
	signals     []Signal
	protocol    string
	channel     Channel
}

var rolesOfHelp = &optionRoles{direction: tableDirections[Informative]}

// optionRoles is all that an option means.
type optionRoles struct {
	values    []valueRole
	direction *Direction
	signals   []Signal
}

// tableCommand is a word of a subcommand, and the words that may follow it.
type tableCommand struct {
	direction *Direction // nil where more words must follow
	next      map[string]*tableCommand
}

// operandRoles are roles of the first operands, of the last, and of those between.
type operandRoles struct {
	first, last []valueRole
	rest        *valueRole
}

// valueRole is what a value is; see [Table].
type valueRole uint8

const (
	ignoredValue valueRole = iota
	pathValue
	inputValue
	outputValue
	endpointValue
	urlValue
	hostValue
	nameValue
	relayValue
	portValue
	userValue
	remotePathValue
	dataValue
	opaqueValue
	proxyValue
)

var valueRoles = map[string]valueRole{
	"ignore": ignoredValue, "path": pathValue, "input": inputValue, "output": outputValue, "endpoint": endpointValue,
	"url": urlValue, "host": hostValue, "name": nameValue, "relay": relayValue, "port": portValue, "user": userValue,
	"remote_path": remotePathValue, "data": dataValue, "opaque": opaqueValue, "proxy": proxyValue,
}

// tableDirections are the directions by the words that a table has for them.
var tableDirections = func() map[Direction]*Direction {
	words := make(map[Direction]*Direction)
	for _, d := range []Direction{
		NoCopy, Upload, Download, RemoteToRemote, Bidirectional, Listen, ServeIn, ServeOut, Local, Interactive, Informative, Unknown,
	} {
		words[d] = &d
	}
	words[noCopyWord] = words[NoCopy]
	delete(words, NoCopy)
	return words
}()

var tableSignals = []Signal{
	OpaqueConfig, InlineData, StdinData, StdoutData, BatchMode, RemovesSource, DeletesExtra, ViaProxy, ViaJumpHost, Tunnel,
	RunsShell, AlternateTransport, Unverified, Anonymous, CustomEndpoint, RedirectedHost, PublicAccess, Relay, Alias, Background,
}

// tableBuilder compiles a table, and collects what is wrong with it.
type tableBuilder struct {
	table  *Table
	faults []error
}

func (b *tableBuilder) faultf(format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf(format, args...))
}

// options are those that the table declares, and those that only have a role.
func (b *tableBuilder) options() *Options {
	b.checkShort()
	b.checkLong()
	t := b.table
	o := Options{
		Short: t.Short, Long: t.Long, Permute: t.Permute || len(t.Subcommands) > 0,
		Abbreviate: t.Abbreviate, SingleDash: t.SingleDash,
	}
	declared := o.compiled()
	for name, value := range b.optionsWithRoles() {
		switch have := declared.kind(name); {
		case have == noValue && value:
			b.faultf("options: %q takes no value by short or long, and its role needs one", name)
		case have == unknownOption && len(name) == 1:
			o.Short += name
			if value {
				o.Short += ":"
			}
		case have == unknownOption:
			o.Long += " " + name
			if value {
				o.Long += "="
			}
		}
	}
	return o.compiled()
}

func (o *Options) kind(name string) need {
	t := o.lookup()
	if kind, ok := t.long[name]; ok || len(name) != 1 {
		return kind
	}
	return t.values[name[0]]
}

// optionsWithRoles returns their names, and whether a role needs a value.
func (b *tableBuilder) optionsWithRoles() map[string]bool {
	names := make(map[string]bool)
	for role, options := range b.table.Options {
		_, value := valueRoles[role]
		for _, name := range options {
			if !isOptionName(name) {
				b.faultf("options.%s: %q is not the name of an option; write it without dashes", role, name)
				continue
			}
			names[name] = names[name] || value
		}
	}
	return names
}

func isOptionName(s string) bool {
	return s != "" && s[0] != '-' && !strings.ContainsAny(s[1:], " \t\n=:?") && s != "=" && s != ":"
}

func (b *tableBuilder) checkShort() {
	letters := strings.ReplaceAll(b.table.Short, ":", "")
	for i := range len(letters) {
		if c := letters[i]; c <= ' ' || c > '~' || c == '-' || c == '=' {
			b.faultf("short: %q is not the letter of an option", c)
		} else if strings.IndexByte(letters[:i], c) >= 0 {
			b.faultf("short: %q is there twice", c)
		}
	}
	if strings.HasPrefix(b.table.Short, ":") || strings.Contains(b.table.Short, ":::") {
		b.faultf("short: %q has a colon after no option", b.table.Short)
	}
}

func (b *tableBuilder) checkLong() {
	seen := make(map[string]bool)
	for word := range strings.FieldsSeq(b.table.Long) {
		name := strings.TrimSuffix(strings.TrimSuffix(word, "=?"), "=")
		switch {
		case !isOptionName(name):
			b.faultf("long: %q is not an option of the form name, name= or name=?, without dashes", word)
		case seen[name]:
			b.faultf("long: %q is there twice", name)
		}
		seen[name] = true
	}
}

func (b *tableBuilder) roles() map[string]*optionRoles {
	all := make(map[string]*optionRoles)
	for _, role := range slices.Sorted(maps.Keys(b.table.Options)) {
		value, isValue := valueRoles[role]
		direction, isDirection := tableDirections[Direction(role)]
		isSignal := slices.Contains(tableSignals, Signal(role))
		if !isValue && !isDirection && !isSignal {
			b.faultf("options: there is no role %q", role)
		}
		for _, name := range b.table.Options[role] {
			roles := all[name]
			if roles == nil {
				roles = new(optionRoles)
				all[name] = roles
			}
			switch {
			case isValue:
				roles.values = append(roles.values, value)
			case isDirection && roles.direction != nil:
				b.faultf("options.%s: %q has another direction already", role, name)
			case isDirection:
				roles.direction = direction
			case isSignal:
				roles.signals = append(roles.signals, Signal(role))
			}
		}
	}
	for _, name := range []string{"help", "version"} { // which every tool has
		if _, ok := all[name]; !ok {
			all[name] = rolesOfHelp
		}
	}
	return all
}

func (b *tableBuilder) subcommands() *tableCommand {
	if len(b.table.Subcommands) == 0 {
		return nil
	}
	root := new(tableCommand)
	for _, word := range slices.Sorted(maps.Keys(b.table.Subcommands)) {
		direction, ok := tableDirections[word]
		if !ok {
			b.faultf("subcommands: there is no direction %q", word)
			continue
		}
		for _, words := range b.table.Subcommands[word] {
			if err := root.add(strings.Fields(words), direction); err != nil {
				b.faultf("subcommands.%s: %q %w", word, words, err)
			}
		}
	}
	for _, word := range []string{"help", "version"} {
		if root.next[word] == nil {
			_ = root.add([]string{word}, tableDirections[Informative])
		}
	}
	return root
}

func (s *tableCommand) add(words []string, direction *Direction) error {
	if len(words) == 0 {
		return errors.New("is empty")
	}
	for _, word := range words {
		if word[0] == '-' {
			return errors.New("is an option, not a subcommand")
		}
		if s.next[word] == nil {
			if s.next == nil {
				s.next = make(map[string]*tableCommand)
			}
			s.next[word] = new(tableCommand)
		}
		s = s.next[word]
	}
	if s.direction != nil {
		return errors.New("is there twice")
	}
	s.direction = direction
	return nil
}

func (b *tableBuilder) operands() map[Direction]*operandRoles {
	all := make(map[Direction]*operandRoles)
	for _, word := range slices.Sorted(maps.Keys(b.table.Operands)) {
		direction, ok := tableDirections[word]
		if !ok && word != AnyDirection {
			b.faultf("operands: there is no direction %q", word)
			continue
		}
		if word == AnyDirection {
			direction = &word
		}
		roles, err := parseOperandRoles(b.table.Operands[word])
		if err != nil {
			b.faultf("operands.%s: %w", word, err)
		}
		all[*direction] = roles
	}
	return all
}

func parseOperandRoles(text string) (*operandRoles, error) {
	roles := new(operandRoles)
	for word := range strings.FieldsSeq(text) {
		name, repeated := strings.CutSuffix(word, "...")
		role, ok := valueRoles[name]
		switch {
		case !ok:
			return nil, fmt.Errorf("there is no role %q", name)
		case repeated && roles.rest != nil:
			return nil, fmt.Errorf("%q: only one role may be repeated", text)
		case repeated:
			roles.rest = &role
		case roles.rest != nil:
			roles.last = append(roles.last, role)
		default:
			roles.first = append(roles.first, role)
		}
	}
	return roles, nil
}

func (b *tableBuilder) fallback() *Direction {
	if b.table.Direction == "" {
		return nil
	}
	direction, ok := tableDirections[b.table.Direction]
	if !ok {
		b.faultf("direction: there is no direction %q", b.table.Direction)
	}
	return direction
}

func (b *tableBuilder) signals() []Signal {
	for _, s := range b.table.Signals {
		if !slices.Contains(tableSignals, s) {
			b.faultf("signals: there is no signal %q", s)
		}
	}
	return b.table.Signals
}

func (b *tableBuilder) checkChannel() {
	if c := b.table.Channel; c != "" && c != Clear && c != Encrypted {
		b.faultf("channel: %q is neither %s nor %s", c, Clear, Encrypted)
	}
}
