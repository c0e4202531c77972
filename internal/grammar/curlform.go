package grammar

import "strings"

// form reads the value of -F as tool_formparse.c does:
//
//	name=content                    name=@file[,file]...           name=<file
//
// each with ;type=, ;filename=, ;encoder= and ;headers=, of which the last may
// be @file or <file. name=( and =) nest parts.
func (q *curlRequest) form(value string) {
	_, content, ok := strings.Cut(value, "=")
	if !ok {
		return
	}
	switch {
	case strings.HasPrefix(content, "@"):
		for rest := content[1:]; ; {
			var file string
			file, rest = formWord(rest, ",;")
			q.addFile(partForm, file)
			if rest = q.formParameters(rest, ",;"); !strings.HasPrefix(rest, ",") {
				return
			}
			rest = rest[1:]
		}
	case strings.HasPrefix(content, "<"):
		file, rest := formWord(content[1:], ";")
		q.addFile(partForm, file)
		q.formParameters(rest, ";")
	case strings.HasPrefix(content, "("), value == "=)":
		_, rest := formWord(content, ";")
		q.formParameters(rest, ";")
	default:
		q.addLiteral(partForm, content)
		_, rest := formWord(content, ";")
		q.formParameters(rest, ";")
	}
}

// formParameters passes ;key=value, and returns what follows the last.
func (q *curlRequest) formParameters(s, ends string) string {
	for strings.HasPrefix(s, ";") {
		key := strings.TrimLeft(s[1:], " ")
		if headers, ok := strings.CutPrefix(key, "headers="); ok && (strings.HasPrefix(headers, "@") || strings.HasPrefix(headers, "<")) {
			var file string
			file, s = formWord(headers[1:], ends)
			q.addFile(partForm, file)
			continue
		}
		_, s = formWord(key, ends)
	}
	return s
}

// formWord cuts a word off that ends at one of these characters; in quotes it may
// have them, and backslashes before quotes and backslashes.
func formWord(s, ends string) (word, rest string) {
	if strings.HasPrefix(s, `"`) {
		if word, rest, ok := quotedWord(s[1:]); ok && (rest == "" || strings.IndexByte(ends, rest[0]) >= 0) {
			return word, rest
		}
	}
	if end := strings.IndexAny(s, ends); end >= 0 {
		return s[:end], s[end:]
	}
	return s, ""
}

func quotedWord(s string) (word, rest string, closed bool) {
	end := 0
	for end < len(s) && s[end] != '"' {
		if s[end] == '\\' && end+1 < len(s) && (s[end+1] == '\\' || s[end+1] == '"') {
			end++
		}
		end++
	}
	if end >= len(s) {
		return "", "", false
	}
	word = s[:end]
	if strings.IndexByte(word, '\\') >= 0 {
		word = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(word)
	}
	return word, strings.TrimLeft(s[end+1:], " "), true
}
