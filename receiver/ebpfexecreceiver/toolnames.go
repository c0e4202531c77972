package ebpfexecreceiver

import (
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/catalogue"
)

// toolNames are the names by which tools are installed.
type toolNames struct {
	byName map[string]toolName
	of     map[string][]string // tool by tool
}

type toolName struct {
	tool string // canonical
	// ambiguous: another program has that name, or a part of its work is no
	// copying. That a file has the name then does not show that it is the tool.
	ambiguous bool
}

func newToolNames(tools []*catalogue.Tool) *toolNames {
	n := &toolNames{byName: map[string]toolName{}, of: map[string][]string{}}
	for _, tool := range tools {
		for _, name := range append([]string{tool.Name}, tool.Aliases...) {
			_, ambiguous := tool.Ambiguous[name]
			n.byName[name] = toolName{tool.Name, ambiguous}
			n.of[tool.Name] = append(n.of[tool.Name], name)
		}
	}
	return n
}

// file returns the tool that a file is named after, whose links resolved, when
// it was asked for by a name. What the link is called proves nothing: in Alpine
// wget is a link to busybox. But python3 may be python3.11.
func (n *toolNames) file(asked, own string) (toolName, bool) {
	name, ok := n.byName[own]
	if ok {
		return name, true
	}
	if version, isPrefix := strings.CutPrefix(own, asked); isPrefix && isVersion(version) {
		name, ok = n.byName[asked]
	}
	return name, ok
}

// isVersion is true for .11, -3.2 and 3.11, and not for the 6 of nc6, which is another program than nc.
func isVersion(s string) bool {
	return strings.Trim(s, ".-0123456789") == "" && strings.ContainsAny(s, ".-") && strings.ContainsAny(s, "0123456789")
}

// is says that a file of that name is the tool, or a version of it.
func (n *toolNames) is(tool, name string) bool {
	return slices.ContainsFunc(n.of[tool], func(known string) bool {
		version, ok := strings.CutPrefix(name, known)
		return ok && (version == "" || isVersion(version))
	})
}

// agree says that what a file's content shows is the tool, or the kind of tool: nc.openbsd is a nc.
func (n *toolNames) agree(tool, content string) bool {
	return n.byName[content].tool == tool || content == tool || strings.HasPrefix(tool, content+".")
}

// mentioned says that a text has one of the tool's names in it, as a word.
func (n *toolNames) mentioned(tool, text string) bool {
	return slices.ContainsFunc(n.of[tool], func(name string) bool { return hasWord(text, name) })
}

func hasWord(text, word string) bool {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(word)
		if (at == 0 || !isWordByte(text[at-1])) && (end == len(text) || !isWordByte(text[end])) {
			return true
		}
	}
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
