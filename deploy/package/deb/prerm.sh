#!/bin/sh
# Stops the service when it is removed. At an upgrade it runs on, until
# postinst restarts it.
set -e

if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
	deb-systemd-invoke stop copywatch.service >/dev/null || true
fi
