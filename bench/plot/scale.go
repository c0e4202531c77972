package plot

import (
	"math"
	"strconv"
	"strings"
)

// scale maps values from low to high onto pixels.
type scale struct {
	low, high   float64
	first, last float64 // pixels
	ticks       []float64
}

// newScale begins at 0, or below it where a value is negative, and ends at a tick above the highest value.
func newScale(low, high, first, last float64, most int) scale {
	low, high = min(0, low), max(0, high)
	if low == high {
		high = 1
	}
	step := niceStep((high - low) / float64(most))
	s := scale{first: first, last: last}
	from, to := math.Floor(low/step), math.Ceil(high/step)
	for i := from; i <= to; i++ {
		s.ticks = append(s.ticks, i*step)
	}
	s.low, s.high = from*step, to*step
	return s
}

// niceStep returns the least 1, 2 or 5 times a power of ten that is not below a length.
func niceStep(length float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(length)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= length {
			return factor * power
		}
	}
	return 10 * power
}

func (s scale) at(value float64) float64 {
	return s.first + (value-s.low)/(s.high-s.low)*(s.last-s.first)
}

// Figure writes a value with three significant digits and separated thousands.
func Figure(value float64) string {
	digits := 0
	if value != 0 {
		digits = max(0, 2-int(math.Floor(math.Log10(math.Abs(value)))))
	}
	text := strconv.FormatFloat(value, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return Separated(text)
}

// Separated puts commas between thousands.
func Separated(text string) string {
	whole, fraction, hasFraction := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasFraction {
		whole += "." + fraction
	}
	return sign + whole
}
