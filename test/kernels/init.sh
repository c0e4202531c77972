#!/bin/busybox sh
# The first and only process of a guest: it runs the tests, says how they
# ended in a form that the program outside reads, and ends the guest.
# tracefs stays unmounted: the probe must not need it.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir /dev/pts
mount -t devpts pts /dev/pts
mount -t tmpfs tmp /tmp

# Cgroups of both versions, as systemd's hybrid layout has them, and the tests below the root of each.
mount -t tmpfs cgroup /sys/fs/cgroup
mkdir /sys/fs/cgroup/unified /sys/fs/cgroup/pids
mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
mount -t cgroup -o pids pids /sys/fs/cgroup/pids
for leaf in unified/copywatch/v2 pids/copywatch/v1; do
	mkdir -p /sys/fs/cgroup/$leaf
	echo $$ >/sys/fs/cgroup/$leaf/cgroup.procs
done

echo
echo "copywatch release $(uname -r)"
[ -e /sys/kernel/btf/vmlinux ] && echo "copywatch btf $(stat -c %s /sys/kernel/btf/vmlinux)"
cd /root
# What only the reader decides is the same on every kernel, and takes long here.
reader='TestEventsOfAKilledReader|TestPressureReleasesWhatWasRead|TestForeignPinsAreReplaced|TestIncompletePinsAreReplaced|TestLossesWhileNobodyReads'
code=0
bpf.test -test.v -test.timeout 8m -test.skip "^(TestFailedExec|$reader)\$" 2>&1 || code=$?
# To attach to system calls patches code that the other CPU runs, which software
# emulation gets wrong now and then (it oopses on an int3): one CPU is left for that.
echo 0 >/sys/devices/system/cpu/cpu1/online
bpf.test -test.v -test.timeout 2m -test.run '^TestFailedExec$' 2>&1 || code=$?
echo "copywatch exit $code"
poweroff -f
