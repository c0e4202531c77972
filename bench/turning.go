//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cilium/ebpf/link"
)

const (
	turnLasts   = 50 * time.Millisecond
	turnSettles = 10 * time.Millisecond // after programs were attached, which changes the kernel's code
)

// taker gives its rivals their turns. The first is nothing.
type taker struct {
	made   func() uint64 // execs of the load so far
	rivals []*rival
}

// runTurns is a process of its own, on the sensor's CPU. Its argument is how
// many rounds there are, and the file of the load's tallies.
func runTurns(argument string) (err error) {
	number, path, _ := strings.Cut(argument, " ")
	rounds, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("the number of rounds: %w", err)
	}
	t := taker{rivals: []*rival{{name: "nothing"}}}
	if t.made, err = openTallies(path); err != nil {
		return err
	}
	for _, load := range []func() (*rival, error){floorRival, probeRival} {
		r, err := load()
		if err != nil {
			return err
		}
		t.rivals = append(t.rivals, r)
		defer func() { err = errors.Join(err, r.close()) }()
	}
	for range rounds {
		if err := t.round(); err != nil {
			return err
		}
	}
	found, err := t.result(rounds)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

// round gives each rival a turn, in an order by chance.
func (t *taker) round() error {
	for _, i := range rand.Perm(len(t.rivals)) {
		if err := t.turn(t.rivals[i]); err != nil {
			return fmt.Errorf("the turn of %s: %w", t.rivals[i].name, err)
		}
	}
	return nil
}

// look is how things stand at a moment.
type look struct {
	at   time.Time
	made uint64
	ran  time.Duration
}

func (t *taker) look(r *rival) (l look, err error) {
	l.ran, err = r.ran()
	l.made, l.at = t.made(), time.Now()
	return l, err
}

func (t *taker) turn(r *rival) (err error) {
	links, err := r.attach()
	defer func() { err = errors.Join(err, detach(links)) }()
	if err != nil {
		return err
	}
	time.Sleep(turnSettles)
	before, err := t.look(r)
	if err != nil {
		return err
	}
	time.Sleep(turnLasts)
	after, err := t.look(r)
	if err != nil {
		return err
	}
	return r.note(before, after)
}

func detach(links []link.Link) error {
	var errs []error
	for _, l := range links {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// note keeps what a turn shows.
func (r *rival) note(before, after look) error {
	execs := after.made - before.made
	if execs == 0 {
		return errors.New("the load made no exec")
	}
	r.micros = append(r.micros, per(float64(after.at.Sub(before.at).Microseconds()), execs))
	r.nanos = append(r.nanos, per(float64(after.ran-before.ran), execs))
	return nil
}

// result compares each with nothing, round by round.
func (t *taker) result(rounds int) (*turns, error) {
	nothing := t.rivals[0].micros
	found := &turns{Rounds: rounds, TurnMS: turnLasts.Milliseconds(), Alone: estimateOf(nothing)}
	for _, r := range t.rivals[1:] {
		added := make([]float64, len(r.micros))
		for i := range added {
			added[i] = r.micros[i] - nothing[i]
		}
		a := addition{Name: r.name, Micros: estimateOf(added), Programs: estimateOf(r.nanos)}
		if r.losses != nil {
			var err error
			if a.Lost, err = r.losses(); err != nil {
				return nil, err
			}
		}
		found.Added = append(found.Added, a)
	}
	return found, nil
}
