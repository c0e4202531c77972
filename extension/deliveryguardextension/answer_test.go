package deliveryguardextension

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnswersAreJudged(t *testing.T) {
	for _, test := range []struct {
		name    string
		status  int
		header  http.Header
		body    string
		class   class
		reason  reason
		problem string
	}{
		{"success", 200, nil, "", accepted, "", ""},
		{"no content", 204, nil, "", accepted, "", ""},
		{"a web page", 200, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, "<html>", mendable, reasonAddress, "answers with a web page (200)"},
		{"moved, where a POST becomes a GET", 302, http.Header{"Location": {"https://u:pw@h/login?next=secret"}}, "", mendable, reasonAddress, "redirects to https://h/login (302)"},
		{"moved, nobody says where", 303, nil, "", mendable, reasonAddress, "redirects to elsewhere (303)"},
		{"moved, the POST with it", 307, http.Header{"Location": {"/b"}}, "", ignored, "", ""},
		{"HEC: token disabled", 403, nil, `{"text":"Token disabled","code":1}`, mendable, reasonCredentials, `refuses the credentials (403, HEC code 1 "Token disabled")`},
		{"HEC: invalid data", 400, nil, `{"text":"Invalid data format","code":6}`, content, reasonContent, `(400, HEC code 6 "Invalid data format")`},
		{"HEC: incorrect index", 400, nil, `{"text":"Incorrect index","code":7}`, mendable, reasonIndex, `HEC code 7 "Incorrect index"`},
		{"HEC: no event", 400, nil, `{"text":"Event field is required","code":12}`, content, reasonContent, "code 12"},
		{"HEC: no query authorization", 400, nil, `{"text":"...","code":16}`, mendable, reasonCredentials, "code 16"},
		{"HEC: busy", 503, nil, `{"text":"Server is busy","code":9}`, passing, reasonBusy, "is too busy (503, HEC code 9"},
		{"a bad token", 401, nil, "no\nentry\x1b", mendable, reasonCredentials, `refuses the credentials (401, "no entry?")`},
		{"a proxy's password", 407, nil, "", mendable, reasonCredentials, "(407)"},
		{"no licence", 402, nil, "", mendable, reasonQuota, "takes no more (402)"},
		{"no such path", 404, nil, "", mendable, reasonAddress, "does not know the path (404)"},
		{"no such method", 405, nil, "", mendable, reasonAddress, "(405)"},
		{"no such index", 404, nil, `{"error":{"type":"index_not_found_exception"}}`, mendable, reasonIndex, "does not know the index"},
		{"plain HTTP to TLS, nginx", 400, nil, "<title>400 The plain HTTP request was sent to HTTPS port</title>", mendable, reasonAddress, "wants TLS"},
		{"plain HTTP to TLS, Go", 400, nil, "Client sent an HTTP request to an HTTPS server.", mendable, reasonAddress, "wants TLS"},
		{"bad request", 400, nil, "timestamp too old", content, reasonContent, `refuses a request for its content (400, "timestamp too old")`},
		{"too large", 413, nil, "", content, reasonSize, "for its size (413)"},
		{"unprocessable", 422, nil, "", content, reasonContent, "(422)"},
		{"too many", 429, nil, "", passing, reasonBusy, "is too busy (429)"},
		{"too slow", 408, nil, "", passing, reasonServer, "(408)"},
		{"broken", 500, nil, "", passing, reasonServer, "has an error of its own (500)"},
		{"bad gateway", 502, nil, "", passing, reasonServer, "(502)"},
		{"an unknown error of the server's", 599, nil, "", passing, reasonServer, "(599)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := test.header
			if header == nil {
				header = http.Header{}
			}
			v := judgeStatus(&http.Response{StatusCode: test.status, Header: header}, []byte(test.body))
			assert.Equal(t, test.class, v.class)
			assert.Equal(t, test.reason, v.reason)
			assert.Contains(t, v.problem, test.problem)
			assert.Equal(t, v.problem != "", v.cure != "")
			assert.NotContains(t, v.problem, "secret")
		})
	}
}

func TestBulkAnswersAreJudged(t *testing.T) {
	const (
		taken  = `{"create":{"status":201}}`
		twice  = `{"create":{"status":409,"error":{"type":"version_conflict_engine_exception"}}}`
		denied = `{"create":{"status":403,"error":{"type":"security_exception"}}}`
		absent = `{"index":{"status":404,"error":{"type":"index_not_found_exception"}}}`
		busy   = `{"create":{"status":429,"error":{"type":"es_rejected_execution_exception"}}}`
		poison = `{"create":{"status":400,"error":{"type":"mapper_parsing_exception"}}}`
	)
	for _, test := range []struct {
		name, items string
		class       class
		reason      reason
	}{
		{"none", ``, accepted, ""},
		{"all taken", taken + "," + twice, accepted, ""},
		{"all denied", denied + "," + denied, mendable, reasonCredentials},
		{"no index", absent, mendable, reasonIndex},
		{"all busy", busy + "," + busy, passing, reasonBusy},
		{"some busy: the exporter repeats them", busy + "," + taken, accepted, ""},
		{"some denied: the others would come twice", denied + "," + taken, accepted, ""},
		{"poison", poison, content, reasonContent},
		{"some poison", busy + "," + poison + "," + taken, content, reasonContent},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judgeBulk([]byte(`{"items":[` + test.items + `]}`))
			assert.Equal(t, test.class, v.class)
			assert.Equal(t, test.reason, v.reason)
		})
	}
	assert.Equal(t, passing, judgeBulk([]byte(`{"items":[{"create":{"status":40`)).class, "cut by the connection")
	assert.Equal(t, accepted, judgeBulk([]byte(`{"items":[{"`+strings.Repeat("x", maxBulk))).class, "cut by the bound: says nothing")
	assert.Equal(t, mendable, judgeBulk([]byte(`{"ok":true}`)).class, "of another server")
}
