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
	member  // "name": value
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
	`":`: member, `" :`: member, `':`: member, `' :`: member,
	"private key": pem,
}

// hints finds the arguments that may hold a secret, and of which kind. It must
// miss none that a text rule would mask (a test holds it to that), and may
// find too many.
type hints struct {
	byFirst [256][]hint // by the first byte, in either case
	second  [256]uint32 // by the same, a bit for each second byte that one of these has: see fold
}

// fold is the same for either case of a letter. Other bytes may share it.
func fold(c byte) uint32 { return 1 << (c & 31) }

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
	first, second := new.word[0], ^uint32(0)
	if len(new.word) > 1 {
		second = fold(new.word[1])
	}
	cases := []byte{first}
	if first >= 'a' && first <= 'z' {
		cases = append(cases, first-'a'+'A')
	}
	for _, c := range cases {
		h.byFirst[c] = append(h.byFirst[c], new)
		h.second[c] |= second
	}
}

// in returns the kinds of secrets that an argument may hold; 0 for most.
func (h *hints) in(arg []byte) (found kinds) {
	for i, c := range arg {
		next := byte(0)
		if i+1 < len(arg) {
			next = arg[i+1]
		}
		if h.second[c]&fold(next) == 0 {
			continue
		}
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
