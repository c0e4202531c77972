//go:build linux

package main

import (
	"bytes"
	"io"
	"math/bits"
)

// The bounds of what is taken for a serial number of the load: more workers or
// execs than this it does not make, and memory must not depend on what a sensor prints.
const (
	maxWorkers  = 1024
	maxSequence = 1 << 26
	// maxSerial is what a serial number takes up after its tag: -1023-67108863.
	maxSerial = 14
)

// serials is the set of serial numbers tag-worker-sequence that a sensor has reported.
type serials struct {
	tag     []byte
	workers map[uint64][]uint64 // a bit per sequence number
	// repeated counts what add was given more than once.
	repeated uint64
}

func newSerials(tag string) *serials {
	return &serials{tag: []byte(tag), workers: map[uint64][]uint64{}}
}

// count returns how many different serial numbers there are.
func (s *serials) count() uint64 {
	n := 0
	for _, words := range s.workers {
		for _, w := range words {
			n += bits.OnesCount64(w)
		}
	}
	return uint64(n)
}

// addArgument takes an argument that is a serial number, and ignores any other.
func (s *serials) addArgument(arg []byte) {
	if after, ok := bytes.CutPrefix(arg, s.tag); ok {
		s.addAfterTag(after)
	}
}

// addAfterTag takes the -worker-sequence at the start of text.
func (s *serials) addAfterTag(text []byte) {
	worker, text, ok := dashNumber(text, maxWorkers)
	if !ok {
		return
	}
	if sequence, _, ok := dashNumber(text, maxSequence); ok {
		s.add(worker, sequence)
	}
}

func (s *serials) add(worker, sequence uint64) {
	words := s.workers[worker]
	word, bit := int(sequence/64), uint64(1)<<(sequence%64)
	if word >= len(words) {
		words = append(words, make([]uint64, word+1-len(words))...)
		s.workers[worker] = words
	}
	if words[word]&bit != 0 {
		s.repeated++
	}
	words[word] |= bit
}

// dashNumber parses a dash and a decimal number below limit.
func dashNumber(text []byte, limit uint64) (n uint64, rest []byte, ok bool) {
	if len(text) < 2 || text[0] != '-' {
		return 0, nil, false
	}
	i := 1
	for ; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
		if n = 10*n + uint64(text[i]-'0'); n >= limit {
			return 0, nil, false
		}
	}
	return n, text[i:], i > 1
}

// scan takes the serial numbers out of any text, however it is formatted.
func (s *serials) scan(r io.Reader) error {
	return scanAfter(r, s.tag, maxSerial, s.addAfterTag)
}

// scanAfter calls found with what follows each occurrence of mark in r: at
// least need bytes, unless r ends before.
func scanAfter(r io.Reader, mark []byte, need int, found func(after []byte)) error {
	buf := make([]byte, 1<<20)
	kept := 0 // bytes at the start of buf that were not searched to their end
	for {
		n, err := r.Read(buf[kept:])
		data := buf[:kept+n]
		last := err != nil
		end := len(data)
		if !last {
			end = max(0, len(data)-len(mark)-need)
		}
		kept = copy(buf, data[findAll(data, mark, end, found):])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// findAll calls found for each mark that begins before end, and returns up to where it looked.
func findAll(data, mark []byte, end int, found func(after []byte)) int {
	pos := 0
	for {
		i := bytes.Index(data[pos:], mark)
		if i < 0 || pos+i >= end {
			return max(pos, end)
		}
		pos += i + len(mark)
		found(data[pos:])
	}
}
