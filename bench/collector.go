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
)

// collectorSensors are the built distribution: once with all that it does up
// to a JSON file, in which serial numbers are counted, and once with the
// exporter debug, which writes one line per batch: the nearest that the
// distribution has to an exporter that costs nothing.
func collectorSensors(binary string) []sensor {
	skip := ""
	if _, err := os.Stat(binary); err != nil {
		skip = fmt.Sprintf("%s is not built (make build, or name it with -collector)", binary)
	}
	toFile := collectorSensor(binary, "collector-file", fileExporter)
	toFile.captured = countInJSON
	toDebug := collectorSensor(binary, "collector-debug", debugExporter)
	toDebug.captured = func(_, _ string) (captured, error) { return captured{}, nil }
	toFile.skip, toDebug.skip = skip, skip
	return []sensor{toFile, toDebug}
}

const (
	outFile       = "out.json"
	fileExporter  = "file: {path: %q, format: json}"
	debugExporter = "debug: {verbosity: basic}"
)

// The collector's own metrics are off: they would listen on a port.
const collectorConfig = `receivers:
  ebpf_exec: {}
processors:
  net_filecopy: {}
exporters:
  %s
service:
  telemetry:
    metrics: {level: none}
  pipelines:
    logs:
      receivers: [ebpf_exec]
      processors: [net_filecopy]
      exporters: [%s]
`

func collectorSensor(binary, name, exporter string) sensor {
	return sensor{
		name: name,
		command: func(dir, _ string) (*exec.Cmd, error) {
			path := filepath.Join(dir, "config.yaml")
			err := os.WriteFile(path, []byte(configFor(exporter, dir)), 0o644)
			return exec.Command(absolute(binary), "--config", path), err
		},
		ready: fileContains("stderr", "Everything is ready"),
	}
}

func configFor(exporter, dir string) string {
	if exporter == fileExporter {
		return fmt.Sprintf(collectorConfig, fmt.Sprintf(exporter, filepath.Join(dir, outFile)), "file")
	}
	return fmt.Sprintf(collectorConfig, exporter, "debug")
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
