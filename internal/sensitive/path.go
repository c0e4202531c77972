package sensitive

import "strings"

const (
	// maxPath is PATH_MAX in bytes (linux/limits.h): what is longer cannot be opened.
	maxPath = 4096
	// usualDepth is how many components a path has room for without an allocation.
	usualDepth = 32
)

// resolved is a path, clean and split.
type resolved struct {
	components []string
	absolute   bool
	pattern    bool // the last component is a pattern of the shell
}

// resolve splits a path and cleans it of . and .., within the directory where
// it is relative. The components go to the buffer as far as there is room.
func resolve(buffer []string, directory, path string) resolved {
	var absolute bool
	if user, rest, ok := cutHome(path); ok {
		absolute, path = true, rest
		if user != "root" {
			buffer = append(buffer, "home")
		}
		buffer = append(buffer, user)
	} else if path[0] == '/' {
		absolute = true
	} else if directory != "" {
		absolute = directory[0] == '/'
		buffer = appendClean(buffer, directory)
	}
	components, pattern := expand(appendClean(buffer, path))
	return resolved{components: components, absolute: absolute, pattern: pattern}
}

// appendClean adds the components of a path.
func appendClean(components []string, path string) []string {
	for path != "" {
		component := path
		if slash := strings.IndexByte(path, '/'); slash >= 0 {
			component, path = path[:slash], path[slash+1:]
		} else {
			path = ""
		}
		switch component {
		case "", ".":
		case "..":
			components = components[:max(0, len(components)-1)]
		default:
			components = append(components, component)
		}
	}
	return components
}

// someone is the name of a user that is not known.
const someone = "~"

// cutHome splits a path that begins with a home directory into the user and what is after that.
func cutHome(path string) (user, rest string, ok bool) {
	if path[0] != '~' && path[0] != '$' {
		return "", "", false
	}
	first, rest, _ := strings.Cut(path, "/")
	switch {
	case first == "~" || first == "$HOME" || first == "${HOME}":
		return someone, rest, true
	case first[0] == '~' && !strings.ContainsAny(first, patternCharacters):
		return first[1:], rest, true
	}
	return "", "", false
}

// patternCharacters are those that make a word a pattern (POSIX, "Shell & Utilities", 2.13).
const patternCharacters = "*?["

// expand drops a last component that matches every name: the files in a
// directory are as sensitive as the directory. It says whether another pattern is left.
func expand(components []string) ([]string, bool) {
	last := len(components) - 1
	if last < 0 || !strings.ContainsAny(components[last], patternCharacters) {
		return components, false
	}
	if strings.Trim(components[last], "*?.") == "" {
		return components[:last], false
	}
	return components, true
}
