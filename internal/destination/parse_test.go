package destination

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goodClasses = `
classes:
  - {id: loopback, title: L, schemes: [file], hosts: [localhost, 127.0.0.0/8]}
  - {id: private, title: Pr, hosts: [.lan]}
  - {id: public, title: Pu}
  - {id: cloud_storage, title: C, schemes: [s3], hosts: [s3.**.cloud.example, cloud.example/store]}
  - {id: code_repository, title: R, hosts: [code.example]}
  - {id: paste, title: Pa}
  - {id: webhook, title: W}
  - {id: file_share, title: F}
  - {id: alias, title: A}
  - {id: unknown, title: U}
facts:
  - {id: onion, title: O, hosts: [.onion, 192.0.2.1]}
`

// Each bad file is the good one with one thing changed, so this test vouches for them.
func TestParse(t *testing.T) {
	c, err := parse([]byte(goodClasses))
	require.NoError(t, err)
	assert.Equal(t, CloudStorage, c.Of("", "s3.eu.cloud.example", ""))
	assert.Equal(t, CloudStorage, c.Of("", "eu.cloud.example", "/store/x"))
	assert.Equal(t, Public, c.Of("", "eu.cloud.example", "/"))
	assert.Equal(t, Facts{Onion: true}, c.Facts("x.onion"))
}

func TestBadClasses(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown field", "title: L", "titel: L", "field titel not found"},
		{"not YAML", "classes:", "classes: [", "yaml: "},
		{"two documents", "facts:", "---\nfacts:", "has more than one document"},
		{"unknown class", "id: paste", "id: pasting", `class "pasting": is not one of [loopback`},
		{"class missing", "  - {id: paste, title: Pa}\n", "", `class "paste": is not there`},
		{"no title", "title: Pu", "title: ''", `class "public": has no title`},
		{"scheme with upper case", "[s3]", "[S3]", `class "cloud_storage": scheme "S3" is not a lower-case name`},
		{"scheme twice", "[s3]", "[file]", `class "cloud_storage": scheme "file" is already one of class "loopback"`},
		{"host twice", "[code.example]", "[localhost]", `class "code_repository": "localhost" is already in class "loopback"`},
		{"host with upper case", "[code.example]", "[Code.example]", `class "code_repository": "Code.example" is neither a name, nor an address`},
		{"range that is none", "127.0.0.0/8", "127.0.0.0/40", `class "loopback": "127.0.0.0/40" is neither`},
		{"wildcard", "[code.example]", "['*.example']", `class "code_repository": "*.example" is neither`},
		{"label", "s3.**.cloud", "s*3.**.cloud", `"s*3" is not a label, which may end in *`},
		{"path", "cloud.example/store", "cloud.example/store/", "a component of the path is empty"},
		{"unknown fact", "id: onion", "id: garlic", `fact "garlic": is not one of [dynamic_dns onion metadata_service]`},
		{"fact without title", "title: O", "title: ''", `fact "onion": has no title`},
		{"fact of no host", "[.onion,", "[.ONION,", `fact "onion": ".ONION" is neither a name in lower case nor an address`},
		{"fact twice", "[.onion,", "[.onion, onion,", `fact "onion": "onion" is already one of fact "onion"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(goodClasses, tt.old), "%q must be in the good file once", tt.old)
			c, err := parse([]byte(strings.Replace(goodClasses, tt.old, tt.new, 1)))
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, c)
		})
	}
	_, err := parse(nil)
	assert.ErrorContains(t, err, "is empty")
}
