#!/bin/sh
# Stops the service when it is removed, and not when it is upgraded.
set -e

if [ "$1" -eq 0 ] && [ -d /run/systemd/system ]; then
	systemctl --no-reload disable --now copywatch.service >/dev/null || true
fi
