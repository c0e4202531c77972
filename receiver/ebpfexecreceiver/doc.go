// Package ebpfexecreceiver emits every exec on a Linux host as an
// OpenTelemetry log record: what ran, who ran it, where and below what, as the
// kernel knew it at that moment.
package ebpfexecreceiver

//go:generate mdatagen metadata.yaml
