//go:build linux

package siem

import (
	"fmt"
	"regexp"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// lokiEntry is a record as Loki has it: a line in a stream that its labels
// name, with structured metadata.
type lokiEntry struct {
	at       time.Time
	labels   map[string]string
	metadata map[string]string
	line     string
}

// lokiLabels are the attributes of a resource of which Loki makes labels by
// default, of those that a configuration of ours could set.
var lokiLabels = map[string]bool{"service.name": true, "service.namespace": true, "service.instance.id": true, "deployment.environment.name": true}

// What Loki accepts by default (its limits_config).
const (
	lokiMetadataMost = 128
	lokiMetadataSize = 64 << 10
	lokiLineSize     = 256 << 10
	lokiLabelsMost   = 15
	lokiLabelSize    = 2048
	lokiRequestSize  = 6 << 20 // ingestion_burst_size_mb; a larger request is answered 429 for ever
)

// lokiEntries makes entries of records the way Loki's OTLP endpoint does. A
// name that is there twice is an error, which Loki would let pass and then
// show one of the two.
func lokiEntries(logs plog.Logs) (entries []lokiEntry, err error) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				entry := lokiEntry{at: record.Timestamp().AsTime(), labels: map[string]string{}, metadata: map[string]string{}, line: record.Body().AsString()}
				if err := entry.add(resource.Resource(), scope.Scope(), record); err != nil {
					return nil, err
				}
				entries = append(entries, entry)
			}
		}
	}
	return entries, nil
}

func (e *lokiEntry) add(resource pcommon.Resource, scope pcommon.InstrumentationScope, record plog.LogRecord) error {
	for key, value := range resource.Attributes().All() {
		target := e.metadata
		if lokiLabels[key] {
			target = e.labels
		}
		if err := addForLoki(target, key, value.AsString()); err != nil {
			return err
		}
	}
	for key, value := range record.Attributes().All() {
		if err := addForLoki(e.metadata, key, value.AsString()); err != nil {
			return err
		}
	}
	for name, value := range map[string]string{
		"scope_name": scope.Name(), "scope_version": scope.Version(), "severity_text": record.SeverityText(),
		"severity_number":    fmt.Sprint(int32(record.SeverityNumber())),
		"observed_timestamp": fmt.Sprint(int64(record.ObservedTimestamp())),
		"flags":              fmt.Sprint(uint32(record.Flags())), "dropped_attributes_count": fmt.Sprint(record.DroppedAttributesCount()),
		"trace_id": record.TraceID().String(), "span_id": record.SpanID().String(),
	} {
		if value == "" || value == "0" {
			continue
		}
		if err := addForLoki(e.metadata, name, value); err != nil {
			return err
		}
	}
	return nil
}

func addForLoki(fields map[string]string, key, value string) error {
	name := lokiName(key)
	if _, ok := fields[name]; ok {
		return fmt.Errorf("%s: there are two %s", key, name)
	}
	fields[name] = value
	return nil
}

var notInLokiName = regexp.MustCompile(`[^a-zA-Z0-9_]`)

// lokiName is what Loki calls an attribute.
func lokiName(key string) string { return notInLokiName.ReplaceAllString(key, "_") }

// check says which limit of Loki an entry is beyond.
func (e *lokiEntry) check() error {
	switch {
	case len(e.line) > lokiLineSize:
		return fmt.Errorf("line of %d bytes", len(e.line))
	case len(e.metadata) > lokiMetadataMost:
		return fmt.Errorf("%d entries of structured metadata", len(e.metadata))
	case lokiSize(e.metadata) > lokiMetadataSize:
		return fmt.Errorf("%d bytes of structured metadata", lokiSize(e.metadata))
	case len(e.labels) > lokiLabelsMost:
		return fmt.Errorf("%d labels", len(e.labels))
	}
	for name, value := range e.labels {
		if len(value) > lokiLabelSize {
			return fmt.Errorf("label %s of %d bytes", name, len(value))
		}
	}
	return nil
}

// size is how Loki counts an entry against its rate limits.
func (e *lokiEntry) size() int { return len(e.line) + lokiSize(e.metadata) }

func lokiSize(fields map[string]string) (size int) {
	for name, value := range fields {
		size += len(name) + len(value)
	}
	return size
}
