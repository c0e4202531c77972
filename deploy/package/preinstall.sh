#!/bin/sh
# The user that the service runs as is there before files are unpacked that
# belong to its group.
set -e

if ! getent group copywatch >/dev/null; then
	groupadd --system copywatch
fi
if ! getent passwd copywatch >/dev/null; then
	useradd --system --gid copywatch --home-dir /var/lib/copywatch --no-create-home \
		--shell /usr/sbin/nologin --comment "Copywatch" copywatch
fi
