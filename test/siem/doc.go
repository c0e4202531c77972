// Package siem tests the ready configurations of config/ with the
// destinations that they are for: what leaves the collector arrives there, in
// the form that the destination wants, and nothing is lost on the way.
//
// The collectors are those of the distributions in dist/; where they are not
// built the tests are skipped. Records come from the probe where a test is of
// the whole way, and are replayed over OTLP (testdata/replay.yaml) where it is
// of numbers.
package siem
