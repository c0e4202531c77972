package grammar

import (
	"path"
	"strings"
)

// rcloneEnd tells the remote and local paths of rclone apart, as fspath.Parse
// of rclone does: name:path is remote where no slash comes before the colon,
// :backend:path names a kind of store and no configuration, and options may
// follow either (name,option=value:path).
func rcloneEnd(call *cloudCall, operand string) (Remote, bool) {
	return rcloneFs(call, operand, 0)
}

// rcloneDepth bounds how often one remote may be wrapped into another on a command line.
const rcloneDepth = 4

func rcloneFs(call *cloudCall, operand string, depth int) (Remote, bool) {
	fs, ok := parseRcloneFs(operand)
	if !ok {
		return Remote{}, false
	}
	if !fs.onTheFly {
		call.t.signal(Alias)
		rcloneOptionsOf(call, &fs)
		return Remote{Scheme: "rclone", Host: fs.name, Path: fs.path}, true
	}
	switch fs.name {
	case "local":
		return Remote{Path: fs.path}, false
	case "memory":
		return Remote{Path: operand}, false
	case "alias", "crypt", "chunker", "compress", "hasher", "cache", "archive":
		inner := fs.option(call, "remote")
		if inner == "" || depth == rcloneDepth {
			break
		}
		r, remote := rcloneFs(call, inner, depth+1)
		if !remote && r.Path == "" {
			r.Path = inner
		}
		if fs.path != "" {
			r.Path = path.Join(r.Path, fs.path)
		}
		return r, remote
	}
	return fs.remote(call), true
}

// rcloneOptionsOf reads the options that a connection string adds to what a
// configuration says.
func rcloneOptionsOf(call *cloudCall, fs *rcloneFsPath) {
	if endpoint, ok := fs.given("endpoint"); ok {
		call.endpoint(endpoint)
	}
	if acl, ok := fs.given("acl"); ok {
		call.take(rolePublic, acl)
	}
}

// rcloneFsPath is a remote of rclone: [:]name[,option=value]…:path.
type rcloneFsPath struct {
	onTheFly bool // name is a backend, not an entry of the configuration
	name     string
	options  string
	path     string
}

func parseRcloneFs(s string) (fs rcloneFsPath, ok bool) {
	rest, onTheFly := strings.CutPrefix(s, ":")
	end := strings.IndexAny(rest, ",:/")
	if end < 1 || rest[end] == '/' {
		return fs, false
	}
	fs.onTheFly, fs.name = onTheFly, rest[:end]
	if rest[end] == ':' {
		fs.path = rest[end+1:]
		return fs, true
	}
	rest = rest[end+1:]
	end = endOfRcloneOptions(rest)
	if end < 0 {
		return fs, false // a comma in a file name
	}
	fs.options, fs.path = rest[:end], rest[end+1:]
	return fs, true
}

// endOfRcloneOptions finds the colon after name=value,name='va:l”ue',name.
func endOfRcloneOptions(s string) int {
	var quote byte
	inValue := false
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote { // a doubled one opens again at once
				quote = 0
			}
		case inValue && (c == '\'' || c == '"') && (s[i-1] == '=' || s[i-1] == c):
			quote = c
		case c == ':':
			return i
		case c == '=':
			inValue = true
		case c == ',':
			inValue = false
		case c == '/' && !inValue:
			return -1
		}
	}
	return -1
}

// option is that of the connection string, or else the flag --backend-name.
func (fs *rcloneFsPath) option(call *cloudCall, name string) string {
	if v, ok := fs.given(name); ok {
		return v
	}
	return call.value(fs.name + "-" + strings.ReplaceAll(name, "_", "-"))
}

// given is the value of an option in the connection string, without its quotes.
func (fs *rcloneFsPath) given(name string) (value string, ok bool) {
	for rest := fs.options; rest != ""; {
		end := 0
		var quote byte
		for end < len(rest) && (quote != 0 || rest[end] != ',') {
			switch c := rest[end]; {
			case quote == c:
				quote = 0
			case quote == 0 && (c == '\'' || c == '"'):
				quote = c
			}
			end++
		}
		key, v, _ := strings.Cut(rest[:end], "=")
		if key == name {
			return unquoteRclone(v), true
		}
		rest = strings.TrimPrefix(rest[end:], ",")
	}
	return "", false
}

func unquoteRclone(v string) string {
	if len(v) >= 2 && (v[0] == '\'' || v[0] == '"') && v[len(v)-1] == v[0] {
		quote := v[:1]
		return strings.ReplaceAll(v[1:len(v)-1], quote+quote, quote)
	}
	return v
}

// remote is the other end that the backend and its options name.
func (fs *rcloneFsPath) remote(call *cloudCall) Remote {
	r := Remote{Scheme: fs.name, Path: fs.path}
	switch fs.name {
	case "http", "webdav":
		if u, ok := parseURL(fs.option(call, "url")); ok {
			if fs.path != "" {
				u.Path = path.Join("/", u.Path, fs.path)
			}
			return u
		}
	case "sftp", "ftp", "smb":
		r.Host, r.User, r.Port = fs.option(call, "host"), fs.option(call, "user"), parsePort(fs.option(call, "port"))
		if fs.name == "ftp" && (rcloneTrue(fs.option(call, "tls")) || rcloneTrue(fs.option(call, "explicit_tls")) || call.has("ftp-tls") || call.has("ftp-explicit-tls")) {
			r.Scheme = "ftps"
		}
	case "seafile":
		if u, ok := parseURL(fs.option(call, "url")); ok {
			u.Path = fs.path
			return u
		}
	case "s3", "gcs", "google cloud storage", "b2", "azureblob", "swift", "qingstor", "oos", "storj":
		rcloneOptionsOf(call, fs)
		r.Host, r.Path = bucketAndKey(fs.path)
	}
	if r.Host == "" {
		r.Host = fs.name
	}
	return r
}

// bucketAndKey splits bucket/key as the URL of a bucket does.
func bucketAndKey(s string) (bucket, key string) {
	s = strings.TrimPrefix(s, "/")
	if slash := strings.IndexByte(s, '/'); slash >= 0 {
		return s[:slash], s[slash:]
	}
	return s, ""
}

func rcloneTrue(s string) bool { return s == "true" || s == "True" || s == "1" }
