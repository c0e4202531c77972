package deliveryguardextension

import (
	"encoding/json"
	"fmt"
)

// hecAnswer is how an HTTP Event Collector says what it thinks of a request.
type hecAnswer struct {
	Text string `json:"text"`
	Code *int   `json:"code"`
}

// hecMendable are the codes of 400 answers that are not about the events:
// https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/troubleshoot-http-event-collector
var hecMendable = map[int]verdict{
	7:  {mendable, reasonIndex, "", cureIndex},
	10: {mendable, reasonAddress, "", "the token wants acknowledgement: set it off for this token, or ack on in the exporter"},
	11: {mendable, reasonAddress, "", "the token wants acknowledgement: set it off for this token, or ack on in the exporter"},
	14: {mendable, reasonAddress, "", "the token gives no acknowledgement: set it on for this token, or ack off in the exporter"},
	16: {mendable, reasonCredentials, "", cureCredentials},
}

// parseHEC reads an answer's body; nil if it is not of an HTTP Event Collector.
func parseHEC(body []byte) *hecAnswer {
	var a hecAnswer
	if json.Unmarshal(body, &a) != nil || a.Code == nil {
		return nil
	}
	return &a
}

func (a *hecAnswer) String() string { return fmt.Sprintf("HEC code %d %q", *a.Code, a.Text) }
