package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A name that the documentation lacks is one that nobody can search for.
func TestEveryNameIsDocumented(t *testing.T) {
	documentation, err := os.ReadFile("../../docs/schema.md")
	require.NoError(t, err)
	names := declared(t)
	require.Greater(t, len(names), 90)
	for _, name := range names {
		if strings.HasSuffix(name, ".") {
			name += "<NAME>"
		}
		assert.Contains(t, string(documentation), "`"+name+"`")
	}
}

// declared are the values of all constants of the package.
func declared(t *testing.T) (names []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "schema.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			name, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			names = append(names, name)
		}
		return true
	})
	return names
}
