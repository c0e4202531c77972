//go:generate mdatagen metadata.yaml

// Package netfilecopyprocessor recognises, among log records of executed
// programs, those of network file copy tools (scp, rsync, ftp, rclone and the
// like), and turns each into a net_filecopy_tool_exec event: with a severity, a
// line for an analyst, the rule, what it means in ATT&CK, and why it is rated
// so. All other records pass untouched.
//
// The records may come from the ebpf_exec receiver or from any other source
// that uses the same attribute names, which are those of the OpenTelemetry
// semantic conventions for processes.
package netfilecopyprocessor
