#!/bin/sh
# Installs what the end-to-end tests use, and the packages named as arguments,
# where that is possible. Where it is not, those tests say what they lack.
set -eu

packages="openssh-client openssh-server rsync curl wget lftp tnftp busybox-static runc docker.io gcc libc6-dev bpftrace git socat ncat netcat-openbsd netcat-traditional ncftp atftp tftp-hpa python3-pyftpdlib rsyslog rsyslog-gnutls zstd kubernetes-client prometheus $*"

missing=
for p in $packages; do
	dpkg -s "$p" >/dev/null 2>&1 || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "Not installed, and not installable here:$missing"
	exit 0
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -q -y --no-install-recommends $missing; } >/tmp/copywatch-apt.log 2>&1 ||
	{ tail -n 5 /tmp/copywatch-apt.log; echo "Tests that need one of them will say so."; }
