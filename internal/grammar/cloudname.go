package grammar

import (
	"slices"
	"strings"
)

// cloudName is a remote end that is given in parts.
type cloudName struct {
	account, bucket, key string
	at                   int // its place in Remotes, plus one
}

// name takes one part of a remote end that is given in parts.
func (call *cloudCall) name(role cloudRole, value string) {
	n := &call.to
	switch role {
	case roleFromBucket, roleFromKey, roleFromPath, roleFromAccount:
		n = &call.from
	case roleBucket, roleKey, rolePath, roleAccount:
	default:
		return
	}
	if n.at == 0 {
		call.t.Remotes = append(call.t.Remotes, Remote{}) // filled in when all parts are known
		n.at = len(call.t.Remotes)
	}
	switch role {
	case roleAccount, roleFromAccount:
		n.account = value
	case roleBucket, roleFromBucket:
		n.bucket = value
	case rolePath, roleFromPath:
		n.bucket, n.key, _ = strings.Cut(strings.TrimPrefix(value, "/"), "/")
	default:
		if n.key != "" { // a further object of the same bucket
			if call.t.isFull() {
				return
			}
			call.t.Remotes[n.at-1] = call.remoteOf(n)
			call.t.Remotes = append(call.t.Remotes, Remote{})
			n.at = len(call.t.Remotes)
		}
		n.key = value
	}
}

// drop removes a remote end of which only the account was given.
func (call *cloudCall) drop(n *cloudName) {
	call.t.Remotes = slices.Delete(call.t.Remotes, n.at-1, n.at)
	for _, other := range []*cloudName{&call.from, &call.to} {
		if other.at > n.at {
			other.at--
		}
	}
	n.at = 0
}

// remoteOf puts the parts of a remote end together, as the path of a URL would
// be: under its account or, where none is given, its bucket.
func (call *cloudCall) remoteOf(n *cloudName) Remote {
	if whole, ok := parseURL(n.bucket); ok {
		return whole
	}
	if whole, ok := parseURL(n.key); ok {
		return whole
	}
	r := Remote{Scheme: call.client.scheme, Host: call.client.host}
	if call.verb.host != "" {
		r.Host = call.verb.host
	}
	for i, part := range [...]string{n.account, n.bucket, n.key} {
		switch {
		case part == "" || len(r.Path) > maxDirectory:
		case r.Host == "" && i < 2:
			r.Host = part
		case i < 2 && r.Path == "" && len(part) > maxDirectory: // stands for itself: it may come with any number of keys
			r.Path = part
		case part[0] == '/':
			r.Path += part
		default:
			r.Path += "/" + part
		}
	}
	if r.Host == "" { // the configuration has the bucket
		r.Host = r.Scheme
	}
	return r
}
