//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // the exporter compresses
	"google.golang.org/grpc/mem"

	"github.com/copywatch/copywatch/internal/schema"
)

// sinkName is a receiver of OTLP/gRPC that only looks for serial numbers. It
// does not take the records apart, so that it takes the sensor little of the CPU that they share.
const sinkName = "sink"

// sink is what has arrived.
type sink struct {
	mu   sync.Mutex
	seen *serials
	lost uint64
}

func runSink(tag string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("OUT"), addressFile), []byte(listener.Addr().String()), 0o644); err != nil {
		return err
	}
	s := &sink{seen: newSerials(tag)}
	encoding.RegisterCodecV2(rawCodec{})
	const most = 64 << 20 // a batch has a MiB or so
	server := grpc.NewServer(grpc.UnknownServiceHandler(s.receive), grpc.MaxRecvMsgSize(most))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-announce():
	}
	server.Stop()
	<-ended
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.seen.count()
	return reportToHarness(captured{Execs: &n, Lost: &s.lost})
}

// receive handles any call as one of LogsService/Export, whose empty response says that all was taken.
func (s *sink) receive(_ any, stream grpc.ServerStream) error {
	var batch []byte
	if err := stream.RecvMsg(&batch); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.seen.scan(bytes.NewReader(batch)); err != nil {
		return err
	}
	lost, err := lostInProto(batch)
	if err != nil {
		return err
	}
	s.lost += lost
	return stream.SendMsg(&[]byte{})
}

// rawCodec leaves messages as they are on the wire.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	text, ok := v.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("%T is no message in bytes", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(*text)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	text, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is no message in bytes", v)
	}
	*text = data.Materialize()
	return nil
}

// lostInProto adds up what the records of a batch say was lost. Only a batch with such a record is taken apart.
func lostInProto(batch []byte) (lost uint64, err error) {
	if !bytes.Contains(batch, []byte(schema.EventLoss)) {
		return 0, nil
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(batch); err != nil {
		return 0, fmt.Errorf("read a batch: %w", err)
	}
	for _, resource := range request.Logs().ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				if n, ok := record.Attributes().Get(schema.LostEvents); ok {
					lost += uint64(n.Int())
				}
			}
		}
	}
	return lost, nil
}

const addressFile = "address"

// The sink has a directory of its own within that of the sensor that sends to it.
func besideDir(dir string) string { return filepath.Join(dir, "beside") }

func sinkAddress(dir string) (string, error) {
	address, err := os.ReadFile(filepath.Join(besideDir(dir), addressFile))
	if err != nil {
		return "", errors.Join(errors.New("the sink did not say where it listens"), err)
	}
	return string(address), nil
}

// readSink reads what the sink counted, after it has ended.
func readSink(dir, _ string) (captured, error) { return readChildReport(besideDir(dir)) }
