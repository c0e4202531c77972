package grammar

import "strings"

// takeImage reads the name of an image in a registry.
func takeImage(r *reading, v string) {
	remote := parseImage(v, r.registry)
	if r.wholeNames {
		remote = parseWholeImage(v)
	}
	if remote.Host == "" { // a short name: registries.conf says where it is
		remote.Host, remote.Path = remote.Path, ""
		r.signal(Alias)
	}
	r.remote(remote)
}

// parseImage splits [scheme://]registry[:port]/path[:tag][@digest]. What comes
// before the first slash is a registry where it looks like one
// (splitDockerDomain in distribution/reference); otherwise the image is in the
// registry that is given.
func parseImage(ref, registry string) Remote {
	r := Remote{Host: registry, Path: ref}
	if scheme, rest, ok := strings.Cut(ref, "://"); ok && isScheme(scheme) {
		r.Scheme, r.URL, r.Path = strings.ToLower(scheme), ref, rest
	}
	slash := strings.IndexByte(r.Path, '/')
	if slash > 0 && isRegistry(r.Path[:slash]) {
		r.Host, r.Port = splitPort(r.Path[:slash])
		r.Path = r.Path[slash:]
	}
	return r
}

// parseWholeImage is parseImage for clients that have no registry of their own:
// whatever comes before the first slash is one, as in ORAS, containerd and Helm.
func parseWholeImage(ref string) Remote {
	r := parseImage(ref, "")
	if host, path, ok := strings.Cut(r.Path, "/"); ok && r.Host == "" && host != "" {
		r.Host, r.Port = splitPort(host)
		r.Path = "/" + path
	}
	return r
}

func isRegistry(s string) bool {
	return s == "localhost" || strings.ContainsAny(s, ".:") || strings.ToLower(s) != s
}
