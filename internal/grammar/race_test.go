//go:build race

package grammar

const underRace = true
