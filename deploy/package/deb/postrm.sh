#!/bin/sh
# Purging takes away what the service wrote, and its user.
set -e

if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
	systemctl --system daemon-reload >/dev/null || true
fi
[ "$1" = purge ] || exit 0

if command -v deb-systemd-helper >/dev/null; then
	deb-systemd-helper purge copywatch.service >/dev/null || true
	deb-systemd-helper unmask copywatch.service >/dev/null || true
fi
rm -rf /var/lib/copywatch /var/log/copywatch
if getent passwd copywatch >/dev/null; then
	userdel copywatch || true
fi
if getent group copywatch >/dev/null; then
	groupdel copywatch || true
fi
