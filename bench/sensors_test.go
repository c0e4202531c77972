//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestPeerFlag(t *testing.T) {
	var p peerFlags
	for _, good := range []string{"falco=falco -o json_output=true", "a=b"} {
		if err := p.Set(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	if want := (peer{"falco", "falco -o json_output=true"}); p[0] != want {
		t.Errorf("got %+v", p[0])
	}
	for _, bad := range []string{"", "falco", "=falco", "falco= "} {
		if err := p.Set(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{"-quick", "-only", "floor,probe", "-arg-size", "4096"})
	if err != nil {
		t.Fatal(err)
	}
	if o.pairs != 2 || o.seconds != 1 || o.load.argumentSize != 4096 {
		t.Errorf("got %+v", o)
	}
	selected, err := sensors(o, service{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range selected {
		names = append(names, s.name)
	}
	if got := strings.Join(names, " "); got != "floor probe" {
		t.Errorf("got %s", got)
	}
	o.only = "floor,ceiling"
	if _, err := sensors(o, service{}); err == nil {
		t.Error("a sensor that does not exist: no error")
	}
	for _, bad := range [][]string{{"-pairs", "0"}, {"-seconds", "-1"}, {"probe"}, {"-arg-size", "1"}, {"-parts", "sensors,nonsense"}, {"-sweeps", "0"}} {
		if _, err := parseOptions(bad); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}

func TestChildCommand(t *testing.T) {
	if _, ok := childCommand([]string{"bench", "-quick", "-only", "probe"}); ok {
		t.Error("flags taken for a child")
	}
	if _, ok := childCommand([]string{"bench", childWord, probeName, "tag"}); !ok {
		t.Error("a child not recognised")
	}
}

func TestCollectorIsSkippedWhereNotBuilt(t *testing.T) {
	for _, s := range collectorSensors(filepath.Join(t.TempDir(), "otelcol"), service{}) {
		if !strings.Contains(s.skip, "is not built") {
			t.Errorf("%s: got %q", s.name, s.skip)
		}
	}
}

func TestCollectorConfig(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(besideDir(dir), 0o755), os.WriteFile(filepath.Join(besideDir(dir), addressFile), []byte("127.0.0.1:4317"), 0o644)); err != nil {
		t.Fatal(err)
	}
	changed := filePipeline
	changed.filecopy = someApprovals(2)
	for _, tt := range []struct {
		pipeline pipeline
		want     []string
	}{
		{nopPipeline, []string{"  nop: {}\n", "processors: []", "exporters: [nop]"}},
		{filePipeline, []string{"file: {path: '" + dir + "/out.json', format: json}", "processors: [net_filecopy]", "net_filecopy: {}"}},
		{otlpPipeline, []string{"otlp_grpc: {endpoint: '127.0.0.1:4317', tls: {insecure: true}, compression: none}", "exporters: [otlp_grpc]"}},
		{gzipPipeline, []string{"otlp_grpc: {endpoint: '127.0.0.1:4317', tls: {insecure: true}}", "exporters: [otlp_grpc]"}},
		{changed, []string{"net_filecopy: {approvals: [{id: approval-0,", "{id: approval-1,"}},
	} {
		got, err := tt.pipeline.config(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing in\n%s", tt.pipeline.name, want, got)
			}
		}
		var parsed map[string]any
		if err := yaml.Unmarshal([]byte(got), &parsed); err != nil {
			t.Errorf("%s: %v", tt.pipeline.name, err)
		}
	}
	if _, err := otlpPipeline.config(t.TempDir()); err == nil {
		t.Error("no sink: no error")
	}
}

func TestCountInJSON(t *testing.T) {
	const lines = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"/tmp/tiny tag-0-1 aaaa"},` +
		`"attributes":[{"key":"process.command_args","value":{"arrayValue":{"values":[{"stringValue":"tag-0-1"}]}}}]}]}]}]}
{"attributes":[{"key":"process.command_line","value":{"stringValue":"/tmp/tiny tag-1-1 aaaa"}}]}
{"attributes":[{"key":"sensor.lost_events","value":{"intValue":"12"}},{"key":"sensor.lost_reason","value":{"stringValue":"ring_buffer_full"}}]}
{"attributes":[{"key":"sensor.lost_events","value":{"intValue":"3"}}]}
`
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, outFile), []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := countInJSON(dir, "tag")
	if err != nil {
		t.Fatal(err)
	}
	if *c.Execs != 2 || *c.Lost != 15 {
		t.Errorf("got %d execs and %d lost", *c.Execs, *c.Lost)
	}
}

func TestScanFilesOfAPeer(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"stdout": "tiny tag-0-1\n", "stderr": "", "log": "tag-0-2 tag-0-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := scanFiles(dir, "tag")
	if err != nil || *c.Execs != 2 {
		t.Errorf("got %+v, %v", c, err)
	}
	if c, err := scanFiles(dir, "other"); err != nil || c.Execs != nil {
		t.Errorf("a peer that prints no arguments: got %+v, %v", c, err)
	}
}
