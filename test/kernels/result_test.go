package main

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSummarize(t *testing.T) {
	good, bad := result{}, result{problems: []string{"x"}}
	absent := result{leftOut: errors.New("no mirror")}
	assert.NoError(t, summarize(io.Discard, []result{good, absent}, false))
	assert.ErrorContains(t, summarize(io.Discard, []result{good, absent}, true), "-strict")
	assert.ErrorContains(t, summarize(io.Discard, []result{good, bad}, false), "do not pass")
	assert.NoError(t, summarize(io.Discard, []result{good}, true))
}

func TestChoose(t *testing.T) {
	all, err := choose("")
	assert.NoError(t, err)
	assert.Equal(t, matrix, all)
	some, err := choose("7-arm64,5.10-amd64")
	assert.NoError(t, err)
	assert.Equal(t, []kernel{{"7", "arm64"}, {"5.10", "amd64"}}, some)
	_, err = choose("4.19-amd64")
	assert.ErrorContains(t, err, "the names are 5.10-amd64,")
}
