#!/bin/sh
# Makes the container image:
#
#	image.sh COLLECTOR NOTICES ARCH VERSION OUTPUT
#
# Paths are seen from the repository's root. CA_FILE has the authorities that
# TLS trusts (those of Debian's ca-certificates).
set -eu

collector=$1 notices=$2 arch=$3 version=$4 output=$5
cd "$(dirname "$0")/../.."
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
	SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
fi
export SOURCE_DATE_EPOCH

ca=${CA_FILE:-/etc/ssl/certs/ca-certificates.crt}
set -- "$collector=/usr/bin/otelcol-copywatch" \
	deploy/image/config.yaml=/etc/copywatch/config.yaml \
	deploy/image/host.yaml=/etc/copywatch/host.yaml \
	"$ca=/etc/ssl/certs/ca-certificates.crt" \
	LICENSE=/usr/share/doc/copywatch/LICENSE \
	"$notices=/usr/share/doc/copywatch/NOTICES"
for file in config/*.yaml; do
	case $file in */demo.yaml) continue ;; esac
	set -- "$@" "$file=/usr/share/copywatch/$file"
done
${GO:-go} run ./internal/image -arch "$arch" -version "$version" -config deploy/image/image.json -o "$output" "$@"
