package recognise

import "strings"

// interpreter is a program that runs a script, a module or a package, and how
// it reads the options before it.
type interpreter struct {
	letters [256]letterKind
	words   map[string]wordKind // whole options, with their dashes
	operand operandKind         // what the first operand is
	plus    bool                // options may begin with + too
	// dashesEnd: what follows -- are arguments of a script that comes from elsewhere.
	dashesEnd bool
}

// letterKind is what a one-letter option does.
type letterKind uint8

const (
	switchLetter letterKind = iota
	valueLetter             // takes what is glued to it, or the next argument
	gluedLetter             // takes only what is glued to it
	nextLetter              // takes the next argument, and the bundle goes on
	fileLetter              // its value is the script
	moduleLetter            // its value is the module
	codeLetter              // a program text follows, or there is no script
)

// wordKind is the same for a whole option.
type wordKind uint8

const (
	switchWord wordKind = iota
	valueWord           // the next argument is its value, where it has no =
	fileWord
	codeWord
)

// operandKind is what an interpreter runs.
type operandKind uint8

const (
	noOperand operandKind = iota // program text, standard input, nothing
	scriptOperand
	moduleOperand
	packageOperand
)

// scan returns what the arguments tell the interpreter to run, and at which of them that is named.
func (in *interpreter) scan(argv []string) (at int, kind operandKind, name string) {
	for i := 1; i < len(argv); i++ {
		arg := argv[i]
		switch {
		case arg == "--":
			if in.dashesEnd || i+1 >= len(argv) {
				return 0, noOperand, ""
			}
			return i + 1, in.operand, argv[i+1]
		case arg == "-":
			return 0, noOperand, ""
		case len(arg) < 2 || arg[0] != '-' && (arg[0] != '+' || !in.plus):
			return i, in.operand, arg
		}
		used, kind, name := in.option(argv[i:])
		if used == 0 {
			return 0, noOperand, ""
		}
		i += used - 1
		if kind != noOperand && i < len(argv) {
			return i, kind, name
		}
	}
	return 0, noOperand, ""
}

// option reads the option argv[0], and says how many arguments it takes; none
// where no script comes after it. If its value is what is run, it says so.
func (in *interpreter) option(argv []string) (used int, kind operandKind, name string) {
	word, value, glued := strings.Cut(argv[0], "=")
	switch in.words[word] {
	case codeWord:
		return 0, noOperand, ""
	case valueWord:
		if glued {
			return 1, noOperand, ""
		}
		return 2, noOperand, ""
	case fileWord:
		if glued {
			return 1, scriptOperand, value
		}
		return 2, scriptOperand, second(argv)
	}
	if strings.HasPrefix(argv[0], "--") {
		return 1, noOperand, ""
	}
	return in.bundle(argv)
}

// bundle is the same for letters that may be written together.
func (in *interpreter) bundle(argv []string) (used int, kind operandKind, name string) {
	used, letters := 1, argv[0]
	for j := 1; j < len(letters); j++ {
		rest := letters[j+1:]
		switch in.letters[letters[j]] {
		case codeLetter:
			return 0, noOperand, ""
		case gluedLetter:
			return used, noOperand, ""
		case nextLetter:
			used++
		case valueLetter:
			return used + taken(rest), noOperand, ""
		case fileLetter:
			return withValue(argv, used, rest, scriptOperand)
		case moduleLetter:
			return withValue(argv, used, rest, moduleOperand)
		}
	}
	return used, noOperand, ""
}

// taken is how many further arguments the value of an option is.
func taken(glued string) int {
	if glued == "" {
		return 1
	}
	return 0
}

func withValue(argv []string, used int, glued string, kind operandKind) (int, operandKind, string) {
	if glued != "" {
		return used, kind, glued
	}
	if used >= len(argv) {
		return 0, noOperand, ""
	}
	return used + 1, kind, argv[used]
}

func second(argv []string) string {
	if len(argv) < 2 {
		return ""
	}
	return argv[1]
}
