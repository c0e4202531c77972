//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// churn are containers and executables that come and go.
type churn struct {
	containers  *containers
	program     []byte // of which the executables are copies
	dir         string // where every user may execute them
	executables []string
	made        int
	rounds      int
}

func newChurn(program string) (*churn, error) {
	content, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	c, err := newContainers()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "copywatch-soak-")
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return &churn{containers: c, program: content, dir: dir}, os.Chmod(dir, 0o755)
}

// next adds those of a new round, and removes those of an old one.
func (c *churn) next() error {
	c.rounds++
	if err := errors.Join(c.containers.add(containersPerRound), c.addExecutables()); err != nil {
		return err
	}
	if c.rounds <= roundsAlive {
		return nil
	}
	old := c.executables[:executablesPerRound]
	c.executables = c.executables[executablesPerRound:]
	for _, path := range old {
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			return err
		}
	}
	return c.containers.removeOldest(containersPerRound)
}

// addExecutables makes copies in directories of their own. The first of a round is called scp: what it does not is tagged all the same.
func (c *churn) addExecutables() error {
	for i := range executablesPerRound {
		c.made++
		name := "job"
		if i == 0 {
			name = "scp"
		}
		path := filepath.Join(c.dir, fmt.Sprint(c.made), name)
		if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, c.program, 0o755); err != nil {
			return err
		}
		c.executables = append(c.executables, path)
	}
	return nil
}

func (c *churn) close() error { return errors.Join(os.RemoveAll(c.dir), c.containers.close()) }
