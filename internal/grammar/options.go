package grammar

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Options says how a tool reads its options: getopt(3), getopt_long(3), popt,
// the flag package of Go and curl's own parser differ in these. It is compiled
// once by [Options.compiled] and read by many.
type Options struct {
	// Short are the one-letter options in the notation of getopt(3): a letter
	// that ':' follows takes a value, glued to it or the next argument; one that
	// '::' follows takes only a glued one. Other letters are switches.
	Short string
	// Long are the long options, separated by spaces: name, name= for one that
	// takes a value, name=? for one that takes only --name=value.
	Long string
	// Permute: options may follow operands.
	Permute bool
	// Abbreviate: a long option may be cut as far as it stays unique.
	Abbreviate bool
	// SingleDash: long options may have one dash (-name); short ones cannot be bundled.
	SingleDash bool

	table *optionTable
}

// optionTable is what Options say, in the form in which it is looked up. It is
// made when it is needed first: few of the tools are ever run on one host.
type optionTable struct {
	once   sync.Once
	made   atomic.Bool
	values [256]need       // of short options
	long   map[string]need // of long options
	sorted []string        // their names
}

type need uint8

const (
	unknownOption need = iota
	noValue
	requiredValue
	gluedValue
)

// Option is one option or operand of a command line.
type Option struct {
	// Name is the letter, or the long name in full; empty for an operand.
	Name  string
	Value string // of the option, or the operand
	// HasValue: one was given.
	HasValue bool
	// Long: it was written as a long option.
	Long bool
	// Abbreviated: the long name was cut.
	Abbreviated bool
	// Unknown: the tool has no such option as far as is known. It is taken for a switch.
	Unknown bool
	// Index is where it begins in the arguments.
	Index int
}

// IsOperand says that it is no option.
func (o *Option) IsOperand() bool { return o.Name == "" }

// compiled returns o, ready for use. Call it once, for a package variable.
func (o Options) compiled() *Options {
	o.table = new(optionTable)
	return &o
}

// lookup returns the table.
func (o *Options) lookup() *optionTable {
	if o.table == nil {
		panic("grammar: Options are used before they are compiled")
	}
	if !o.table.made.Load() {
		o.table.once.Do(func() { o.table.make(o) })
	}
	return o.table
}

func (t *optionTable) make(o *Options) {
	for i := 0; i < len(o.Short); i++ {
		letter, kind := o.Short[i], noValue
		switch rest := o.Short[i+1:]; {
		case strings.HasPrefix(rest, "::"):
			kind, i = gluedValue, i+2
		case strings.HasPrefix(rest, ":"):
			kind, i = requiredValue, i+1
		}
		t.values[letter] = kind
	}
	t.long = make(map[string]need)
	for name := range strings.FieldsSeq(o.Long) {
		kind := noValue
		if n, ok := strings.CutSuffix(name, "=?"); ok {
			name, kind = n, gluedValue
		} else if n, ok := strings.CutSuffix(name, "="); ok {
			name, kind = n, requiredValue
		}
		t.long[name] = kind
		t.sorted = append(t.sorted, name)
	}
	slices.Sort(t.sorted)
	t.made.Store(true)
}

// Scan yields the options and operands in their order. After "--", and without
// Permute after the first operand, all are operands; "-" always is one.
func (o *Options) Scan(args []string) iter.Seq[Option] {
	table := o.lookup()
	return func(yield func(Option) bool) {
		for i := 0; i < len(args); {
			arg := args[i]
			switch {
			case arg == "--":
				operands(args, i+1, yield)
				return
			case len(arg) < 2 || arg[0] != '-':
				if !o.Permute {
					operands(args, i, yield)
					return
				}
				if !yield(Option{Value: arg, Index: i}) {
					return
				}
				i++
			case arg[1] == '-' || o.SingleDash:
				opt, used := o.readLong(table, args, i)
				if !yield(opt) {
					return
				}
				i += used
			default:
				used, more := table.readShort(args, i, yield)
				if !more {
					return
				}
				i += used
			}
		}
	}
}

func operands(args []string, from int, yield func(Option) bool) {
	for i := from; i < len(args); i++ {
		if !yield(Option{Value: args[i], Index: i}) {
			return
		}
	}
}

// appendOperand adds the argument at i to operands that were taken from the same
// arguments. As long as they follow one another they stay where they are: that
// takes neither room nor time. They must not be written to.
func appendOperand(operands, args []string, i int) []string {
	n := len(operands)
	if n == 0 || i >= n && &operands[0] == &args[i-n] {
		return args[i-n : i+1 : i+1]
	}
	return append(roomFor(operands), args[i])
}

// roomFor makes room in a list that is full for as many again: append alone
// copies a long one each time that it has grown by a quarter.
func roomFor[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, len(list))
}

// readLong reads the long option at args[i], and says how many arguments it takes.
func (o *Options) readLong(t *optionTable, args []string, i int) (opt Option, used int) {
	name, value, glued := strings.Cut(strings.TrimPrefix(args[i][1:], "-"), "=")
	opt = Option{Name: name, Value: value, HasValue: glued, Long: true, Index: i}
	kind, ok := t.long[name]
	if !ok && o.Abbreviate {
		if full := t.complete(name); full != "" {
			opt.Name, opt.Abbreviated, kind = full, true, t.long[full]
		}
	}
	if kind == unknownOption && o.SingleDash && len(name) == 1 {
		kind = t.values[name[0]]
	}
	opt.Unknown = kind == unknownOption
	if kind == requiredValue && !glued && i+1 < len(args) {
		opt.Value, opt.HasValue = args[i+1], true
		return opt, 2
	}
	return opt, 1
}

// complete returns the only long option that begins so, or "".
func (t *optionTable) complete(prefix string) string {
	at, _ := slices.BinarySearch(t.sorted, prefix)
	if prefix == "" || at == len(t.sorted) || !strings.HasPrefix(t.sorted[at], prefix) {
		return ""
	}
	if at+1 < len(t.sorted) && strings.HasPrefix(t.sorted[at+1], prefix) {
		return "" // ambiguous: the tool refuses it
	}
	return t.sorted[at]
}

// readShort reads the bundle of short options at args[i].
func (t *optionTable) readShort(args []string, i int, yield func(Option) bool) (used int, more bool) {
	bundle := args[i]
	for j := 1; j < len(bundle); j++ {
		opt := Option{Name: bundle[j : j+1], Index: i}
		kind := t.values[bundle[j]]
		opt.Unknown = kind == unknownOption
		rest := bundle[j+1:]
		switch {
		case kind == noValue || kind == unknownOption || kind == gluedValue && rest == "":
			if !yield(opt) {
				return 1, false
			}
			continue
		case rest != "":
			opt.Value, opt.HasValue = rest, true
			return 1, yield(opt)
		case i+1 < len(args):
			opt.Value, opt.HasValue = args[i+1], true
			return 2, yield(opt)
		default:
			return 1, yield(opt) // the value is missing: the tool will complain
		}
	}
	return 1, true
}

// dashed rewrites a first argument without dash, as tar reads it: a bundle of
// which each letter with a value takes the next argument (tar(1), "Traditional options").
func (o *Options) dashed(args []string) []string {
	if len(args) == 0 || args[0] == "" || args[0][0] == '-' {
		return args
	}
	bundle, rest := args[0], args[1:]
	values := o.lookup().values
	var options []string
	for i := range min(len(bundle), bundleMost) {
		options = append(options, "-"+bundle[i:i+1])
		if values[bundle[i]] == requiredValue && len(rest) > 0 {
			options, rest = append(options, rest[0]), rest[1:]
		}
	}
	return append(options, rest...)
}

// bundleMost is above the number of letters.
const bundleMost = 256
