// Command kafka-peer is a Kafka broker for tests: in memory or in a directory,
// with TLS and SASL, as a broker of a company would be. It consumes what is
// produced to it with the rights of any other client and writes each record as
// a line of JSON, so that a test reads a file and needs no client of Kafka.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// options are the command line.
type options struct {
	address    string
	topics     string
	partitions int
	cert, key  string
	user       string
	password   string
	data       string
	out        string
}

// record is a line of the output. Key and value are base64 in JSON.
type record struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
	Key       []byte `json:"key"`
	Value     []byte `json:"value"`
}

func main() {
	var o options
	flag.StringVar(&o.address, "address", "127.0.0.1:9092", "where to listen; the loopback interface only")
	flag.StringVar(&o.topics, "topics", "", "topics that exist, separated by commas")
	flag.IntVar(&o.partitions, "partitions", 3, "partitions of each topic")
	flag.StringVar(&o.cert, "cert", "", "certificate, PEM")
	flag.StringVar(&o.key, "key", "", "its key, PEM")
	flag.StringVar(&o.user, "user", "", "the user who may produce and consume")
	flag.StringVar(&o.password, "password", "", "that user's password (SCRAM-SHA-512)")
	flag.StringVar(&o.data, "data", "", "directory that keeps the records across restarts")
	flag.StringVar(&o.out, "out", "", "file for what was produced, begun anew at each start")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

// run serves until the context ends.
func run(ctx context.Context, o options) error {
	pair, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	broker, err := start(o, &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		return fmt.Errorf("broker at %s: %w", o.address, err)
	}
	defer broker.Close()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(broker.ListenAddrs()...),
		// The peer knows whom it talks to: itself.
		kgo.DialTLSConfig(&tls.Config{InsecureSkipVerify: true}),
		kgo.SASL(scram.Auth{User: o.user, Pass: o.password}.AsSha512Mechanism()),
		kgo.ConsumeTopics(strings.Split(o.topics, ",")...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	if err != nil {
		return fmt.Errorf("consumer: %w", err)
	}
	defer client.Close()
	out, err := os.Create(o.out)
	if err != nil {
		return err
	}
	fmt.Println("kafka-peer is ready at", broker.ListenAddrs()[0])
	return errors.Join(consume(ctx, client, json.NewEncoder(out)), out.Close())
}

// start starts a cluster of one broker.
func start(o options, config *tls.Config) (*kfake.Cluster, error) {
	host, port, err := net.SplitHostPort(o.address)
	if err != nil {
		return nil, err
	}
	if host != "127.0.0.1" {
		return nil, errors.New("only 127.0.0.1 is served")
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	settings := []kfake.Opt{
		kfake.NumBrokers(1), kfake.Ports(number), kfake.TLS(config),
		kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", o.user, o.password),
		kfake.SeedTopics(int32(o.partitions), strings.Split(o.topics, ",")...),
	}
	if o.data != "" {
		settings = append(settings, kfake.DataDir(o.data))
	}
	return kfake.NewCluster(settings...)
}

// consume writes what is produced until the context ends.
func consume(ctx context.Context, client *kgo.Client, out *json.Encoder) error {
	for {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			return nil
		}
		fetches.EachError(func(topic string, partition int32, err error) {
			log.Printf("fetch %s/%d: %v", topic, partition, err)
		})
		for each := fetches.RecordIter(); !each.Done(); {
			r := each.Next()
			if err := out.Encode(record{r.Topic, r.Partition, r.Offset, r.Key, r.Value}); err != nil {
				return err
			}
		}
	}
}
