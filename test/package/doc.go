// Package packaging tests what is handed out: the packages, the unit, the man
// page and the container image. Packages are installed into a Debian of their
// own, in namespaces in which its systemd runs, so that the unit is started as
// a host starts it and the host itself is left alone.
//
// What is tested is made from dist/otelcol-copywatch with .tools/nfpm, by the
// recipe of `make package`.
package packaging
