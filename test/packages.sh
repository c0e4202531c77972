#!/bin/sh
# Installs what the end-to-end tests use, and the packages named as arguments,
# where that is possible. Where it is not, those tests say what they lack.
set -eu

packages="openssh-client openssh-server rsync curl wget lftp tnftp busybox-static runc docker.io gcc libc6-dev bpftrace git socat ncat netcat-openbsd netcat-traditional ncftp atftp tftp-hpa python3-pyftpdlib rsyslog rsyslog-gnutls zstd prometheus $*"
# Others package it too, under a name of theirs, and the two exclude each other.
command -v kubectl >/dev/null || packages="$packages kubernetes-client"

log=/tmp/copywatch-apt.log
export DEBIAN_FRONTEND=noninteractive

missing_of() {
	for p in "$@"; do
		dpkg -s "$p" 2>/dev/null | grep -q '^Status: install ok installed$' || printf ' %s' "$p"
	done
}

install() { apt-get install -q -y --no-install-recommends "$@" >>$log 2>&1; }

missing=$(missing_of $packages)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "Not installed, and not installable here:$missing"
	exit 0
fi
echo "Installing:$missing"
apt-get update -q >$log 2>&1 && install $missing && exit 0

# One that cannot be installed keeps all others out: what is half done is
# finished, and each is tried by itself.
{ dpkg --configure -a && apt-get install -q -y --fix-broken; } >>$log 2>&1 || true
for p in $(missing_of $packages); do
	install "$p" || true
done
missing=$(missing_of $packages)
[ -z "$missing" ] || {
	tail -n 5 $log
	echo "Not installed:$missing. Tests that need one of them will say so."
}
