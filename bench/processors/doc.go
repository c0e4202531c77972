// Package processors holds net_filecopy against the transform processor of the
// Collector's contrib distribution, which can find tools by their names. It is
// a module of its own, so that nobody who uses this one needs that processor.
//
//	go test -bench . -benchmem
package processors
