package strict

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDecode(t *testing.T) {
	for document, want := range map[string]string{
		"name: x":             "",
		"":                    "is empty",
		"# a comment":         "is empty",
		"name: x\n---\na: b":  "has more than one document",
		"name: x\nnames: [y]": "field names not found",
		"name: [":             "did not find expected node content",
	} {
		var form struct{ Name string }
		err := Decode([]byte(document), &form)
		if want == "" {
			assert.NoError(t, err)
			assert.Equal(t, "x", form.Name)
		} else {
			assert.ErrorContains(t, err, want, document)
		}
	}
}
