#!/bin/sh
# Makes one package of what stage.sh laid out:
#
#	package.sh STAGE ARCH VERSION OUTPUT
#
# ARCH is amd64 or arm64; the end of OUTPUT (.deb, .rpm) is the format. NFPM is
# the program that makes it (.tools/nfpm).
set -eu

STAGE=$(realpath "$1")
export STAGE ARCH="$2" VERSION="$3"
output=$(realpath -m "$4")
cd "$(dirname "$0")"
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
	SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
fi
export SOURCE_DATE_EPOCH

"${NFPM:-../../.tools/nfpm}" package --config nfpm.yaml --packager "${output##*.}" --target "$output" >/dev/null
