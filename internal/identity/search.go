package identity

import "debug/elf"

// patterns searches for many texts at once, after Wu and Manber, "A fast
// algorithm for multi-pattern searching" (1994): the last bytes of a window as
// long as the shortest text tell how far the window may move. In what is not
// one of the texts it moves by about its own length, and looks at a few bytes
// for each move.
type patterns struct {
	texts []string
	shift [1 << blockBits]uint8
	// first and next chain the texts whose window ends in a block of one hash:
	// their numbers from 1 on, and 0 where the chain ends.
	first [1 << blockBits]uint16
	next  []uint16
	long  int // length of the longest
}

const (
	blockSize = 3
	blockBits = 15
)

func newPatterns(texts []string) *patterns {
	p := &patterns{texts: texts, next: make([]uint16, len(texts)+1)}
	for i := range p.shift {
		p.shift[i] = minMarker - blockSize + 1
	}
	for i, text := range texts {
		p.long = max(p.long, len(text))
		for at := 0; at+blockSize <= minMarker; at++ {
			h := blockHash(text[at], text[at+1], text[at+2])
			p.shift[h] = min(p.shift[h], uint8(minMarker-blockSize-at))
		}
		h := blockHash(text[minMarker-3], text[minMarker-2], text[minMarker-1])
		p.next[i+1], p.first[h] = p.first[h], uint16(i+1)
	}
	return p
}

func blockHash(a, b, c byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 0x9E3779B1 >> (32 - blockBits)
}

// find marks the texts that are in chunk.
func (p *patterns) find(chunk []byte, found []bool) {
	for end := minMarker - 1; end < len(chunk); {
		h := blockHash(chunk[end-2], chunk[end-1], chunk[end])
		if shift := p.shift[h]; shift > 0 {
			end += int(shift)
			continue
		}
		window := chunk[end-minMarker+1:]
		for number := p.first[h]; number != 0; number = p.next[number] {
			text := p.texts[number-1]
			if len(text) <= len(window) && string(window[:len(text)]) == text {
				found[number-1] = true
			}
		}
		end++
	}
}

// search returns which of the texts are in what a program loads. Constants are
// where nothing may be written or executed, or are relocated; linkers of old,
// and some of today when they are told so, put them with the code.
func (img *image) search(p *patterns) []bool {
	found := make([]bool, len(p.texts))
	left := uint64(maxSegmentSearch)
	for _, flags := range []elf.ProgFlag{elf.PF_R, elf.PF_R | elf.PF_W, elf.PF_R | elf.PF_X, elf.PF_R | elf.PF_W | elf.PF_X} {
		for _, s := range img.loaded(flags) {
			n := min(s.fileSize, left)
			left -= n
			img.file.scan(s.off, n, max(0, p.long-1), func(chunk []byte, _ uint64) bool {
				p.find(chunk, found)
				return true
			})
		}
	}
	return found
}
