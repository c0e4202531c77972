#!/bin/sh
# After an upgrade the new version takes over where the old one ran. The user
# and what the service wrote stay when it is removed, as is the custom here.
set -e

[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload >/dev/null || true
if [ "$1" -ge 1 ]; then
	systemctl try-restart copywatch.service >/dev/null || true
fi
