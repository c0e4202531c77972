package redact

// kinds are the text rules that an argument may concern, as a set of bits.
type kinds uint16

const (
	named  kinds = 1 << iota // NAME=value, --name value
	url                      // a password in a URL
	query                    // a parameter of a URL
	header                   // of HTTP
	shape                    // a key that is known by its form
	pem
	webhook // a URL that is a secret itself
)

// hintWords are parts, in lower case, without which the text rules of a kind find nothing.
var hintWords = map[string]kinds{
	"://": url, "?": query, "&": query,
	"pass": named, "pw": named, "secret": named | header, "token": named | header, "key": named | header, "auth": named | header,
	"signature": named, "sas": named, "credential": named, "cookie": header,
	"gho_": shape, "ghp_": shape, "ghu_": shape, "ghs_": shape, "ghr_": shape, "github_pat_": shape, "glpat-": shape,
	"xox": shape, "aiza": shape, "npm_": shape, "eyj": shape, "hvs.": shape, "sk-": shape,
	"dckr_pat_": shape, "dop_v1_": shape, "gldt-": shape, "glrt-": shape, "glcbt-": shape, "glptt-": shape, "glagent-": shape, "glsoat-": shape, "glft-": shape,
	"pypi-": shape, "sk_live_": shape, "rk_live_": shape, "gocspx-": shape, "atatt3": shape, "hvb.": shape, "hf_": shape, "dapi": shape, "sg.": shape, "ya29.": shape,
	"akia": shape, "asia": shape, "hooks.": webhook, "webhook": webhook, "bot": webhook, "maker.ifttt": webhook,
	"private key": pem,
}

// hints finds the arguments that may hold a secret, and of which kind. It must
// miss none that a text rule would mask (a test holds it to that), and may
// find too many.
type hints struct {
	byFirst [256][]hint // by the first byte, in either case
}

type hint struct {
	word  string // lower case
	kinds kinds
}

func newHints(names []string) *hints {
	h := &hints{}
	for word, kinds := range hintWords {
		h.add(hint{word, kinds})
	}
	for _, name := range names {
		h.add(hint{name, named})
	}
	return h
}

func (h *hints) add(new hint) {
	first := new.word[0]
	h.byFirst[first] = append(h.byFirst[first], new)
	if first >= 'a' && first <= 'z' {
		h.byFirst[first-'a'+'A'] = append(h.byFirst[first-'a'+'A'], new)
	}
}

// in returns the kinds of secrets that an argument may hold; 0 for most.
func (h *hints) in(arg []byte) (found kinds) {
	for i, c := range arg {
		for _, hint := range h.byFirst[c] {
			if hasWord(arg[i:], hint.word) {
				found |= hint.kinds
			}
		}
	}
	return found
}

// hasWord compares without regard to the case of ASCII letters.
func hasWord(text []byte, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := 1; i < len(word); i++ {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
