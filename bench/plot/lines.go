package plot

// Lines is a chart of values over a continuous quantity. Both axes begin at 0.
type Lines struct {
	Title        string
	XUnit, YUnit string
	Series       []Series
}

// Series is one line. Points are in the order of their X.
type Series struct {
	Name   string
	Points []Point
	// Dots marks each point.
	Dots bool
}

// Point is a value at a place.
type Point struct{ X, Y float64 }

const (
	lineWidth  = 760.0
	lineHeight = 380.0
	leftAxis   = 64.0
	legendRow  = 18.0
)

// SVG draws the chart.
func (l Lines) SVG() string {
	c := newCanvas(l.Title, lineWidth, lineHeight)
	xHigh, yHigh := l.extent()
	top := headHeight + legendRow
	x := newScale(0, xHigh, margin+leftAxis, lineWidth-2*margin, 8)
	y := newScale(0, yHigh, lineHeight-axisHeight, top, 6)
	for _, tick := range x.ticks {
		c.label(x.at(tick), y.first+18, "middle", "faint", Figure(tick))
	}
	for _, tick := range y.ticks {
		c.line(x.first, y.at(tick), x.last, y.at(tick), "grid")
		c.label(x.first-8, y.at(tick)+4, "end", "faint", Figure(tick))
	}
	c.line(x.first, y.first, x.last, y.first, "axis")
	c.line(x.first, y.first, x.first, y.last, "axis")
	c.label((x.first+x.last)/2, y.first+40, "middle", "faint", l.XUnit)
	c.upward(margin+8, (y.first+y.last)/2, l.YUnit)
	l.legend(c, x.first)
	for i, s := range l.Series {
		s.draw(c, x, y, i%colours)
	}
	return c.end()
}

func (l Lines) extent() (x, y float64) {
	for _, s := range l.Series {
		for _, p := range s.Points {
			x, y = max(x, p.X), max(y, p.Y)
		}
	}
	return x, y
}

// legend names the lines, where there are several.
func (l Lines) legend(c *canvas, x float64) {
	if len(l.Series) < 2 {
		return
	}
	const letter = 7.0
	for i, s := range l.Series {
		c.rectangle(x, headHeight-2, 12, 12, class('c', i))
		c.label(x+18, headHeight+8, "start", "", s.Name)
		x += 18 + letter*float64(len([]rune(s.Name))) + 24
	}
}

func class(kind byte, i int) string { return string([]byte{kind, '0' + byte(i%colours)}) }

func (s Series) draw(c *canvas, x, y scale, colour int) {
	points := make([][2]float64, len(s.Points))
	for i, p := range s.Points {
		points[i] = [2]float64{x.at(p.X), y.at(p.Y)}
	}
	c.path(points, "line "+class('s', colour))
	if s.Dots {
		for _, p := range points {
			c.dot(p[0], p[1], class('c', colour))
		}
	}
}
