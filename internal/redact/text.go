package redact

import (
	"bytes"
	"regexp"
)

// textRule masks one group of what its pattern matches. Patterns are RE2:
// their time is linear in the text, whatever it is.
type textRule struct {
	kind    kinds
	pattern *regexp.Regexp
	secret  int // the group that is masked
	free    func(value []byte) bool
}

// secretWords end the names of options, variables and query parameters whose values are secrets.
var secretWords = []string{
	"password", "passwd", "passphrase", "secret", "token", "api[-_]?key", "access[-_]?key", "secret[-_]?key",
	"account[-_]?key", "private[-_]?token", "auth[-_]?key", "sshpass", "sas", "signature", "credentials?", "[a-z0-9][-_.](?:pass|pwd|pw)",
}

// value is what stands for one in a command line: quoted, or up to where it ends.
const value = `("[^"]*"|'[^']*'|[^\s'"&;|<>]+)`

func textRules(words string) []textRule {
	isOption := func(v []byte) bool { return v[0] == '-' }
	rule := func(kind kinds, secret int, pattern string) textRule {
		return textRule{kind: kind, secret: secret, pattern: regexp.MustCompile(pattern)}
	}
	rules := []textRule{
		// An argument that is NAME=value or --name=value as a whole: the value may hold anything.
		rule(named, 2, `(?is)^(-{0,2}[a-z0-9_.-]*(?:`+words+`)=)(.+)$`),
		// The same within a command line, apart and with =.
		rule(named, 2, `(?i)((?:^|[\s'"=])--?[a-z0-9_.-]*(?:`+words+`)\s+)`+value),
		rule(named, 2, `(?i)((?:^|[^a-z0-9_.-])[a-z0-9_.-]*(?:`+words+`)=)`+value),
		// A member of JSON, also within quotes of a shell.
		rule(member, 2, `(?i)(\\?["'][a-z0-9_.-]*(?:`+words+`)\\?["']\s?:\s*\\?)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}'"\\]+)`),
		// The password of a URL goes up to the last @ of the authority: it may hold one itself.
		rule(url, 2, `(://[^\s/?#:@'"]*:)([^\s/?#'"]+)@`),
		rule(query, 2, `(?i)([?&](?:sig|code|key|auth|pwd|pass|x-amz-signature|x-goog-signature)=)([^&\s'"#]+)`),
		rule(header, 2, `(?i)((?:proxy-)?authorization\s*:\s*(?:(?:basic|bearer|token|digest|negotiate|apikey|key)\s+)?)([^'"\r\n]+)`),
		rule(header, 2, `(?i)((?:x-api-key|api-key|x-auth-[a-z-]+|x-[a-z-]*(?:token|secret)|private-token|job-token|deploy-token|set-cookie|cookie)\s*:\s*)([^'"\r\n]+)`),
		rule(shape, 1, `\b((?:gh[opusr]_|github_pat_|glpat-|xox[abeprs]-|npm_|hvs\.|sk-)[A-Za-z0-9_-]{16,})`),
		rule(shape, 1, `\b((?:dckr_pat_|dop_v1_|gl(?:dt|rt|cbt|ptt|agent|soat|ft)-|pypi-|sk_live_|rk_live_|GOCSPX-|ATATT3|hvb\.)[A-Za-z0-9_=-]{16,})`),
		rule(shape, 1, `\b(hf_[A-Za-z0-9]{30,}|dapi[0-9a-f]{32}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|ya29\.[A-Za-z0-9_-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16})`),
		rule(shape, 1, `\b(AIza[A-Za-z0-9_-]{30,})`),
		// Who has these addresses may write there, or read what others sent.
		rule(webhook, 2, `(?i)(hooks\.slack(?:-gov)?\.com/services/[a-z0-9]+/[a-z0-9]+/)([a-z0-9]+)`),
		rule(webhook, 2, `(?i)(hooks\.slack(?:-gov)?\.com/(?:workflows|triggers)/(?:[a-z0-9]+/){2,3})([a-z0-9]{20,})`),
		rule(webhook, 2, `(?i)(/webhooks/[0-9]+/)([a-z0-9_-]+)`),
		rule(webhook, 2, `(?i)(/bot[0-9]+:)([a-z0-9_-]{20,})`),
		rule(webhook, 2, `(?i)(webhook\.office\.com/webhookb2/)([^\s'"?#]+)`),
		rule(webhook, 2, `(?i)(hooks\.zapier\.com/hooks/catch/[0-9]+/)([a-z0-9]+)`),
		rule(webhook, 2, `(?i)(maker\.ifttt\.com/trigger/[^/\s]+/(?:json/)?with/key/)([a-z0-9_-]+)`),
		rule(shape, 1, `\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)`),
		rule(pem, 1, `(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)(?:-----END|$)`),
	}
	rules[0].free, rules[1].free, rules[2].free = isSecretID, isOption, isSecretID
	return rules
}

// isSecretID: docker build --secret=id=… names one, and is none.
func isSecretID(value []byte) bool { return bytes.HasPrefix(value, []byte("id=")) }

// apply returns text with what the rule finds masked, in a copy, or text itself.
func (r *textRule) apply(text []byte) ([]byte, int) {
	matches := r.pattern.FindAllSubmatchIndex(text, -1)
	if matches == nil {
		return text, 0
	}
	var out []byte
	count, done := 0, 0
	for _, m := range matches {
		from, to := unquote(text, m[2*r.secret], m[2*r.secret+1])
		secret := text[from:to]
		if len(secret) == 0 || isMasked(secret) || r.free != nil && r.free(secret) {
			continue
		}
		out = append(append(out, text[done:from]...), mask...)
		done = to
		count++
	}
	if count == 0 {
		return text, 0
	}
	return append(out, text[done:]...), count
}

// isMasked says that a value was masked before, by this package on an agent or by a rule that knows where exactly it ends.
func isMasked(value []byte) bool {
	rest, ok := bytes.CutPrefix(value, mask)
	return ok && (len(rest) == 0 || bytes.IndexByte([]byte(",:;%&#)"), rest[0]) >= 0)
}

// unquote leaves the quotes of a quoted value outside of what is masked.
func unquote(text []byte, from, to int) (int, int) {
	if to-from >= 2 && (text[from] == '"' || text[from] == '\'') && text[to-1] == text[from] {
		return from + 1, to - 1
	}
	return from, to
}
