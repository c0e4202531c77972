// Command loki is Grafana Loki as the tests of config/loki.yaml start it: all
// of it in one process. It takes the flags of Loki, -config.file above all.
package main

import (
	"flag"
	"log"
	"os"
	"time"

	// Registers gRPC's own encoding of protocol buffers. It has to come before
	// the packages below, one of which wraps what it finds and panics at nothing.
	_ "google.golang.org/grpc/encoding/proto"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/grafana/loki/v3/pkg/runtime"
	"github.com/grafana/loki/v3/pkg/util/cfg"
	util_log "github.com/grafana/loki/v3/pkg/util/log"
	"github.com/grafana/loki/v3/pkg/validation"
	"github.com/prometheus/client_golang/prometheus"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	started := time.Now()
	var config loki.ConfigWrapper
	if err := cfg.DynamicUnmarshal(&config, args, flag.CommandLine); err != nil {
		return err
	}
	if err := setDefaults(&config); err != nil {
		return err
	}
	if err := config.Validate(); err != nil {
		return err
	}
	server, err := loki.New(config.Config)
	if err != nil {
		return err
	}
	return server.Run(loki.RunOpts{StartTime: started})
}

// setDefaults tells Loki's packages what they take for the limits of a tenant
// that has none of its own. Without it all of them would be zero.
func setDefaults(config *loki.ConfigWrapper) error {
	config.Server.Log = util_log.InitLogger(&config.Server, prometheus.DefaultRegisterer, false)
	config.LimitsConfig.SetGlobalOTLPConfig(config.Distributor.OTLPConfig)
	if err := config.LimitsConfig.SetDefaultPolicyStreamMapping(config.Distributor.DefaultPolicyStreamMappings); err != nil {
		return err
	}
	validation.SetDefaultLimitsForYAMLUnmarshalling(config.LimitsConfig)
	runtime.SetDefaultLimitsForYAMLUnmarshalling(config.OperationalConfig)
	return nil
}
