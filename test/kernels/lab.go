package main

import (
	"context"
	"iter"
	"sync"
	"time"
)

// testAll yields the result of each kernel as it comes in.
func testAll(ctx context.Context, o options) iter.Seq[result] {
	apt, aptErr := openApt(ctx, o.workDir)
	l := &lab{options: o, apt: apt, aptErr: aptErr}
	results := make(chan result)
	slots := make(chan struct{}, o.parallel)
	go func() {
		for _, k := range o.kernels {
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				results <- l.test(ctx, k)
			}()
		}
	}()
	return func(yield func(result) bool) {
		for range o.kernels {
			if !yield(<-results) {
				return
			}
		}
	}
}

// lab is what the tests of all kernels have in common.
type lab struct {
	options
	apt    *apt
	aptErr error

	preparing sync.Mutex           // apt takes one request at a time
	initramfs map[string]initramfs // by architecture
}

// initramfs is the path of one, or why there is none.
type initramfs struct {
	path string
	err  error
}

// test boots one kernel and judges what it wrote to its console.
func (l *lab) test(ctx context.Context, k kernel) result {
	g, err := l.prepare(ctx, k)
	if err != nil {
		return result{kernel: k, leftOut: err}
	}
	ctx, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	begin := time.Now()
	console, err := g.boot(ctx)
	r := judge(console)
	r.kernel, r.log, r.took = k, g.log, time.Since(begin)
	if err != nil {
		r.problems = append(r.problems, err.Error())
	}
	return r
}

// prepare gets everything that the guest is made of.
func (l *lab) prepare(ctx context.Context, k kernel) (*guest, error) {
	l.preparing.Lock()
	defer l.preparing.Unlock()
	machine, err := findMachine(k.arch)
	if err != nil {
		return nil, err
	}
	if l.aptErr != nil {
		return nil, l.aptErr
	}
	image, err := l.apt.kernelImage(ctx, k)
	if err != nil {
		return nil, err
	}
	i, ok := l.initramfs[k.arch]
	if !ok {
		i.path, i.err = makeInitramfs(ctx, l.apt, k.arch)
		if l.initramfs == nil {
			l.initramfs = map[string]initramfs{}
		}
		l.initramfs[k.arch] = i
	}
	if i.err != nil {
		return nil, i.err
	}
	return &guest{machine: machine, image: image, initramfs: i.path, log: l.workDir + "/" + k.String() + ".log"}, nil
}
