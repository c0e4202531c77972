#!/bin/sh
# Enables the service at the first installation, and leaves it later as the
# administrator did; starts it, or has the new version take over.
set -e

case "$1" in
configure | abort-upgrade | abort-deconfigure | abort-remove) ;;
*) exit 0 ;;
esac

if command -v deb-systemd-helper >/dev/null; then
	deb-systemd-helper unmask copywatch.service >/dev/null || true
	if deb-systemd-helper --quiet was-enabled copywatch.service; then
		deb-systemd-helper enable copywatch.service >/dev/null || true
	else
		deb-systemd-helper update-state copywatch.service >/dev/null || true
	fi
fi

# Where systemd does not run (a chroot, an image that is built) there is nothing to start.
if [ -d /run/systemd/system ]; then
	systemctl --system daemon-reload >/dev/null || true
	action=start
	if [ -n "$2" ]; then # the version that was configured before
		action=restart
	fi
	deb-systemd-invoke "$action" copywatch.service >/dev/null || true
fi
