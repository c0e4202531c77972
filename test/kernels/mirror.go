package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// mirrors are the addresses of the two archives, empty where apt has none.
type mirrors struct {
	debian   string
	security string
}

// machineMirrors takes the mirrors from the machine's own apt sources, so that
// a machine that reaches only its own mirror can run this.
func machineMirrors(etc string) (mirrors, error) {
	lists, _ := filepath.Glob(filepath.Join(etc, "sources.list.d", "*"))
	var m mirrors
	for _, list := range append(lists, filepath.Join(etc, "sources.list")) {
		content, err := os.ReadFile(list)
		if err != nil {
			continue // sources.list is absent on newer installations
		}
		m.add(string(content))
	}
	if m.debian == "" {
		return m, errors.New("no source of apt in " + etc + " is a Debian mirror, an address that ends in /debian")
	}
	return m, nil
}

// add reads a file of either format of sources.list(5). The first mirror of each kind stays.
func (m *mirrors) add(sources string) {
	for line := range strings.Lines(sources) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "deb" && !strings.EqualFold(fields[0], "URIs:") {
			continue
		}
		for _, field := range fields[1:] {
			uri := strings.TrimRight(field, "/")
			switch {
			case !strings.Contains(uri, "://"):
			case m.debian == "" && strings.HasSuffix(uri, "/debian"):
				m.debian = uri
			case m.security == "" && strings.HasSuffix(uri, "/debian-security"):
				m.security = uri
			}
		}
	}
}

// suites are where the kernels of the matrix are found.
func (m mirrors) suites() [][2]string {
	suites := [][2]string{
		{m.debian, "bullseye"}, {m.debian, "bookworm"}, {m.debian, "trixie"}, {m.debian, "trixie-backports"},
	}
	if m.security != "" {
		suites = append(suites, [][2]string{
			{m.security, "bullseye-security"}, {m.security, "bookworm-security"}, {m.security, "trixie-security"},
		}...)
	}
	return suites
}
