package deliveryguardextension

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// judgeStatus judges an HTTP answer by its status and the beginning of its body.
func judgeStatus(response *http.Response, body []byte) verdict {
	hec := parseHEC(body)
	detail := fmt.Sprint(response.StatusCode)
	if hec != nil {
		detail += ", " + hec.String()
	} else if text := printable(string(body), maxAnswer); text != "" {
		detail += fmt.Sprintf(", %q", text)
	}
	switch status := response.StatusCode; {
	case status < 300:
		return judgeSuccess(response)
	case status < 400:
		return judgeRedirect(response)
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return verdict{mendable, reasonCredentials, "refuses the credentials (" + detail + ")", cureCredentials}
	case status == http.StatusPaymentRequired:
		return verdict{mendable, reasonQuota, "takes no more (" + detail + ")", cureQuota}
	case status == http.StatusNotFound && bytes.Contains(body, []byte("index_not_found_exception")):
		return verdict{mendable, reasonIndex, "does not know the index (" + detail + ")", cureIndex}
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusGone, status == http.StatusMisdirectedRequest:
		return verdict{mendable, reasonAddress, "does not know the path (" + detail + ")", cureAddress}
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return verdict{passing, reasonBusy, "is too busy (" + detail + ")", cureWait}
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		return verdict{passing, reasonServer, "has an error of its own (" + detail + ")", cureWait}
	case status == http.StatusRequestEntityTooLarge:
		return verdict{content, reasonSize, "refuses a request for its size (" + detail + ")", cureSize}
	}
	return judgeBadRequest(hec, body, detail)
}

// judgeSuccess doubts a success that is a page for people: whatever wrote it has no use for records.
func judgeSuccess(response *http.Response) verdict {
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		return verdict{mendable, reasonAddress,
			fmt.Sprintf("answers with a web page (%d)", response.StatusCode), cureAddress}
	}
	return verdict{class: accepted}
}

// judgeRedirect refuses those redirections that clients follow with a GET: the
// data is dropped on the way, and what comes back looks like success.
func judgeRedirect(response *http.Response) verdict {
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		where := "elsewhere"
		if u, err := url.Parse(response.Header.Get("Location")); err == nil && u.String() != "" {
			where = printable(bare(u), maxAnswer)
		}
		return verdict{mendable, reasonAddress,
			fmt.Sprintf("redirects to %s (%d)", where, response.StatusCode), cureAddress}
	}
	return verdict{class: ignored}
}

// plainHTTP is what servers of TLS say to a client that does not speak it.
var plainHTTP = []string{"plain HTTP request was sent to HTTPS port", "HTTP request to an HTTPS server"}

func judgeBadRequest(hec *hecAnswer, body []byte, detail string) verdict {
	if hec != nil {
		if v, ok := hecMendable[*hec.Code]; ok {
			v.problem = "refuses the request (" + detail + ")"
			return v
		}
	}
	for _, text := range plainHTTP {
		if bytes.Contains(body, []byte(text)) {
			return verdict{mendable, reasonAddress, "wants TLS (" + detail + ")", cureAddress}
		}
	}
	return verdict{content, reasonContent, "refuses a request for its content (" + detail + ")", cureContent}
}

// bare is an address without what may be secret in it.
func bare(u *url.URL) string {
	b := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return b.String()
}
