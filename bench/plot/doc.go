// Package plot draws bar charts and line charts as SVG that is readable on a
// light and on a dark page. It needs nothing but the standard library.
package plot
