//go:build linux

package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSerialsInAnyText(t *testing.T) {
	tests := []struct {
		name, text string
		want       uint64
	}{
		{"nothing", "", 0},
		{"bare", "tag-0-0", 1},
		{"in JSON", `{"command_args":["/tmp/tiny","tag-1-17","aaaa"]}`, 1},
		{"in columns", "12:00 4711 /tmp/tiny tag-0-1 aaaa\n12:00 4712 /tmp/tiny tag-0-2 aaaa\n", 2},
		{"one serial in several fields of a record", "tag-0-5 tag-0-5 tag-0-5", 1},
		{"same sequence, other worker", "tag-0-5 tag-1-5", 2},
		{"the load's own command line", "execload -t tag /tmp/tiny", 0},
		{"another run", "gat-0-1", 0},
		{"no sequence", "tag-3", 0},
		{"no digits", "tag--1 tag-1- tag-a-b", 0},
		{"worker out of bounds", "tag-1024-1", 0},
		{"sequence out of bounds", "tag-1-67108864 tag-1-99999999999999999999", 0},
		{"largest", "tag-1023-67108863", 1},
		{"tag within a tag", "tagtag-1-1", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen := newSerials("tag")
			if err := seen.scan(strings.NewReader(tt.text)); err != nil {
				t.Fatal(err)
			}
			if got := seen.count(); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestSerialsAcrossReads(t *testing.T) {
	var text strings.Builder
	for i := range 100_000 { // more than a buffer
		fmt.Fprintf(&text, "some text before tag-%d-%d and after\n", i%3, i/3)
	}
	whole, bytewise := newSerials("tag"), newSerials("tag")
	if err := whole.scan(strings.NewReader(text.String())); err != nil {
		t.Fatal(err)
	}
	if err := bytewise.scan(iotest.OneByteReader(strings.NewReader(text.String()[:20_000]))); err != nil {
		t.Fatal(err)
	}
	if got := whole.count(); got != 100_000 {
		t.Errorf("in large reads: got %d", got)
	}
	if got, want := bytewise.count(), uint64(strings.Count(text.String()[:20_000], "tag-")); got != want {
		t.Errorf("byte by byte: got %d, want %d", got, want)
	}
	if whole.repeated != 0 || bytewise.repeated != 0 {
		t.Errorf("counted twice: %d and %d", whole.repeated, bytewise.repeated)
	}
}

func TestSerialAsArgument(t *testing.T) {
	seen := newSerials("tag")
	for _, arg := range []string{"tag-0-7", "tag-0-7", "tag", "", "x tag-0-8", "tag-0-9"} {
		seen.addArgument([]byte(arg))
	}
	if seen.count() != 2 || seen.repeated != 1 {
		t.Errorf("got %d and %d repeated", seen.count(), seen.repeated)
	}
}
