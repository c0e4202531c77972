// Package e2e tests the collector as a user runs it. What a test does to the
// host (a file copied with scp, a program started from a memfd, a container)
// must come out of the pipeline as records that say so, field by field, and the
// same records must arrive at every exporter's receiver.
//
// The tests need Linux, root, and the two collectors that `make test` builds:
// the one under test (COPYWATCH_COLLECTOR, else ../../dist/otelcol-copywatch)
// and one without any component of this project that receives from it
// (COPYWATCH_PEER, else ../../dist/otelcol-peer). What is missing is named in
// the reason for which a test is skipped.
package e2e
