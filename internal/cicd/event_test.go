package cicd

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadEventFile(t *testing.T) {
	var rows []struct {
		Name  string     `yaml:"name"`
		File  string     `yaml:"file"`
		Want  EventFacts `yaml:"want"`
		Error string     `yaml:"error"`
	}
	readRows(t, "../../testdata/cicd/events/events.yaml", &rows)
	require.NotEmpty(t, rows)
	for _, r := range rows {
		t.Run(r.Name, func(t *testing.T) {
			got, err := ReadEventFile(strings.NewReader(r.File))
			if r.Error != "" {
				assert.ErrorContains(t, err, "cicd: read event file: ")
				assert.ErrorContains(t, err, r.Error)
			} else {
				assert.NoError(t, err)
			}
			assert.Equal(t, r.Want, got)
		})
	}
}

func TestEventFileIsBounded(t *testing.T) {
	padded := func(size int) io.Reader {
		return strings.NewReader(`{"pull_request":{"number":7}` + strings.Repeat(" ", size-29) + "}")
	}
	facts, err := ReadEventFile(padded(MaxEventFile))
	require.NoError(t, err)
	assert.Equal(t, "7", facts.Number)
	_, err = ReadEventFile(padded(MaxEventFile + 1))
	assert.ErrorContains(t, err, "is larger than 1048576 bytes")
	_, err = ReadEventFile(strings.NewReader(strings.Repeat(`{"a":`, MaxEventFile/5)))
	assert.Error(t, err, "deep nesting")
}

func TestEventFileThatCannotBeRead(t *testing.T) {
	broken := errors.New("stale file handle")
	_, err := ReadEventFile(iotest.ErrReader(broken))
	assert.ErrorIs(t, err, broken)
}

func TestAttributesOfEvent(t *testing.T) {
	facts := EventFacts{Number: "7", Title: "T", State: "open", HeadSHA: "11", HeadRef: "h", BaseSHA: "22", BaseRef: "b"}
	assert.Equal(t, []Attribute{
		{keyChangeID, "7"}, {keyChangeTitle, "T"}, {keyChangeState, "open"},
		{keyHeadName, "h"}, {keyHeadRevision, "11"}, {keyHeadType, "branch"},
		{keyBaseName, "b"}, {keyBaseRevision, "22"}, {keyBaseType, "branch"},
	}, facts.Attributes())
	assert.Empty(t, (&EventFacts{Title: strings.Repeat("x", maxValue+1)}).Attributes())
}
