//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// sample is what a collector holds at one moment of a soak.
type sample struct {
	Seconds float64 `json:"seconds"` // since the soak began
	RSS     uint64  `json:"rss_bytes"`
	// Heap is what was alive after the last garbage collection, as the runtime's goal for the next says.
	Heap        uint64 `json:"live_heap_bytes"`
	Goroutines  int    `json:"goroutines"`
	Descriptors int    `json:"file_descriptors"`
	// SensorCPU is its own CPU time since the sample before, in µs per exec.
	SensorCPU float64 `json:"sensor_cpu_us"`
}

func (s sample) String() string {
	return fmt.Sprintf("%4.0f s: %d MiB resident, %.1f MiB of live heap, %d goroutines, %d file descriptors, %.1f µs per exec",
		s.Seconds, s.RSS>>20, float64(s.Heap)/(1<<20), s.Goroutines, s.Descriptors, s.SensorCPU)
}

// gauge is a figure of a sample that must not grow.
type gauge struct {
	name  string
	of    func(sample) float64
	text  func(float64) string
	share float64 // by which it may grow, and
	most  float64 // how much on top of that
}

func inMiB(bytes float64) string { return fmt.Sprintf("%.1f MiB", bytes/(1<<20)) }
func plain(n float64) string     { return fmt.Sprintf("%g", n) }
func micros(us float64) string   { return fmt.Sprintf("%.1f µs", us) }

// The bounds leave room for the garbage collector, and for other work of the machine.
var gauges = []gauge{
	{"resident memory", func(s sample) float64 { return float64(s.RSS) }, inMiB, 0.10, 4 << 20},
	{"live heap", func(s sample) float64 { return float64(s.Heap) }, inMiB, 0.10, 2 << 20},
	{"goroutines", func(s sample) float64 { return float64(s.Goroutines) }, plain, 0, 5},
	{"file descriptors", func(s sample) float64 { return float64(s.Descriptors) }, plain, 0, 5},
	{"own CPU per exec", func(s sample) float64 { return s.SensorCPU }, micros, 0.20, 1},
}

func (g gauge) bound(before float64) float64 { return before*(1+g.share) + g.most }

// thirds are the medians of the second and the last third of the time. The first is for caches to fill.
func (r soakReport) thirds(g gauge) (middle, last float64) {
	n := len(r.Samples)
	middle = summarizeOf(r.Samples[n/3:2*n/3], g.of).Median
	last = summarizeOf(r.Samples[2*n/3:], g.of).Median
	return middle, last
}

// soakSensor is the pipeline to OTLP, which tells about itself.
func soakSensor(binary string, as service) (sensor, error) {
	p := otlpPipeline
	s := p.sensor(binary, as)
	if s.skip != "" {
		return s, errors.New(s.skip)
	}
	s.command = func(dir, _ string) (*exec.Cmd, error) {
		config, err := p.config(dir)
		if err != nil {
			return nil, err
		}
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		config = strings.Replace(config, "service:\n", fmt.Sprintf("extensions:\n  pprof: {endpoint: '%s'}\nservice:\n  extensions: [pprof]\n", address), 1)
		path := filepath.Join(dir, "config.yaml")
		err = errors.Join(os.WriteFile(path, []byte(config), 0o644),
			os.WriteFile(filepath.Join(dir, addressFile), []byte(address), 0o644))
		cmd := exec.Command(absolute(binary), "--config", path)
		cmd.Env = append(cmd.Environ(), as.environment...)
		return cmd, err
	}
	return s, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// diagnosisAddress is where the collector's runtime tells about itself.
func diagnosisAddress(dir string) (string, error) {
	address, err := os.ReadFile(filepath.Join(dir, addressFile))
	return string(address), err
}

func takeSample(p *process, diagnosis string, growth float64) (s sample, err error) {
	pid := p.cmd.Process.Pid
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return s, err
	}
	s.RSS = parseKiB(status, "VmRSS:")
	descriptors, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return s, err
	}
	s.Descriptors = len(descriptors)
	goroutines, err := ask(diagnosis, "goroutine?debug=1")
	if err != nil {
		return s, err
	}
	heap, err := ask(diagnosis, "heap?debug=1")
	if err != nil {
		return s, err
	}
	if s.Goroutines, err = parseGoroutines(goroutines); err != nil {
		return s, err
	}
	s.Heap, err = parseLiveHeap(heap, growth)
	return s, err
}

// ask reads a profile of the collector.
func ask(address, profile string) (text []byte, err error) {
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + address + "/debug/pprof/" + profile)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

func parseGoroutines(profile []byte) (int, error) {
	rest, ok := bytes.CutPrefix(profile, []byte("goroutine profile: total "))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, err := strconv.Atoi(string(line))
	if !ok || err != nil {
		return 0, fmt.Errorf("the collector's profile of goroutines begins with %.40q", profile)
	}
	return n, nil
}

// parseLiveHeap finds out what the last garbage collection left by the size at
// which the next one begins: when it has grown by so much.
func parseLiveHeap(profile []byte, growth float64) (uint64, error) {
	_, rest, ok := bytes.Cut(profile, []byte("\n# NextGC = "))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, err := strconv.ParseUint(string(line), 10, 64)
	if !ok || err != nil {
		return 0, errors.New("the collector's profile of the heap does not say when it collects garbage")
	}
	return uint64(float64(n) / (1 + growth)), nil
}
