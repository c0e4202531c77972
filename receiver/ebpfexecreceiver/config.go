package ebpfexecreceiver

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configretry"

	"github.com/copywatch/copywatch/bpf"
)

// Config of the ebpf_exec receiver.
type Config struct {
	// BufferSize of the kernel's ring buffer in bytes, a power of two. It is
	// what bridges the time in which the pipeline is busy or refuses.
	BufferSize int `mapstructure:"buffer_size"`
	// ReserveSize of a second buffer in bytes, a power of two. When the other is
	// full, executions of file copy tools go there, so that a flood of others does not push them out.
	ReserveSize int `mapstructure:"reserve_size"`
	// PollInterval is how long an event may wait in the ring buffer while that is
	// less than an eighth full and nothing unfamiliar is in it: the exec of a
	// script, of a file copy tool, or of a file that was not looked into yet is read at once.
	PollInterval time.Duration `mapstructure:"poll_interval"`
	// ArgsLimit is how many bytes of the arguments are taken of one exec; head and tail, where there are more.
	ArgsLimit int `mapstructure:"args_limit"`
	// EnvLimit is how many bytes of the environment are searched for the variables that are wanted; 0 takes none.
	EnvLimit int `mapstructure:"env_limit"`
	// EnvironmentVariables are the names whose values go into the record. All others never leave the receiver.
	EnvironmentVariables []string `mapstructure:"environment_variables"`
	// CIVariables adds, to the records of file copy tools only, those variables by
	// which CI systems tell a job about itself: the pipeline, run, change and
	// revision. None is a secret.
	CIVariables bool `mapstructure:"ci_variables"`
	// ExitEvents adds a process.exit record for each process whose exec was emitted.
	ExitEvents bool `mapstructure:"exit_events"`
	// ExecErrors adds a process.exec_error record for each execve that fails. The
	// kernel has to look at the end of every system call for it.
	ExecErrors bool `mapstructure:"exec_errors"`
	// PinPath is a directory in a BPF file system, made where it is missing. With
	// it the probe outlives the collector: what is executed while that is down is
	// delivered when it is back, as far as the buffer holds it.
	PinPath string `mapstructure:"pin_path"`
	// Redeliver says what becomes, with PinPath, of records that were being handed
	// on when the collector was killed: false counts them as lost, so that none
	// comes twice; true hands them on again, so that none is missing.
	Redeliver bool `mapstructure:"redeliver"`
	// Identify looks into each executable, once for each state of its file, for
	// its build ids and for the tool that its content shows it to be.
	Identify bool `mapstructure:"identify"`
	// Redaction masks secrets in arguments.
	Redaction RedactionConfig `mapstructure:"redaction"`
	// Batch says when records are handed on.
	Batch BatchConfig `mapstructure:"batch"`
	// RetryOnFailure says how long a batch is offered again to a pipeline that refuses it.
	RetryOnFailure configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	// LossInterval is how often losses are looked for; each interval with losses has a sensor.loss record for each reason.
	LossInterval time.Duration `mapstructure:"loss_interval"`
	// ProcessCacheSize is how many processes are remembered for the lineage of their children.
	ProcessCacheSize int `mapstructure:"process_cache_size"`
	// ProcPath is where the host's /proc is mounted.
	ProcPath string `mapstructure:"proc_path"`
	// RootPath is where the host's root file system is mounted.
	RootPath string `mapstructure:"root_path"`
	// BTFPath is a file with the running kernel's types, for a kernel that does not offer them itself.
	BTFPath string `mapstructure:"btf_path"`
	// ErrorMode says whether a probe that cannot start stops the collector.
	ErrorMode ErrorMode `mapstructure:"error_mode"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// RedactionConfig says which arguments are masked.
type RedactionConfig struct {
	// Enabled masks passwords, tokens and keys where their place or shape shows them.
	Enabled bool `mapstructure:"enabled"`
	// Names are further options and variables whose values are secret.
	Names []string `mapstructure:"names"`

	_ struct{}
}

// BatchConfig bounds a batch and how many may wait.
type BatchConfig struct {
	// MaxSize in records.
	MaxSize int `mapstructure:"max_size"`
	// MaxBytes is how large a batch may grow, as estimated, before it is handed
	// on. Receivers refuse what is too large for good (4 MiB in gRPC, by
	// default), and long arguments are what whoever runs a program chooses.
	MaxBytes int `mapstructure:"max_bytes"`
	// Timeout after which a batch is handed on whatever its size.
	Timeout time.Duration `mapstructure:"timeout"`
	// QueueSize is how many batches may wait while one is handed on. Beyond it the ring buffer holds the events.
	QueueSize int `mapstructure:"queue_size"`

	_ struct{}
}

// ErrorMode is what happens when the probe cannot start.
type ErrorMode string

const (
	// ErrorModePropagate fails the collector's start.
	ErrorModePropagate ErrorMode = "propagate"
	// ErrorModeIgnore logs the error, reports it as the component's status, and runs without the probe.
	ErrorModeIgnore ErrorMode = "ignore"
)

func defaultConfig() *Config {
	return &Config{
		BufferSize:       bpf.DefaultBufferSize,
		ReserveSize:      bpf.DefaultReserveSize,
		PollInterval:     500 * time.Millisecond,
		ArgsLimit:        bpf.DefaultArgsLimit,
		EnvLimit:         bpf.DefaultEnvLimit,
		CIVariables:      true,
		Identify:         true,
		Redaction:        RedactionConfig{Enabled: true},
		Batch:            BatchConfig{MaxSize: 1000, MaxBytes: 1 << 20, Timeout: 200 * time.Millisecond, QueueSize: 4},
		RetryOnFailure:   configretry.NewDefaultBackOffConfig(),
		LossInterval:     10 * time.Second,
		ProcessCacheSize: 8192,
		ProcPath:         "/proc",
		RootPath:         "/",
		ErrorMode:        ErrorModePropagate,
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
	check(bpf.IsBufferSize(c.BufferSize),
		"buffer_size: %d is not a power of two from %d to %d bytes", c.BufferSize, bpf.MinBufferSize, bpf.MaxBufferSize)
	check(bpf.IsBufferSize(c.ReserveSize),
		"reserve_size: %d is not a power of two from %d to %d bytes", c.ReserveSize, bpf.MinBufferSize, bpf.MaxBufferSize)
	check(c.PollInterval >= time.Millisecond && c.PollInterval <= time.Second,
		"poll_interval: %v is not between 1ms and 1s", c.PollInterval)
	check(c.ArgsLimit >= bpf.MinArgsLimit && c.ArgsLimit <= bpf.MaxArgsLimit,
		"args_limit: %d is not between %d and %d bytes", c.ArgsLimit, bpf.MinArgsLimit, bpf.MaxArgsLimit)
	check(c.EnvLimit >= 0 && c.EnvLimit <= bpf.MaxEnvLimit,
		"env_limit: %d is not between 0 and %d bytes", c.EnvLimit, bpf.MaxEnvLimit)
	check(c.EnvLimit > 0 || len(c.EnvironmentVariables) == 0,
		"environment_variables: nothing is read with env_limit 0")
	for i, name := range c.EnvironmentVariables {
		check(name != "" && !strings.ContainsAny(name, "=\x00"),
			"environment_variables[%d]: %q is not the name of a variable", i, name)
	}
	for i, name := range c.Redaction.Names {
		check(strings.TrimSpace(name) != "", "redaction::names[%d]: is empty", i)
	}
	check(c.Batch.MaxSize > 0, "batch::max_size: %d is not above 0", c.Batch.MaxSize)
	check(c.Batch.MaxBytes > 0, "batch::max_bytes: %d is not above 0", c.Batch.MaxBytes)
	check(c.Batch.Timeout > 0, "batch::timeout: %v is not above 0", c.Batch.Timeout)
	check(c.Batch.QueueSize >= 0, "batch::queue_size: %d is below 0", c.Batch.QueueSize)
	check(c.LossInterval > 0, "loss_interval: %v is not above 0", c.LossInterval)
	check(c.ProcessCacheSize > 0, "process_cache_size: %d is not above 0", c.ProcessCacheSize)
	check(c.PinPath == "" || filepath.IsAbs(c.PinPath), "pin_path: %q is not an absolute path", c.PinPath)
	check(c.PinPath != "" || !c.Redeliver, "redeliver: means something with pin_path only")
	check(c.ProcPath != "", "proc_path: is empty")
	check(c.RootPath != "", "root_path: is empty")
	check(c.ErrorMode == ErrorModePropagate || c.ErrorMode == ErrorModeIgnore,
		"error_mode: %q is neither %q nor %q", c.ErrorMode, ErrorModePropagate, ErrorModeIgnore)
	return errors.Join(errs...)
}

// probeOptions are those of a probe that gives precedence to the executions of programs of these names.
func (c *Config) probeOptions(precedence []string) bpf.Options {
	o := bpf.Options{
		BufferSize:  c.BufferSize,
		ReserveSize: c.ReserveSize,
		Precedence:  precedence,
		ArgsLimit:   c.ArgsLimit,
		EnvLimit:    c.EnvLimit,
		Exits:       c.ExitEvents,
		Failed:      c.ExecErrors,
		PinPath:     c.PinPath,
		Redeliver:   c.Redeliver,
		BTFPath:     c.BTFPath,
	}
	if c.EnvLimit == 0 {
		o.EnvLimit = -1
	}
	return o
}
