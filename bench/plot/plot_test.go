package plot

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// requireXML fails unless a picture is well-formed.
func requireXML(t *testing.T, svg string) {
	t.Helper()
	for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
	}
}

func TestBars(t *testing.T) {
	svg := Bars{Title: "cost < all", Unit: "µs", Groups: []Group{
		{Bars: []Bar{{Label: "floor", Value: -0.5, Low: -1, High: 0.2}, {Label: "a&b", Value: 12, Own: true}}},
		{Title: "more", Bars: []Bar{{Label: "x", Value: 3}}},
	}}.SVG()
	requireXML(t, svg)
	for _, want := range []string{"<title>cost &lt; all</title>", ">a&amp;b</text>", ">12</text>", ">-0.5</text>", `class="c0"`, ">more</text>", ">µs</text>"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is missing in\n%s", want, svg)
		}
	}
	if n := strings.Count(svg, `class="whisker"`); n != 3 {
		t.Errorf("one bar has a range, got %d lines of whiskers", n)
	}
}

func TestLines(t *testing.T) {
	svg := Lines{Title: "t", XUnit: "execs/s", YUnit: "%", Series: []Series{
		{Name: "one", Points: []Point{{0, 0}, {100, 50}}, Dots: true},
		{Name: "two", Points: []Point{{0, 10}, {100, 10}}},
	}}.SVG()
	requireXML(t, svg)
	// The area is 648 wide from 80 on, and 270 high above 328.
	for _, want := range []string{`points="80,328 728,58"`, `points="80,274 728,274"`, ">one</text>", ">two</text>", ">execs/s</text>"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is missing in\n%s", want, svg)
		}
	}
	if n := strings.Count(svg, "<circle"); n != 2 {
		t.Errorf("one line has two dots, got %d", n)
	}
}

func TestNothingMeasured(t *testing.T) {
	requireXML(t, Lines{Title: "empty"}.SVG())
	requireXML(t, Bars{Title: "empty"}.SVG())
}

func TestScaleEndsAtTicks(t *testing.T) {
	for _, tt := range []struct {
		low, high float64
		want      []float64
	}{
		{3, 38, []float64{0, 10, 20, 30, 40}},
		{-1, 3, []float64{-1, 0, 1, 2, 3}},
		{0, 0, []float64{0, 0.5, 1}}, // nothing but zeros
	} {
		if got := newScale(tt.low, tt.high, 0, 100, 4).ticks; !slices.Equal(got, tt.want) {
			t.Errorf("%v to %v: got %v, want %v", tt.low, tt.high, got, tt.want)
		}
	}
	s := newScale(0, 40, 100, 300, 4)
	if s.at(0) != 100 || s.at(40) != 300 || s.at(20) != 200 {
		t.Errorf("got %v, %v, %v", s.at(0), s.at(20), s.at(40))
	}
}

func TestFigure(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0", 0.123456: "0.123", 1.5: "1.5", 12.345: "12.3", 150: "150", 2000: "2,000", 1234567: "1,234,567", -20000: "-20,000", 100: "100",
	} {
		if got := Figure(value); got != want {
			t.Errorf("%v: got %q, want %q", value, got, want)
		}
	}
}
