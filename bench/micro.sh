#!/bin/sh
# Runs the micro-benchmarks of all packages, as often as benchstat wants them.
#
#   sh bench/micro.sh > bench/out/micro.txt
set -eu
cd "$(dirname "$0")/.."
# Garbage is collected as often as where the collector is a service.
GOGC=$(sed -n 's/^Environment=GOGC=//p' deploy/systemd/copywatch.service)
export GOGC
packages=$(grep -rl --include='*_test.go' '^func Benchmark' bpf internal processor receiver | xargs -n 1 dirname | sort -u | sed 's|^|./|')
run() { "${GO:-go}" test -run '^$' -bench . -benchmem -benchtime "${BENCHTIME:-100ms}" -count "${COUNT:-6}" "$@"; }
# shellcheck disable=SC2086 # one word for each package
run $packages
cd bench/processors
run .
