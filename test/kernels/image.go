package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// kernelImage returns the path of the newest kernel of a series that the
// mirror has: some lists name packages that are gone.
func (a *apt) kernelImage(ctx context.Context, k kernel) (string, error) {
	out, err := a.run(ctx, "apt-cache", "search", "--names-only", "^linux-(image|binary)-")
	if err != nil {
		return "", err
	}
	packages := kernelPackages(out, k)
	if len(packages) == 0 {
		return "", errors.Join(fmt.Errorf("no list of packages has a kernel %s", k), a.outdated)
	}
	var errs []error
	for _, name := range packages {
		image, err := a.file(ctx, name, k.arch, "vmlinuz")
		if err == nil {
			return image, nil
		}
		errs = append(errs, err)
		if !errors.Is(err, errGone) {
			break
		}
	}
	return "", errors.Join(errs...)
}

// kernelPackages returns the packages with a kernel of the series, newest
// first, from what apt-cache search writes. Variants (rt, cloud, 16k) and
// unsigned ones, which have a longer name, are none of them.
func kernelPackages(search string, k kernel) []string {
	name := regexp.MustCompile(`^linux-(?:image|binary)-(` + regexp.QuoteMeta(k.series) + `\.[0-9.]+(?:-[0-9]+|\+deb[0-9.+]+)?)-` + k.arch + `$`)
	version := func(p string) string { return name.FindStringSubmatch(p)[1] }
	var packages []string
	for line := range strings.Lines(search) {
		if p, _, _ := strings.Cut(line, " "); name.MatchString(p) {
			packages = append(packages, p)
		}
	}
	slices.SortFunc(packages, func(p, q string) int {
		return cmp.Or(
			slices.Compare(numbers(version(q)), numbers(version(p))),
			// Where both exist, the image has no file and depends on the binary.
			cmp.Compare(p, q),
		)
	})
	return packages
}

var number = regexp.MustCompile(`[0-9]+`)

func numbers(version string) []int {
	var ns []int
	for _, digits := range number.FindAllString(version, -1) {
		n, _ := strconv.Atoi(digits)
		ns = append(ns, n)
	}
	return ns
}
