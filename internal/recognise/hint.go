package recognise

import "strings"

// HasShape says whether the arguments of an executable of no role are worth the
// look that [Recogniser.Find] has at their shape. It may be wrong in saying yes.
func (r *Recogniser) HasShape(commandLine string) bool {
	line := commandLine
	space := strings.IndexByte(line, ' ')
	if space < 0 {
		return false
	}
	if line[0] == '\'' || line[0] == '$' { // argv[0] is quoted, and may have spaces
		if strings.Contains(line, " --server ") {
			return true
		}
	} else if strings.HasPrefix(line[space+1:], "--server ") {
		return true
	}
	colon := strings.IndexByte(line[space:], ':')
	return colon >= 0 && (hasScheme(line, space+colon) || hasRemote(line[space:]))
}

// hasScheme looks, from the colon at i on, for a bucket, or for any other URL
// together with an option that uploads.
func hasScheme(line string, i int) bool {
	for looked := false; ; {
		if strings.HasPrefix(line[i:], "://") {
			if strings.HasSuffix(line[:i], "s3") || strings.HasSuffix(line[:i], "gs") || !looked && hasUpload(line) {
				return true
			}
			looked = true
		}
		next := strings.IndexByte(line[i+1:], ':')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
}

// hasUpload looks for --upload-file, --post-file, --body-file and -T, also at
// the end of a bundle. (Hyphens are too frequent to look for them first.)
func hasUpload(line string) bool {
	if strings.Contains(line, "file") && strings.Contains(line, "-file") {
		return true
	}
	for from := 0; ; {
		i := strings.Index(line[from:], "T ")
		if i < 0 {
			return false
		}
		from += i + 1
		const longest = 24 // letters before it
		start := from - 1
		for start > 0 && from-start < longest && line[start] != ' ' {
			start--
		}
		if strings.HasPrefix(line[start:], " -") {
			return true
		}
	}
}

// hasRemote looks for a host between @ and a colon. An address in brackets may have colons itself, or none.
func hasRemote(line string) bool {
	for {
		at := strings.IndexByte(line, '@')
		if at < 0 {
			return false
		}
		line = line[at+1:]
		i := 0
		for i < len(line) && (isHostByte(line[i]) || strings.IndexByte("[]%", line[i]) >= 0) {
			i++
		}
		if i < len(line) && line[i] == ':' && i > 0 {
			return true
		}
		line = line[i:]
	}
}
