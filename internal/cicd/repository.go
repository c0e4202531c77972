package cicd

import "strings"

// repository is a repository as a slug or a clone URL names it.
type repository struct {
	scheme, host string // of a clone URL; host with port where it is one of HTTP
	owner, name  string
}

// parseRepository reads owner/name, scheme://[user@]host[:port]/owner/name.git
// and [user@]host:owner/name.git (git-clone(1), "GIT URLS"). What cannot be
// told is empty, as are paths on this host.
func parseRepository(s string) repository {
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		authority, path, _ := strings.Cut(rest, "/")
		r := newRepository(path)
		r.scheme, r.host = strings.ToLower(scheme), hostOf(authority)
		if !r.isHTTP() {
			r.host, _, _ = strings.Cut(r.host, ":")
		}
		return r
	}
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, ".") {
		return repository{}
	}
	if host, path, ok := strings.Cut(s, ":"); ok && !strings.Contains(host, "/") {
		r := newRepository(path)
		r.scheme, r.host = "ssh", hostOf(host)
		return r
	}
	return newRepository(s)
}

func newRepository(path string) repository {
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 {
		return repository{name: path}
	}
	return repository{owner: path[:slash], name: path[slash+1:]}
}

// hostOf is an authority without the user.
func hostOf(authority string) string {
	return authority[strings.LastIndexByte(authority, '@')+1:]
}

func (r repository) isHTTP() bool { return r.scheme == "https" || r.scheme == "http" }

// url is where a browser finds the repository. Forges serve what they serve by
// SSH and git by HTTPS under the same path.
func (r repository) url() string {
	if r.host == "" || r.name == "" {
		return ""
	}
	scheme := "https"
	if r.isHTTP() {
		scheme = r.scheme
	}
	if r.owner == "" {
		return scheme + "://" + r.host + "/" + r.name
	}
	return scheme + "://" + r.host + "/" + r.owner + "/" + r.name
}

// forges are the hosts that are known to run one, by the provider's name in
// the semantic conventions.
var forges = map[string]string{
	"github.com":     "github",
	"ssh.github.com": "github",
	"gitlab.com":     "gitlab",
	"bitbucket.org":  "bitbucket",
	"gitea.com":      "gitea",
}

func (r repository) provider() string { return forges[strings.ToLower(r.host)] }

// cleanURL takes a user and password out of a URL and escapes spaces, which
// names that systems put into their URLs may have. What is no web address is dropped.
func cleanURL(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || scheme != "https" && scheme != "http" {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		s = scheme + "://" + rest[at+1:]
	}
	return strings.ReplaceAll(s, " ", "%20")
}
