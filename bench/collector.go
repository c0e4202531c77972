//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// pipeline is one way in which the built distribution is run.
type pipeline struct {
	name       string
	exporter   string // its type
	settings   string // of the exporter, in YAML; {DIR} and {SINK} are replaced
	processors string
	// settings of the processor, in YAML
	filecopy string
	// captured is nil where an exporter keeps nothing to count.
	captured func(dir, tag string) (captured, error)
}

// The names of the pipelines. fileName's is the one that the sweeps use: it shows what it captured.
const (
	nopName  = "collector-nop"
	fileName = "collector-file"
	otlpName = "collector-otlp"
	gzipName = "collector-otlp-gzip"
)

var (
	// The receiver alone.
	nopPipeline = pipeline{name: nopName, exporter: "nop", settings: "{}"}
	// All that it does, up to JSON in a file.
	filePipeline = pipeline{
		name: fileName, exporter: "file", settings: "{path: '{DIR}/" + outFile + "', format: json}",
		processors: "net_filecopy", captured: countInJSON,
	}
	// The same over OTLP/gRPC to a receiver on the loopback.
	otlpPipeline = pipeline{
		name: otlpName, exporter: "otlp_grpc", settings: "{endpoint: '{SINK}', tls: {insecure: true}, compression: none}",
		processors: "net_filecopy", captured: readSink,
	}
	// The same with the exporter's default compression, as on a network.
	gzipPipeline = pipeline{
		name: gzipName, exporter: "otlp_grpc", settings: "{endpoint: '{SINK}', tls: {insecure: true}}",
		processors: "net_filecopy", captured: readSink,
	}
)

func collectorSensors(binary string, s service) []sensor {
	var all []sensor
	for _, p := range []pipeline{nopPipeline, filePipeline, otlpPipeline, gzipPipeline} {
		all = append(all, p.sensor(binary, s))
	}
	return all
}

const outFile = "out.json"

// The collector's own metrics are off: they would listen on a port.
const collectorConfig = `receivers:
  ebpf_exec: {}
processors:
  net_filecopy: {%s}
exporters:
  %s: %s
service:
  telemetry:
    metrics: {level: none}
  pipelines:
    logs:
      receivers: [ebpf_exec]
      processors: [%s]
      exporters: [%[2]s]
`

func (p pipeline) sensor(binary string, as service) sensor {
	s := sensor{
		name: p.name, slack: as.slack,
		skip: missingExporter(binary, p.exporter),
		command: func(dir, _ string) (*exec.Cmd, error) {
			config, err := p.config(dir)
			path := filepath.Join(dir, "config.yaml")
			err = errors.Join(err, os.WriteFile(path, []byte(config), 0o644))
			cmd := exec.Command(absolute(binary), "--config", path)
			cmd.Env = append(cmd.Environ(), as.environment...)
			return cmd, err
		},
		ready:    fileContains("stderr", "Everything is ready"),
		captured: p.captured,
	}
	if p.captured == nil {
		s.captured = func(string, string) (captured, error) { return captured{}, nil }
	}
	if strings.Contains(p.settings, "{SINK}") {
		s.beside = func(tag string) (*exec.Cmd, error) { return commandOfChild(sinkName, tag) }
	}
	return s
}

func (p pipeline) config(dir string) (string, error) {
	settings := strings.ReplaceAll(p.settings, "{DIR}", dir)
	if strings.Contains(settings, "{SINK}") {
		address, err := sinkAddress(dir)
		if err != nil {
			return "", err
		}
		settings = strings.ReplaceAll(settings, "{SINK}", address)
	}
	return fmt.Sprintf(collectorConfig, p.filecopy, p.exporter, settings, p.processors), nil
}

// missingExporter says why the distribution cannot be run with an exporter, or nothing.
func missingExporter(binary, exporter string) string {
	if _, err := os.Stat(binary); err != nil {
		return fmt.Sprintf("%s is not built (make build, or name it with -collector)", binary)
	}
	listed, err := exec.Command(absolute(binary), "components").Output()
	if err != nil {
		return fmt.Sprintf("%s does not list its components: %v", binary, err)
	}
	_, exporters, _ := strings.Cut(string(listed), "\nexporters:")
	exporters, _, _ = strings.Cut(exporters, "\nconnectors:")
	if !strings.Contains(exporters, "- name: "+exporter+"\n") {
		return fmt.Sprintf("%s has no exporter %s", binary, exporter)
	}
	return ""
}

// countInJSON counts serial numbers, and what the receiver's own records say was lost.
func countInJSON(dir, tag string) (captured, error) {
	path := filepath.Join(dir, outFile)
	seen := newSerials(tag)
	if err := withFile(path, func(f *os.File) error { return seen.scan(f) }); err != nil {
		return captured{}, err
	}
	lost := uint64(0)
	err := withFile(path, func(f *os.File) error {
		return scanAfter(f, lostMark, maxLostDigits, func(after []byte) { lost += leadingNumber(after) })
	})
	n := seen.count()
	return captured{Execs: &n, Lost: &lost}, err
}

// lostMark begins the attribute of a sensor.loss record in OTLP/JSON, where integers are strings.
var lostMark = []byte(`{"key":"sensor.lost_events","value":{"intValue":"`)

const maxLostDigits = 20

// leadingNumber returns 0 for text that begins with no number.
func leadingNumber(text []byte) uint64 {
	digits, _, _ := bytes.Cut(text[:min(len(text), maxLostDigits)], []byte(`"`))
	n, _ := strconv.ParseUint(string(digits), 10, 64)
	return n
}

func withFile(path string, use func(*os.File) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(use(f), f.Close())
}
