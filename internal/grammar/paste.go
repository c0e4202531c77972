package grammar

import "strings"

// pasteTool is a tool that puts files, or standard input, on a web page.
type pasteTool struct {
	options *Options
	roles   map[string]pasteRole
}

// pasteRole is what an option is for.
type pasteRole uint8

const (
	_            pasteRole = iota
	pasteService           // names the service
	pasteFile              // names a file
	pasteCommand           // a command of which the output is pasted
	pasteInform            // shows something and ends
)

// pastebinit(1) 1.6.2, which calls Python's getopt: no option comes after an
// operand. It has no long ones; --help is a mistake after which it ends.
var pastebinit = pasteTool{
	options: Options{Short: "EVP:hlva:b:f:i:t:j:m:u:p:", Long: "help version"}.compiled(),
	roles: map[string]pasteRole{
		"b": pasteService, "i": pasteFile, "l": pasteInform, "h": pasteInform, "v": pasteInform, "help": pasteInform, "version": pasteInform,
	},
}

// wgetpaste 2.x, as its script reads its arguments.
var wgetpaste = pasteTool{
	options: Options{
		Short: "xXrtvhSLEIig" + "l:d:n:s:e:u:c:C:",
		Long: `language= description= nick= service= expiration= list-services list-languages list-expiration tinyurl= command= info
			info-only xcut xpaste raw quiet tee verbose debug completions help version`,
		Permute: true,
	}.compiled(),
	roles: map[string]pasteRole{
		"s": pasteService, "service": pasteService, "c": pasteCommand, "command": pasteCommand,
		"S": pasteInform, "L": pasteInform, "E": pasteInform, "h": pasteInform, "list-services": pasteInform,
		"list-languages": pasteInform, "list-expiration": pasteInform, "help": pasteInform, "version": pasteInform,
	},
}

// nopaste is App::Nopaste's.
var nopaste = pasteTool{
	options: Options{
		Short:   "Lxpoqhd:c:n:l:s:",
		Long:    "description= chan= nick= lang= services= service= list_services list copy paste open_url quiet private help",
		Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]pasteRole{
		"s": pasteService, "services": pasteService, "service": pasteService, "L": pasteInform, "list": pasteInform,
		"list_services": pasteInform, "h": pasteInform, "help": pasteInform,
	},
}

func (tool *pasteTool) read(c *Command) Transfer {
	var t Transfer
	service, command := "", false
	var files []string
	for opt := range tool.options.Scan(c.Args) {
		if opt.IsOperand() {
			files = appendOperand(files, c.Args, opt.Index)
			continue
		}
		switch tool.roles[opt.Name] {
		case pasteFile:
			files = append(files, opt.Value)
		case pasteInform:
			return Transfer{Direction: Informative}
		case pasteService:
			service = opt.Value
		case pasteCommand:
			command = true
		}
	}
	t.Direction = Upload
	t.signal(PublicAccess)
	switch {
	case service == "":
	case strings.Contains(service, "."):
		t.connect(webURL(service, ""))
	default:
		t.addRemote(Remote{Host: service})
		t.signal(Alias)
	}
	if len(files) == 0 && !command {
		files = []string{"-"}
	}
	for _, file := range files {
		t.addInput(c, sent(file))
	}
	return t
}
