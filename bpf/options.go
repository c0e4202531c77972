package bpf

import (
	"errors"
	"fmt"
)

// Options say how much of an event is taken and how events are buffered. A zero field means its default.
type Options struct {
	// BufferSize of the ring buffer in bytes: a power of two of at least [MinBufferSize]. Default 8 MiB.
	BufferSize int
	// Precedence are base names of executables, or names of scripts, whose execs a flood of
	// others must not push out: when the buffer is full they go into one of their own, of
	// ReserveSize bytes. At most [MaxPrecedence] of less than 64 bytes each.
	Precedence []string
	// ReserveSize in bytes: a power of two from [MinBufferSize]. Default 1 MiB.
	ReserveSize int
	// ArgsLimit is how many bytes of the arguments are taken, at most [MaxArgsLimit]. Default 16 KiB.
	ArgsLimit int
	// EnvLimit is how many bytes of the environment are taken, at most [MaxEnvLimit]; negative means none. Default 8 KiB.
	EnvLimit int
	// Exits adds the ends of processes.
	Exits bool
	// Failed adds calls of execve that return an error. Every system call of the host pays for it.
	Failed bool
	// PinPath is a directory in a BPF file system. With it the programs and buffers outlive the process:
	// what is executed until the next Open with the same PinPath is delivered then, as far as the buffer holds it.
	PinPath string
	// Redeliver: where a reader that had PinPath was killed, events are delivered again of which
	// nobody knows whether they arrived. Otherwise they count as lost ([Interrupted]), and none comes twice.
	Redeliver bool
	// BTFPath is a file with the running kernel's types, for kernels that do not offer their own. Default: the kernel's.
	BTFPath string
}

// The bounds of Options, in bytes. They follow the sizes in probe.bpf.c.
const (
	MinBufferSize = 256 << 10
	MaxBufferSize = 1 << 30
	MinArgsLimit  = 64
	MaxArgsLimit  = 64 << 10
	MaxEnvLimit   = 32 << 10
)

// MaxPrecedence is how many names may have precedence.
const MaxPrecedence = 8192

// The defaults of Options.
const (
	DefaultBufferSize  = 8 << 20
	DefaultReserveSize = 1 << 20
	DefaultArgsLimit   = 16 << 10
	DefaultEnvLimit    = 8 << 10
)

func (o *Options) setDefaults() {
	if o.BufferSize == 0 {
		o.BufferSize = DefaultBufferSize
	}
	if o.ReserveSize == 0 {
		o.ReserveSize = DefaultReserveSize
	}
	if o.ArgsLimit == 0 {
		o.ArgsLimit = DefaultArgsLimit
	}
	switch {
	case o.EnvLimit == 0:
		o.EnvLimit = DefaultEnvLimit
	case o.EnvLimit < 0:
		o.EnvLimit = 0
	}
}

func (o *Options) validate() error {
	if !IsBufferSize(o.BufferSize) || !IsBufferSize(o.ReserveSize) {
		return fmt.Errorf("buffer size %d or reserve size %d is not a power of two from %d to %d", o.BufferSize, o.ReserveSize, MinBufferSize, MaxBufferSize)
	}
	if len(o.Precedence) > MaxPrecedence {
		return fmt.Errorf("%d names are to have precedence, %d can", len(o.Precedence), MaxPrecedence)
	}
	if o.ArgsLimit < MinArgsLimit || o.ArgsLimit > MaxArgsLimit {
		return fmt.Errorf("args limit %d is not between %d and %d", o.ArgsLimit, MinArgsLimit, MaxArgsLimit)
	}
	if o.EnvLimit > MaxEnvLimit {
		return fmt.Errorf("env limit %d is above %d", o.EnvLimit, MaxEnvLimit)
	}
	return nil
}

// IsBufferSize says whether a ring buffer can have that many bytes.
func IsBufferSize(n int) bool { return n >= MinBufferSize && n <= MaxBufferSize && n&(n-1) == 0 }

// ErrPlatform is returned by Open where there is no probe: it is for Linux on amd64 and arm64.
var ErrPlatform = errors.New("the probe runs on Linux on amd64 and arm64 only")

// DecodeError is a record of the ring buffer that is not an event as this version knows it.
type DecodeError struct {
	// Size of the record in bytes.
	Size int
	Err  error
}

func (e *DecodeError) Error() string {
	return fmt.Sprintf("decode a record of %d bytes: %v", e.Size, e.Err)
}

func (e *DecodeError) Unwrap() error { return e.Err }
