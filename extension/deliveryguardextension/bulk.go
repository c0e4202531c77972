package deliveryguardextension

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// bulkAnswer is that of Elasticsearch's _bulk: it is a 200 also where it took
// none of the documents.
type bulkAnswer struct {
	Items []map[string]struct {
		Status int `json:"status"`
		Error  struct {
			Type string `json:"type"`
		} `json:"error"`
	} `json:"items"`
}

// judgeBulk looks for documents that were refused. Where all were, for what an
// operator can mend, the request is to be repeated as a whole; where only some
// were, that would double the others.
func judgeBulk(body []byte) verdict {
	var answer bulkAnswer
	err := json.Unmarshal(body, &answer)
	switch {
	case err != nil && len(body) >= maxBulk: // only its beginning is known
		return verdict{class: accepted}
	case err != nil:
		return verdict{passing, reasonReset, "cuts its answer to a bulk request", cureNetwork}
	case answer.Items == nil:
		return verdict{mendable, reasonAddress, "does not answer a bulk request as Elasticsearch does", cureAddress}
	}
	var (
		kept, refused int
		first         verdict
	)
	for _, item := range answer.Items {
		for _, result := range item {
			v := judgeDocument(result.Status, result.Error.Type)
			if v.class == accepted {
				continue
			}
			if v.keeps() {
				kept++
			} else {
				refused++
			}
			if first.class == ignored || first.keeps() && v.class == content {
				first = v
			}
		}
	}
	switch {
	case kept == len(answer.Items) && kept > 0:
		return first
	case refused > 0:
		first.problem = fmt.Sprintf("%s; so with %d of %d documents", first.problem, refused, len(answer.Items))
		return first
	}
	return verdict{class: accepted}
}

func judgeDocument(status int, kind string) verdict {
	problem := fmt.Sprintf("refuses documents (%d, %q)", status, printable(kind, maxAnswer))
	switch {
	case status < 400, status == http.StatusConflict: // a conflict: it has the document already
		return verdict{class: accepted}
	case status == http.StatusUnauthorized, kind == "security_exception":
		return verdict{mendable, reasonCredentials, problem, cureCredentials}
	case status == http.StatusTooManyRequests, status >= 500:
		return verdict{passing, reasonBusy, problem, cureWait}
	case status == http.StatusForbidden, status == http.StatusNotFound, kind == "index_closed_exception":
		return verdict{mendable, reasonIndex, problem, cureIndex}
	}
	return verdict{content, reasonContent, problem, cureContent}
}
