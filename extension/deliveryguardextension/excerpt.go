package deliveryguardextension

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Bounds of what is read of an answer, whatever a destination sends.
const (
	maxExcerpt  = 16 << 10        // of an error's body
	maxBulk     = 1 << 20         // of a bulk answer's
	maxAnswer   = 200             // of its text in a message
	readTimeout = 5 * time.Second // for either
)

// excerpt reads the beginning of an answer's body and puts it back, so that
// the exporter reads all of it. It returns the text that it stands for, as far
// as it is within the bound.
func excerpt(response *http.Response, bound int64, patience time.Duration, abort func()) []byte {
	timer := time.AfterFunc(patience, abort)
	raw, _ := io.ReadAll(io.LimitReader(response.Body, bound)) // what came before an error is all there is
	timer.Stop()
	response.Body = &rejoined{Reader: io.MultiReader(bytes.NewReader(raw), response.Body), Closer: response.Body}
	if response.Header.Get("Content-Encoding") != "gzip" {
		return raw
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(io.LimitReader(unzipped, bound)) // it may be cut, or no gzip any more
	return text
}

// rejoined is a body whose beginning was read before.
type rejoined struct {
	io.Reader
	io.Closer
}

// printable makes one line of a text that others chose.
func printable(text string, limit int) string {
	var line strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if !unicode.IsPrint(r) {
			r = '?'
		}
		if line.Len() >= limit {
			line.WriteString("…")
			break
		}
		line.WriteRune(r)
	}
	return line.String()
}

// shortestSecret is how long a credential is that is looked for: what is shorter is in any text.
const shortestSecret = 4

// scrub masks a request's credentials where the answer repeats them.
func scrub(text []byte, header http.Header) []byte {
	for _, name := range []string{"Authorization", "Proxy-Authorization", "X-Api-Key"} {
		for _, value := range header[name] {
			_, secret, _ := strings.Cut(value, " ")
			if secret == "" {
				secret = value
			}
			text = mask(text, secret)
			if pair, err := base64.StdEncoding.DecodeString(secret); err == nil {
				_, password, _ := bytes.Cut(pair, []byte(":"))
				text = mask(text, string(password))
			}
		}
	}
	return text
}

func mask(text []byte, secret string) []byte {
	if len(secret) < shortestSecret {
		return text
	}
	return bytes.ReplaceAll(text, []byte(secret), []byte("****"))
}
