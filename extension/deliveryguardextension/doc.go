// Package deliveryguardextension watches how destinations answer the
// collector's exporters. What an operator can mend (a token, an index, a
// certificate, a full disk) it tells, in the log and in the health check, and
// the exporter's queue keeps the data until it is mended.
package deliveryguardextension

//go:generate mdatagen metadata.yaml
