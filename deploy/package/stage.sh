#!/bin/sh
# Lays out what a package holds, as it is after the installation:
#
#	stage.sh DIRECTORY COLLECTOR NOTICES
#
# Paths are seen from the repository's root. Modes and times do not depend on
# the machine: the times are SOURCE_DATE_EPOCH, or that of the last commit.
set -eu
umask 022

stage=$1 collector=$2 notices=$3
cd "$(dirname "$0")/../.."
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

share=$stage/usr/share/copywatch
doc=$stage/usr/share/doc/copywatch
man=$stage/usr/share/man/man1
mkdir -p "$stage/usr/bin" "$stage/usr/lib/systemd/system" "$stage/etc/copywatch" "$share/config" "$doc" "$man"

install -m 755 "$collector" "$stage/usr/bin/otelcol-copywatch"
install -m 644 deploy/systemd/copywatch.service "$stage/usr/lib/systemd/system/"
install -m 644 deploy/package/config.yaml deploy/package/environment "$stage/etc/copywatch/"
install -m 644 deploy/package/copyright LICENSE "$doc/"
gzip -9n <"$notices" >"$doc/NOTICES.gz"
gzip -9n <docs/man/otelcol-copywatch.1 >"$man/otelcol-copywatch.1.gz"

# Ready configurations; the recorded demonstration needs the repository around it.
for file in config/*.yaml; do
	case $file in */demo.yaml) continue ;; esac
	install -m 644 "$file" "$share/config/"
done
# What is installed at the destinations: dashboards, alerts, mappings.
for dir in deploy/*/; do
	case $dir in */package/ | */systemd/ | */image/) continue ;; esac
	cp -R "${dir%/}" "$share/"
done

find "$stage" -type d -exec chmod 755 {} +
find "$share" "$doc" "$man" -type f -exec chmod 644 {} +
find "$stage" -exec touch -h -d "@$epoch" {} +
