// Command print writes docs/tools.md to its output.
package main

import (
	"fmt"
	"os"

	"github.com/copywatch/copywatch/internal/catalogue"
)

func main() {
	c, err := catalogue.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(c.Document())
}
