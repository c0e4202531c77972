package recognise

import (
	"bytes"
	"strings"
)

// maxName is the length above which no name is a variant of a known one.
const maxName = 80

// lookup returns what a base name means: exactly as it is, or as a variant of a known name. It never returns nil.
func (r *Recogniser) lookup(name string) *meaning {
	if m, ok := r.names[name]; ok {
		return m
	}
	if !mayBeVariant(name) {
		return &nothing
	}
	return r.variant(name)
}

// mayBeVariant tells the names that [Recogniser.variant] could make something
// of from the many that mean nothing, without another look into a map.
func mayBeVariant(name string) bool {
	if name == "" || len(name) > maxName {
		return false
	}
	if isDigit(name[len(name)-1]) {
		return true
	}
	separator := -1
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '.' || c == ' ' || c == ':' || 'A' <= c && c <= 'Z':
			return true
		case c == '-' || c == '_':
			separator = i
		}
	}
	return separator > 0 && isVariantWord(name[separator:])
}

// isVariantWord says that a name may end so, in addition to what has a dot or digits.
func isVariantWord(end string) bool {
	switch end {
	case "-static", "-wrapped", "-linux", "_linux", "-musl", "-gnu", "-bin", "-real", "-orig":
		return true
	}
	return false
}

// ends of the names of packaged, diverted, wrapped and downloaded programs, by
// their last letter. Names are in lower case by then.
var ends = func() (byLast [256][][]byte) {
	for _, end := range []string{
		".exe", ".bin", ".real", ".orig", ".dpkg-dist", ".distrib", ".openbsd", ".traditional", ".gnu",
		"-static", "-wrapped", "-bin", "-real", "-orig", // .rclone-wrapped is of Nix
		"-x86_64", "-amd64", "-arm64", "-aarch64", "_amd64", "_arm64", "-linux", "_linux", "-musl", "-gnu", "-unknown",
	} {
		last := end[len(end)-1]
		byLast[last] = append(byLast[last], []byte(end))
	}
	return byLast
}()

// variant takes from a name what distributions, file systems and people add to
// it, for as long as nothing is known by what is left.
func (r *Recogniser) variant(name string) *meaning {
	var buffer [maxName]byte
	rest := fold(&buffer, name)
	rest = bytes.TrimSuffix(rest, []byte(" (deleted)"))
	rest = bytes.TrimPrefix(rest, []byte("memfd:"))
	rest = bytes.TrimPrefix(rest, []byte("."))
	const parts = 6 // rclone-v1.66.0-linux-amd64.real has four
	for i := range parts {
		if m, ok := r.names[string(rest)]; ok && (i == 0 || m != &loader) { // libc.so.6 is no version of musl's libc.so
			return m
		}
		if isLoader(rest) {
			return &loader
		}
		shorter, isDigits := shorten(rest)
		if len(shorter) == 0 || len(shorter) == len(rest) {
			break
		}
		if isDigits && !r.isDistinct(shorter) {
			break
		}
		rest = shorter
	}
	return &nothing
}

// generic returns what a name means without its last addition: of nc.openbsd, what nc means.
func (r *Recogniser) generic(name string) *meaning {
	if !mayBeVariant(name) {
		return &nothing
	}
	var buffer [maxName]byte
	shorter, _ := shorten(fold(&buffer, name))
	if m, ok := r.names[string(shorter)]; ok {
		return m
	}
	return &nothing
}

// isDistinct says that a name with nothing but digits after it is still the
// name: of nc6 and mc2 that is not sure.
func (r *Recogniser) isDistinct(name []byte) bool {
	m, ok := r.names[string(name)]
	return ok && len(name) > 2 && !m.ambiguous
}

// fold writes name in lower case to buffer, or none if it is too long.
func fold(buffer *[maxName]byte, name string) []byte {
	if len(name) > maxName {
		return nil
	}
	n := copy(buffer[:], name)
	for i, c := range buffer[:n] {
		if 'A' <= c && c <= 'Z' {
			buffer[i] = c | 0x20
		}
	}
	return buffer[:n]
}

// shorten takes one addition off the end of a name; isDigits says that it was digits alone.
func shorten(name []byte) (rest []byte, isDigits bool) {
	if len(name) == 0 {
		return name, false
	}
	for _, end := range ends[name[len(name)-1]] {
		if rest, ok := bytes.CutSuffix(name, end); ok {
			return rest, false
		}
	}
	return cutVersion(name)
}

// cutVersion takes a version off the end of a name: -8.5.0, 3.11, _v9, -1.1.1w.
func cutVersion(name []byte) (rest []byte, isDigits bool) {
	end := len(name)
	for end > 0 && 'a' <= name[end-1] && name[end-1] <= 'z' {
		end--
	}
	i := end
	for i > 0 && (isDigit(name[i-1]) || name[i-1] == '.') {
		i--
	}
	if i == end || name[end-1] == '.' {
		return name, false // it ends in letters only
	}
	isDigits = end == len(name) && bytes.IndexByte(name[i:], '.') < 0
	if i > 1 && name[i-1] == 'v' && isSeparator(name[i-2]) {
		i--
	}
	if i > 0 && isSeparator(name[i-1]) {
		i, isDigits = i-1, false
	}
	return name[:i], isDigits
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isSeparator(c byte) bool { return c == '-' || c == '_' }

// isLoader says that a file of this name is the dynamic loader of glibc, musl or
// uClibc, in any version and for any architecture: ld-linux-x86-64.so.2,
// ld-2.31.so, ld-musl-aarch64.so.1, ld64.so.2.
func isLoader(name []byte) bool {
	if !bytes.HasPrefix(name, []byte("ld")) {
		return false
	}
	stem, version, ok := bytes.Cut(name, []byte(".so"))
	return ok && len(bytes.Trim(version, ".0123456789")) == 0 && (len(stem) == 2 || stem[2] == '-' || bytes.Equal(stem, []byte("ld64")) || bytes.Equal(stem, []byte("ld32")))
}

// withoutDash takes off the hyphen that marks a login shell.
func withoutDash(argv0 string) string { return strings.TrimPrefix(argv0, "-") }
