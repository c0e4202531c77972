package grammar

import "strings"

var jrunscriptOptions = Options{
	SingleDash: true, Short: "e:f:l:q?", Long: "classpath= cp= J encoding= help strict scripting fx",
}.compiled()

// readJrunscript reads jrunscript and jjs of the JDK, whose scripts copy from a
// URL by cp(from, to) and cat(from).
func readJrunscript(c *Command) Transfer {
	var t Transfer
	for opt := range jrunscriptOptions.Scan(c.Args) {
		if opt.Name == "e" {
			t.jrunscript(opt.Value)
		}
	}
	return t
}

func (t *Transfer) jrunscript(script string) {
	for _, function := range []string{"cp(", "cat("} {
		calls := strings.Split(script, function)
		for _, call := range calls[1:min(len(calls), maxLookupRemotes)] {
			from, rest := leadingQuoted(call)
			remote, ok := parseURL(from)
			if !ok {
				continue
			}
			t.Direction = Download
			t.addRemote(remote)
			if _, after, ok := strings.Cut(rest, ","); ok && function == "cp(" {
				if to, _ := leadingQuoted(after); to != "" {
					t.LocalPaths = append(t.LocalPaths, to)
				}
			}
			known := tableSchemes[remote.Scheme]
			t.Protocol, t.Channel = known.protocol, known.channel
		}
	}
}

// leadingQuoted returns the text in quotes that s begins with, and what follows it.
func leadingQuoted(s string) (text, rest string) {
	s = strings.TrimLeft(s, " ")
	if s == "" || s[0] != '\'' && s[0] != '"' {
		return "", s
	}
	text, rest, _ = strings.Cut(s[1:], s[:1])
	return text, rest
}
