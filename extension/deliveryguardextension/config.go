package deliveryguardextension

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"go.opentelemetry.io/collector/component"
)

// Config of the delivery_guard extension.
type Config struct {
	// Endpoint is the address of the health check; none is served where it is empty.
	Endpoint string `mapstructure:"endpoint"`
	// GracePeriod is how long a destination may be busy, slow or cut
	// connections before that is told. What does not pass by itself is told at once.
	GracePeriod time.Duration `mapstructure:"grace_period"`
	// RemindInterval is how often a failure that lasts is logged again.
	RemindInterval time.Duration `mapstructure:"remind_interval"`
	// MaxRetryAfter is the longest wait that a destination may impose on the exporter.
	MaxRetryAfter time.Duration `mapstructure:"max_retry_after"`
	// Hold is for exporters that do not try again by themselves.
	Hold HoldConfig `mapstructure:"hold"`
	// Queue is the disk that keeps the exporters' queues.
	Queue QueueConfig `mapstructure:"queue"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// HoldConfig says that a request is repeated here until the destination takes
// it, and the exporter sees no failure.
type HoldConfig struct {
	Enabled bool `mapstructure:"enabled"`
	// Timeout of each attempt.
	Timeout time.Duration `mapstructure:"timeout"`

	_ struct{}
}

// QueueConfig says which disk is watched.
type QueueConfig struct {
	// Storage is the extension in which the data is kept, for exporters that
	// name delivery_guard as their sending_queue::storage.
	Storage *component.ID `mapstructure:"storage"`
	// Directory of the file_storage extension; nothing is watched where it is empty.
	Directory string `mapstructure:"directory"`
	// MinFreeMiB is the space below which the disk counts as full.
	MinFreeMiB uint64 `mapstructure:"min_free_mib"`

	_ struct{}
}

func defaultConfig() *Config {
	return &Config{
		Endpoint:       "localhost:13133",
		GracePeriod:    5 * time.Second,
		RemindInterval: time.Minute,
		MaxRetryAfter:  30 * time.Second,
		Hold:           HoldConfig{Timeout: 90 * time.Second},
		Queue:          QueueConfig{MinFreeMiB: 64},
	}
}

// Validate reports every value that cannot work, each with its key.
func (c *Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	_, _, err := net.SplitHostPort(c.Endpoint)
	check(c.Endpoint == "" || err == nil, "endpoint: %q is not an address with a port: %v", c.Endpoint, err)
	check(c.GracePeriod >= 0, "grace_period: %v is below 0", c.GracePeriod)
	check(c.RemindInterval >= time.Second, "remind_interval: %v is below 1s", c.RemindInterval)
	check(c.MaxRetryAfter >= time.Second, "max_retry_after: %v is below 1s", c.MaxRetryAfter)
	check(c.Hold.Timeout > 0, "hold::timeout: %v is not above 0", c.Hold.Timeout)
	check(c.Queue.Directory == "" || filepath.IsAbs(c.Queue.Directory), "queue::directory: %q is not an absolute path", c.Queue.Directory)
	check(c.Queue.MinFreeMiB > 0, "queue::min_free_mib: %d is not above 0", c.Queue.MinFreeMiB)
	check(c.Queue.Storage == nil || c.Queue.Directory != "", "queue::directory: is needed with queue::storage")
	return errors.Join(errs...)
}
