package grammar

import (
	"strings"
	"sync"
)

// verb is a program of several commands (docker, git, gh), or one of its
// commands: what its options and operands mean, and which commands it has in
// turn. Most are a table and no more.
//
// Options are listed as "r,repo=url all q,quiet yes!public": the names of an
// option, separated by commas, then "=" where it takes a value and "=?" where
// only a glued one, then the role of the value; or "!" and the role of a
// switch. They hold for the commands below too. Operands are the roles in
// their order, "..." for one or more, in brackets where they may be missing;
// with fewer than it needs the tool refuses to work. A word in verbs may have
// aliases: "image|images".
type verb struct {
	direction Direction
	options   string
	operands  string
	verbs     map[string]*verb
	// read says what a table cannot, after the options and operands are read.
	read func(*reading)
	// Options stand before the operands, or are read by Go's flag package, or may be cut.
	strict, singleDash, abbreviate bool
	// leaf: it does something without a further command too.
	leaf bool
	// wholeNames: the name of an image begins with its registry, whatever that looks like. Of the program, not of its commands.
	wholeNames bool

	before, among *Options // to find the next command, and to read its own arguments
	roles         map[string]role
	slots         []slot
	byWord        map[string]*verb
}

// reading is one command line on its way to a Transfer.
type reading struct {
	*Command
	Transfer
	operands   []string
	registry   string // where an image is that names none; empty where a configuration says
	wholeNames bool
	shows      bool     // help, a dry run: no copy
	refuses    bool     // an invalid call, or something else than a copy
	stdin      bool     // standard input is passed on
	dir        string   // the directory, machine or container that an option or operand names
	flags      string   // letters that a verb's roles leave for its read
	value      string   // of the option that matters to its read
	tags       []string // names that an image is given
}

type role func(r *reading, value string)

type slot struct {
	fill             role
	repeat, optional bool
}

// grammar returns what reads the command line of a program.
func (v *verb) grammar() Grammar {
	program := v.program()
	return func(c *Command) Transfer { return program().transfer(c) }
}

// program returns what makes v ready, once and when it is needed: a host has few of these programs.
func (v *verb) program() func() *verb {
	return sync.OnceValue(func() *verb { return v.compiled("", v) })
}

// transfer reads the arguments of a command line.
func (v *verb) transfer(c *Command) Transfer {
	r := reading{Command: c, registry: "docker.io", wholeNames: v.wholeNames}
	v.run(&r, c.Args)
	return r.result()
}

func (r *reading) result() Transfer {
	switch {
	case r.shows:
		return Transfer{Direction: Informative}
	case r.refuses || r.Direction == NoCopy:
		return Transfer{}
	case r.Protocol == "":
		for _, remote := range r.Remotes {
			if r.Protocol, r.Channel = protocolOfScheme(remote.Scheme); r.Protocol != "" {
				break
			}
		}
	}
	return r.Transfer
}

// run follows the commands to the last, then reads its options and operands.
func (v *verb) run(r *reading, args []string) {
	if v.byWord != nil {
		for o := range v.before.Scan(args) {
			if !o.IsOperand() {
				continue
			}
			if next := v.byWord[o.Value]; next != nil {
				v.takeOptions(r, v.before, args[:o.Index])
				next.run(r, args[o.Index+1:])
				return
			}
			break
		}
		if !v.leaf {
			r.refuses = true
			return
		}
	}
	r.Direction = v.direction
	v.takeOptions(r, v.among, args)
	v.takeOperands(r)
	if v.read != nil && !r.refuses && !r.shows {
		v.read(r)
	}
}

func (v *verb) takeOptions(r *reading, options *Options, args []string) {
	for o := range options.Scan(args) {
		if o.IsOperand() {
			r.operands = appendOperand(r.operands, args, o.Index)
			continue
		}
		if o.Abbreviated {
			r.signal(OptionAbbreviated)
		}
		if fill := v.roles[o.Name]; fill != nil {
			if !o.Long { // -n=value, as pflag and argparse have it
				o.Value = strings.TrimPrefix(o.Value, "=")
			}
			fill(r, o.Value)
		}
	}
}

func (v *verb) takeOperands(r *reading) {
	spare := len(r.operands)
	for _, s := range v.slots {
		if !s.optional {
			spare--
		}
	}
	if spare < 0 {
		r.refuses = true
		return
	}
	at := 0
	for _, s := range v.slots {
		n := 1
		if s.optional {
			n = min(spare, 1)
			spare -= n
		}
		if s.repeat {
			n, spare = n+spare, 0
		}
		for ; n > 0; n-- {
			s.fill(r, r.operands[at])
			at++
		}
	}
}

// compiled returns v and what is below it, ready for use. inherited are the
// options of those above: a verb may stand below several.
func (v verb) compiled(inherited string, root *verb) *verb {
	spec := inherited + " " + v.options
	v.roles = make(map[string]role)
	o := Options{Abbreviate: root.abbreviate, SingleDash: root.singleDash}
	o.Short, o.Long = v.readOptions(spec)
	v.before = o.compiled()
	o.Permute = !root.strict && !v.strict
	v.among = o.compiled()
	for word := range strings.FieldsSeq(v.operands) {
		word, optional := strings.CutPrefix(word, "[")
		name, repeat := strings.CutSuffix(strings.TrimSuffix(word, "]"), "...")
		v.slots = append(v.slots, slot{fill: findRole(name), repeat: repeat, optional: optional})
	}
	if v.verbs != nil {
		v.byWord = make(map[string]*verb)
	}
	for words, next := range v.verbs {
		ready := next.compiled(spec, root)
		for word := range strings.SplitSeq(words, "|") {
			v.byWord[word] = ready
		}
	}
	return &v
}

// readOptions translates the list of options to the notation of Options. A
// later entry of the same name replaces an earlier one.
func (v *verb) readOptions(spec string) (short, long string) {
	kinds := make(map[string]string)
	for entry := range strings.FieldsSeq(spec) {
		names, kind, roleName := entry, "", ""
		if at := strings.IndexAny(entry, "=!"); at >= 0 {
			names, roleName = entry[:at], entry[at+1:]
			if entry[at] == '=' {
				kind = "="
			}
			if r, glued := strings.CutPrefix(roleName, "?"); glued {
				kind, roleName = "=?", r
			}
		}
		for name := range strings.SplitSeq(names, ",") {
			kinds[name] = kind
			delete(v.roles, name)
			if roleName != "" {
				v.roles[name] = findRole(roleName)
			}
		}
	}
	var s, l strings.Builder
	for name, kind := range kinds {
		if len(name) == 1 {
			s.WriteString(name + map[string]string{"": "", "=": ":", "=?": "::"}[kind])
		} else {
			l.WriteString(name + kind + " ")
		}
	}
	return s.String(), l.String()
}
