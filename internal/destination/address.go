package destination

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
)

// addressRange is a range of addresses that is not simply public.
type addressRange struct {
	prefix netip.Prefix
	class  Class
}

func (c *Classes) ofAddress(address netip.Addr) Class {
	for i := range c.ranges {
		if c.ranges[i].prefix.Contains(address) {
			return c.ranges[i].class
		}
	}
	return Public
}

// sortRanges puts the most exact first. Of two that are equal the order stays, in which a user's are first.
func (c *Classes) sortRanges() {
	slices.SortStableFunc(c.ranges, func(a, b addressRange) int { return cmp.Compare(b.prefix.Bits(), a.prefix.Bits()) })
}

// maxAddress is the length in bytes of the longest IPv6 address as text.
const maxAddress = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")

// parseAddress reads an address in any notation that tools accept, and says
// whether it is the usual one. An IPv6 address that only carries an IPv4
// address is that one.
func parseAddress(host []byte) (address netip.Addr, usual, ok bool) {
	if bytes.IndexByte(host, ':') >= 0 {
		return parseIPv6(host)
	}
	return parseIPv4(host)
}

// The prefixes under which IPv6 carries IPv4 addresses, and at which byte they begin.
var carriers = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12}, // NAT64 (RFC 6052)
	{netip.MustParsePrefix("2002::/16"), 2},     // 6to4 (RFC 3056)
}

func parseIPv6(host []byte) (address netip.Addr, usual, ok bool) {
	if zone := bytes.IndexByte(host, '%'); zone >= 0 { // of an interface, as fe80::1%eth0
		host = host[:zone]
	}
	if len(host) > maxAddress || len(bytes.Trim(host, "0123456789abcdef:.")) > 0 {
		return netip.Addr{}, false, false
	}
	address, err := netip.ParseAddr(string(host))
	if err != nil {
		return netip.Addr{}, false, false
	}
	if address.Is4In6() {
		return address.Unmap(), false, true
	}
	for i := range carriers {
		if b := address.As16(); carriers[i].prefix.Contains(address) {
			return netip.AddrFrom4([4]byte(b[carriers[i].at:])), true, true
		}
	}
	return address, true, true
}

// parseIPv4 reads what inet_aton(3) does: one to four numbers in decimal,
// octal (0…) or hexadecimal (0x…), of which the last fills the bytes that are left.
func parseIPv4(host []byte) (address netip.Addr, usual, ok bool) {
	var value uint64
	usual = true
	for parts, rest := 1, host; parts <= 4; parts++ {
		part, after, more := bytes.Cut(rest, []byte{'.'})
		n, decimal, ok := parseNumber(part)
		left := 8 * (5 - parts) // bits that are not filled yet
		switch {
		case !ok || !more && n >= 1<<left || more && n > 0xff:
			return netip.Addr{}, false, false
		case !more:
			var b [4]byte
			binary.BigEndian.PutUint32(b[:], uint32(value|n))
			return netip.AddrFrom4(b), usual && decimal && parts == 4, true
		}
		value |= n << (left - 8)
		usual, rest = usual && decimal, after
	}
	return netip.Addr{}, false, false
}

// maxNumber is more than any part of an address has digits; leading zeros are allowed, but not for ever.
const maxNumber = 32

// parseNumber reads a number as strtoul(3) does with base 0, and says whether it is a plain decimal one.
func parseNumber(s []byte) (n uint64, decimal, ok bool) {
	base, digits := uint64(10), s
	switch {
	case len(s) > 2 && s[0] == '0' && s[1] == 'x':
		base, digits = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, digits = 8, s[1:]
	}
	if len(digits) == 0 || len(digits) > maxNumber {
		return 0, false, false
	}
	for _, c := range digits {
		d, ok := digit(c, base)
		if n = n*base + uint64(d); !ok || n > 1<<32-1 {
			return 0, false, false
		}
	}
	return n, base == 10, true
}

// digit is the value of a digit in a base.
func digit(c byte, base uint64) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		c -= '0'
	case c >= 'a' && c <= 'f':
		c -= 'a' - 10
	case c >= 'A' && c <= 'F':
		c -= 'A' - 10
	default:
		return 0, false
	}
	return c, uint64(c) < base
}
