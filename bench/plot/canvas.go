package plot

import (
	"fmt"
	"html"
	"strings"
)

// canvas collects the elements of a picture. Lengths are in pixels.
type canvas struct {
	text          strings.Builder
	width, height float64
}

// Colours follow the page's scheme, also where the picture is embedded as an image.
const style = `<style>
.page{fill:#ffffff}
text{fill:#1f2328;font:12px system-ui,sans-serif}
.title{font-size:14px;font-weight:600}
.faint{fill:#59636e}
.grid{stroke:#d1d9e0}
.axis,.whisker{stroke:#59636e}
.whisker{stroke-width:1.5}
.line{fill:none;stroke-width:2}
.c0{fill:#0969da}.c1{fill:#9a6700}.c2{fill:#1a7f37}.c3{fill:#8250df}.rest{fill:#9aa4ae}
.s0{stroke:#0969da}.s1{stroke:#9a6700}.s2{stroke:#1a7f37}.s3{stroke:#8250df}
@media (prefers-color-scheme:dark){
.page{fill:#0d1117}
text{fill:#f0f6fc}
.faint{fill:#9198a1}
.grid{stroke:#30363d}
.axis,.whisker{stroke:#9198a1}
.c0{fill:#4493f8}.c1{fill:#d29922}.c2{fill:#3fb950}.c3{fill:#ab7df8}.rest{fill:#656c76}
.s0{stroke:#4493f8}.s1{stroke:#d29922}.s2{stroke:#3fb950}.s3{stroke:#ab7df8}
}
</style>
`

// colours is how many classes c0, c1... there are.
const colours = 4

func newCanvas(title string, width, height float64) *canvas {
	c := &canvas{width: width, height: height}
	fmt.Fprintf(&c.text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%[1]s" height="%[2]s" role="img">`+"\n",
		number(width), number(height))
	fmt.Fprintf(&c.text, "<title>%s</title>\n", html.EscapeString(title))
	c.text.WriteString(style)
	c.rectangle(0, 0, width, height, "page")
	c.label(margin, 24, "start", "title", title)
	return c
}

// margin is between the picture's edge and what is in it.
const margin = 16

func (c *canvas) rectangle(x, y, width, height float64, class string) {
	fmt.Fprintf(&c.text, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"/>`+"\n",
		number(x), number(y), number(width), number(height), class)
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.text, `<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"/>`+"\n",
		number(x1), number(y1), number(x2), number(y2), class)
}

func (c *canvas) dot(x, y float64, class string) {
	fmt.Fprintf(&c.text, `<circle cx="%s" cy="%s" r="3.5" class="%s"/>`+"\n", number(x), number(y), class)
}

// label writes text with its anchor (start, middle, end) at a place.
func (c *canvas) label(x, y float64, anchor, class, text string) {
	fmt.Fprintf(&c.text, `<text x="%s" y="%s" text-anchor="%s" class="%s">%s</text>`+"\n",
		number(x), number(y), anchor, class, html.EscapeString(text))
}

// upward writes text that is read from below to above.
func (c *canvas) upward(x, y float64, text string) {
	fmt.Fprintf(&c.text, `<text transform="translate(%s,%s) rotate(-90)" text-anchor="middle" class="faint">%s</text>`+"\n",
		number(x), number(y), html.EscapeString(text))
}

func (c *canvas) path(points [][2]float64, class string) {
	fmt.Fprintf(&c.text, `<polyline class="%s" points="`, class)
	for i, p := range points {
		if i > 0 {
			c.text.WriteByte(' ')
		}
		fmt.Fprintf(&c.text, "%s,%s", number(p[0]), number(p[1]))
	}
	c.text.WriteString("\"/>\n")
}

func (c *canvas) end() string {
	c.text.WriteString("</svg>\n")
	return c.text.String()
}

// number writes a length with a tenth of a pixel.
func number(n float64) string {
	text := fmt.Sprintf("%.1f", n)
	return strings.TrimSuffix(text, ".0")
}
