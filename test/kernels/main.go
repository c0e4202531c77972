package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// options are the flags.
type options struct {
	kernels  []kernel
	strict   bool
	parallel int
	patience time.Duration
	workDir  string
}

func parseOptions(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("kernels", flag.ExitOnError)
	only := f.String("kernel", "", "only these kernels, separated by commas, of "+names(matrix))
	f.BoolVar(&o.strict, "strict", false, "fail when a kernel could not be tested")
	f.IntVar(&o.parallel, "parallel", 2, "kernels at a time")
	f.DurationVar(&o.patience, "patience", 10*time.Minute, "how long a kernel may take")
	f.StringVar(&o.workDir, "work", "dist/kernels", "directory for what is downloaded and built")
	_ = f.Parse(args) // ends the program itself
	var err error
	o.kernels, err = choose(*only)
	if err == nil && o.parallel < 1 {
		err = fmt.Errorf("-parallel is %d; at least 1 is needed", o.parallel)
	}
	return o, err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o, err := parseOptions(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if err := os.MkdirAll(o.workDir, 0o755); err != nil {
		return err
	}
	results := make([]result, 0, len(o.kernels))
	for r := range testAll(ctx, o) {
		r.print(os.Stdout)
		results = append(results, r)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return summarize(os.Stdout, results, o.strict)
}
