//go:build linux

package siem

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// elasticServer is the part of Elasticsearch that an exporter talks to: the
// bulk endpoint, over TLS, with an API key. Where Elasticsearch refuses a
// document, it does too, and the test fails: see [elasticServer.requireNoConflict].
type elasticServer struct {
	*httptest.Server
	authority *authority
	key       string
	otel      bool // documents have the form of the otel mapping mode
	mapping   *elasticMapping

	mu        sync.Mutex
	documents []map[string]any
	ids       map[string]bool
	conflicts []string
	doubled   int // documents that came again, and were refused by their id

	// What a test lets it answer; 0: what it answers by itself.
	refuses    int                               // to every request
	refuseItem func(document map[string]any) int // of one document
	requests   int

	byEntity *arrivals // process.entity_id
	byTime   *arrivals // @timestamp
}

const elasticKey = "dGVzdDpvZi10aGUtdGVzdHM="

func newElasticServer(t *testing.T, otel bool) *elasticServer {
	t.Helper()
	s := &elasticServer{
		authority: newAuthority(t), key: elasticKey, otel: otel, mapping: newElasticMapping(t),
		ids: map[string]bool{}, byEntity: newArrivals(), byTime: newArrivals(),
	}
	s.serve(t, nil)
	return s
}

// serve starts the server, or starts it again where it was.
func (s *elasticServer) serve(t *testing.T, listener net.Listener) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_bulk", s.bulk)
	s.Server = httptest.NewUnstartedServer(mux)
	if listener != nil {
		require.NoError(t, s.Listener.Close())
		s.Listener = listener
	}
	s.TLS = &tls.Config{Certificates: []tls.Certificate{s.authority.certificate(t, tomorrow())}}
	s.StartTLS()
	t.Cleanup(s.Close)
}

// variables are those with which a collector finds the server.
func (s *elasticServer) variables(more ...string) []string {
	return append([]string{"ELASTICSEARCH_URL=" + s.URL, "ELASTICSEARCH_API_KEY=" + elasticKey,
		"COPYWATCH_CA_FILE=" + s.authority.file, "COPYWATCH_METRICS_PORT=0"}, more...)
}

func (s *elasticServer) bulk(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	s.requests++
	if s.refuses != 0 {
		answerError(w, s.refuses, "es_rejected_execution_exception")
		return
	}
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "ApiKey") || key != s.key {
		answerError(w, http.StatusUnauthorized, "security_exception")
		return
	}
	body, err := bulkBody(r)
	if err != nil {
		s.conflicts = append(s.conflicts, err.Error())
		answerError(w, http.StatusBadRequest, "illegal_argument_exception")
		return
	}
	if required := r.URL.Query().Get("require_data_stream") == "true"; required != s.otel {
		s.conflicts = append(s.conflicts, "require_data_stream: "+r.URL.RawQuery)
	}
	var items []any
	for lines := bufio.NewReader(bytes.NewReader(body)); ; {
		action, _ := lines.ReadBytes('\n')
		if len(action) == 0 {
			break
		}
		source, _ := lines.ReadBytes('\n')
		items = append(items, s.item(action, source))
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"took": 1, "items": items}) // nobody waits for it if it fails
}

func bulkBody(r *http.Request) ([]byte, error) {
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		from = unzipped
	}
	body, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(body, []byte("\n")) {
		return nil, fmt.Errorf("the bulk request must be terminated by a newline [\\n]")
	}
	return body, nil
}

func answerError(w http.ResponseWriter, status int, kind string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "error": map[string]any{"type": kind, "reason": kind}})
}

// item takes one document, and answers for it.
func (s *elasticServer) item(action, source []byte) any {
	index, id, err := parseAction(action)
	answer := func(status int, kind string) any {
		result := map[string]any{"_index": index, "_id": id, "status": status}
		if kind != "" {
			result["error"] = map[string]any{"type": kind, "reason": strings.Repeat("as long as reasons are ", 30)}
		}
		return map[string]any{"create": result}
	}
	var document map[string]any
	if err == nil {
		document, err = decodeDocument(source)
	}
	if err == nil && s.refuseItem != nil {
		if status := s.refuseItem(document); status != 0 {
			return answer(status, "es_rejected_execution_exception")
		}
	}
	if id != "" && s.ids[index+"/"+id] {
		s.doubled++
		return answer(http.StatusConflict, "version_conflict_engine_exception")
	}
	if err == nil {
		err = s.check(index, document)
	}
	if err != nil {
		s.conflicts = append(s.conflicts, fmt.Sprintf("%v: %s", err, source))
		return answer(http.StatusBadRequest, "mapper_parsing_exception")
	}
	s.ids[index+"/"+id] = true
	s.documents = append(s.documents, document)
	s.arrive(document)
	return answer(http.StatusCreated, "")
}

// A data stream's name: its type, its dataset and its namespace, in lower case.
var dataStream = regexp.MustCompile(`^(logs)-([a-z0-9_.]+)-([a-z0-9_.]+)$`)

// parseAction reads an action line. Data streams take nothing but create.
func parseAction(line []byte) (index, id string, err error) {
	var action map[string]struct {
		Index string `json:"_index"`
		ID    string `json:"_id"`
	}
	if err := json.Unmarshal(line, &action); err != nil {
		return "", "", fmt.Errorf("action %s: %w", line, err)
	}
	create, ok := action["create"]
	if !ok || len(action) != 1 {
		return "", "", fmt.Errorf("only create is allowed in data streams: %s", line)
	}
	if !dataStream.MatchString(create.Index) {
		return create.Index, create.ID, fmt.Errorf("no name of a data stream: %q", create.Index)
	}
	return create.Index, create.ID, nil
}

func (s *elasticServer) check(index string, document map[string]any) error {
	name := dataStream.FindStringSubmatch(index)
	stream, _ := document["data_stream"].(map[string]any)
	if stream["type"] != name[1] || stream["dataset"] != name[2] || stream["namespace"] != name[3] {
		return fmt.Errorf("%v is not the data stream %s", stream, index)
	}
	if s.otel {
		return checkOTel(document)
	}
	return s.mapping.check(document)
}

func (s *elasticServer) arrive(document map[string]any) {
	if moment, err := elasticTime(document["@timestamp"]); err == nil {
		s.byTime.add(moment.Format(elasticLayout))
	}
	if entity, ok := s.field(document, "process.entity_id").(string); ok {
		s.byEntity.add(entity)
	}
}

// field is an attribute of a record, by the name that it has in the document.
func (s *elasticServer) field(document map[string]any, name string) any {
	if s.otel {
		attributes, _ := document["attributes"].(map[string]any)
		return attributes[name]
	}
	return at(document, name)
}

// at follows a dotted name into a document.
func at(document map[string]any, name string) any {
	var value any = document
	for part := range strings.SplitSeq(name, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[part]
	}
	return value
}

// change changes how the server answers, while it does.
func (s *elasticServer) change(how func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how()
}

// awaitRequest waits for a request that comes from now on.
func (s *elasticServer) awaitRequest(t *testing.T) {
	t.Helper()
	asked := func() (n int) { s.change(func() { n = s.requests }); return n }
	before := asked()
	require.True(t, testprocess.Await(func() bool { return asked() > before }))
}

// requireArrival waits until records have arrived, or one was refused for what it is.
func (s *elasticServer) requireArrival(t *testing.T, by *arrivals, sent []string) {
	t.Helper()
	require.NotEmpty(t, sent)
	testprocess.Await(func() bool { return len(by.missing(sent)) == 0 || s.conflict() != "" })
	s.requireNoConflict(t)
	missing := by.missing(sent)
	require.Empty(t, missing, "%d of %d have not arrived", len(missing), len(sent))
}

// requireNoConflict wants that no document was refused for what it is.
func (s *elasticServer) requireNoConflict(t *testing.T) {
	t.Helper()
	require.Empty(t, s.conflict())
}

// conflict is the first of those that were.
func (s *elasticServer) conflict() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conflicts) == 0 {
		return ""
	}
	return s.conflicts[0]
}

// all are copies of the documents that arrived.
func (s *elasticServer) all() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.documents)
}

// decodeDocument reads JSON as Elasticsearch does: no name twice in an object.
func decodeDocument(source []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.UseNumber()
	value, err := decodeValue(decoder)
	if err != nil {
		return nil, err
	}
	document, ok := value.(map[string]any)
	if !ok || decoder.More() {
		return nil, fmt.Errorf("not one object")
	}
	return document, nil
}

func decodeValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return decodeObject(decoder)
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			value, err := decodeValue(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = decoder.Token()
		return list, err
	}
	return token, nil
}

func decodeObject(decoder *json.Decoder) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key := name.(string) // JSON has no other names
		if _, ok := object[key]; ok {
			return nil, fmt.Errorf("duplicate field [%s]", key)
		}
		if object[key], err = decodeValue(decoder); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return object, err
}
