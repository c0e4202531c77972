package plot

// Bars is a chart of horizontal bars.
type Bars struct {
	Title string
	// Unit is written below the axis.
	Unit   string
	Groups []Group
}

// Group are bars that belong together. Its title may be empty.
type Group struct {
	Title string
	Bars  []Bar
}

// Bar is one value with the range in which it was found.
type Bar struct {
	Label            string
	Value, Low, High float64
	// Own bars are in colour.
	Own bool
}

const (
	barWidth   = 760.0 // of the picture
	labelWidth = 170.0
	valueWidth = 70.0
	rowHeight  = 26.0
	barHeight  = 16.0
	headHeight = 40.0
	axisHeight = 52.0
)

// SVG draws the chart.
func (b Bars) SVG() string {
	rows, low, high := b.extent()
	bottom := headHeight + float64(rows)*rowHeight
	c := newCanvas(b.Title, barWidth, bottom+axisHeight)
	x := newScale(low, high, margin+labelWidth, barWidth-margin-valueWidth, 8)
	for _, tick := range x.ticks {
		c.line(x.at(tick), headHeight, x.at(tick), bottom, "grid")
		c.label(x.at(tick), bottom+18, "middle", "faint", Figure(tick))
	}
	c.label((x.first+x.last)/2, bottom+40, "middle", "faint", b.Unit)
	y := headHeight
	for _, g := range b.Groups {
		if g.Title != "" {
			c.label(margin, y+rowHeight*0.7, "start", "faint", g.Title)
			y += rowHeight
		}
		for _, bar := range g.Bars {
			bar.draw(c, x, y)
			y += rowHeight
		}
	}
	c.line(x.at(0), headHeight, x.at(0), bottom, "axis")
	return c.end()
}

func (b Bars) extent() (rows int, low, high float64) {
	for _, g := range b.Groups {
		rows += len(g.Bars)
		if g.Title != "" {
			rows++
		}
		for _, bar := range g.Bars {
			low, high = min(low, bar.Value, bar.Low), max(high, bar.Value, bar.High)
		}
	}
	return rows, low, high
}

func (bar Bar) draw(c *canvas, x scale, y float64) {
	class := "rest"
	if bar.Own {
		class = "c0"
	}
	middle := y + rowHeight/2
	c.label(x.first-8, middle+4, "end", "", bar.Label)
	from, to := x.at(min(0, bar.Value)), x.at(max(0, bar.Value))
	c.rectangle(from, middle-barHeight/2, to-from, barHeight, class)
	right := to
	if bar.Low != bar.High {
		c.line(x.at(bar.Low), middle, x.at(bar.High), middle, "whisker")
		c.line(x.at(bar.Low), middle-4, x.at(bar.Low), middle+4, "whisker")
		c.line(x.at(bar.High), middle-4, x.at(bar.High), middle+4, "whisker")
		right = max(right, x.at(bar.High))
	}
	c.label(right+6, middle+4, "start", "", Figure(bar.Value))
}
