package grammar

import "strings"

// orgalorgOptions are those of orgalorg (https://github.com/reconquest/orgalorg),
// of which -U and -S copy files to many hosts.
var orgalorgOptions = Options{
	Short: "hSLUCspxtqvVemo:k:r:u:i:n:g:",
	Long: "help sync lock upload command host= read-stdin key= password sudo no-lock-fail root= user= stdin= quiet verbose " +
		"version lock-file= relative sync-cmd= arg= simple shell= no-preserve-uid no-preserve-gid " +
		"conn-timeout= send-timeout= recv-timeout= keep-alive=",
	Permute:    true,
	Abbreviate: true,
}.compiled()

func orgalorg(c *Command) (t Transfer) {
	var hosts []string
	var user, root string
	for o := range orgalorgOptions.Scan(c.Args) {
		if o.Abbreviated {
			t.signal(OptionAbbreviated)
		}
		switch o.Name {
		case "":
			t.LocalPaths = append(t.LocalPaths, o.Value)
		case "U", "upload", "S", "sync":
			t.Direction = Upload
		case "C", "command", "L", "lock":
			return Transfer{}
		case "o", "host":
			if strings.HasPrefix(o.Value, "/") || strings.HasPrefix(o.Value, "./") {
				t.addOpaque(o.Value)
			} else {
				hosts = append(hosts, o.Value)
			}
		case "s", "read-stdin":
			t.addOpaque("-")
		case "u", "user":
			user = o.Value
		case "r", "root":
			root = o.Value
		case "h", "help", "V", "version":
			return Transfer{Direction: Informative}
		}
	}
	if t.Direction == NoCopy || len(t.LocalPaths) == 0 {
		return Transfer{}
	}
	for _, host := range hosts {
		r := parseHost(host)
		if r.User == "" {
			r.User = user
		}
		r.Path = root
		t.addRemote(r)
	}
	return t
}
