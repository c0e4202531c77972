/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a program over and over and says what that cost.
 *
 *   execload [-n workers] [-d seconds] [-r execs_per_second] [-c arguments] [-s bytes]
 *            [-o first] [-u users] [-f first_user] [-g directory] [-p file] -t tag program...
 *
 * Each worker is a process that calls vfork, execve and waitpid in a loop, as
 * fast as it goes or, with -r, at a rate shared by all workers. argv[1] of each
 * exec is its serial number tag-worker-sequence, so that the output of a sensor
 * can be checked for what is missing and what is there twice; -c arguments of
 * -s bytes follow. Sequences begin with -o.
 *
 * Of several programs each exec has the next one. With -u it is run by one of so
 * many users, with -g in the next of the cgroups (v2) below a directory. Both
 * make a copy of the worker for each exec, so they say little of what an exec costs.
 *
 * With -p the tallies of the workers are in that file, which must be there and
 * large enough: who maps it sees how far the load is.
 *
 * One line of JSON tells the outcome. The CPU seconds are those of this
 * process, its workers and all that they ran.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SERIAL_SIZE 128
#define MOST_CGROUPS 1000
#define FIRST_USER 200000 /* above those of people and services */

extern char **environ;

static struct {
	char **programs;
	const char *tag, *directory, *progress;
	int program_count, workers, arguments, argument_size, users, first_user;
	uint64_t first;
	double seconds, rate;
} options = { .workers = 2, .arguments = 1, .argument_size = 16, .seconds = 3 };

/* Shared with the workers, and by -p with others; each has cache lines of its own. */
struct tally {
	uint64_t execs, fails;
} __attribute__((aligned(128)));

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_until(double when)
{
	struct timespec t = { .tv_sec = (time_t)when };

	t.tv_nsec = (long)((when - t.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static char **make_argv(char *serial)
{
	char **argv = calloc(options.arguments + 3, sizeof(*argv));
	char *filler = calloc(1, options.argument_size + 1);

	if (!argv || !filler)
		die("execload: allocate the arguments");
	memset(filler, 'a', options.argument_size);
	argv[1] = serial;
	for (int i = 0; i < options.arguments; i++)
		argv[2 + i] = filler;
	return argv;
}

/* The memory is the child's too until it has called execve: that is how the parent learns of a failure. */
static int run_once(char **argv)
{
	volatile int failed = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		execve(argv[0], argv, environ);
		failed = errno;
		_exit(127);
	}
	if (pid < 0)
		return errno;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return failed;
}

static struct {
	int fds[MOST_CGROUPS], count;
} cgroups;

static void open_cgroups(void)
{
	DIR *directory = opendir(options.directory);
	struct dirent *entry;

	if (!directory)
		die("execload: open the directory of cgroups");
	while ((entry = readdir(directory)) && cgroups.count < MOST_CGROUPS) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		int fd = openat(dirfd(directory), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			die("execload: open a cgroup");
		cgroups.fds[cgroups.count++] = fd;
	}
	closedir(directory);
}

/* As run_once, as another user or in another cgroup. */
static int run_placed(char **argv, uint64_t sequence)
{
	struct clone_args args = { .flags = CLONE_VFORK, .exit_signal = SIGCHLD };
	int status = 0;

	if (cgroups.count) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = cgroups.fds[sequence % cgroups.count];
	}
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0) {
		uid_t user = FIRST_USER + options.first_user + sequence % (options.users ? options.users : 1);

		if (!options.users || !syscall(SYS_setresuid, user, user, user))
			execve(argv[0], argv, environ);
		_exit(127);
	}
	if (pid < 0)
		return errno;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void work(int worker, double start, struct tally *tally)
{
	double end = start + options.seconds;
	double period = options.rate > 0 ? options.workers / options.rate : 0;
	double next = start + period * worker / options.workers;
	char serial[SERIAL_SIZE];
	char **argv = make_argv(serial);
	int placed = options.users || cgroups.count;

	for (uint64_t sequence = options.first; now() < end; sequence++) {
		if (period > 0) {
			if (next >= end)
				break;
			sleep_until(next);
			next += period;
		}
		snprintf(serial, sizeof(serial), "%s-%d-%llu", options.tag, worker,
			 (unsigned long long)sequence);
		argv[0] = options.programs[sequence % options.program_count];
		if (placed ? run_placed(argv, sequence) : run_once(argv))
			tally->fails++;
		else
			tally->execs++;
	}
}

/* Workers end with this process, even where it is killed. */
static void start_workers(double start, struct tally *tallies)
{
	for (int i = 0; i < options.workers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("execload: fork a worker");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(i, start, &tallies[i]);
			_exit(0);
		}
	}
}

static double cpu_seconds(struct timeval self, struct timeval children)
{
	return self.tv_sec + children.tv_sec + (self.tv_usec + children.tv_usec) / 1e6;
}

static void report(double seconds, const struct tally *tallies)
{
	struct rusage self, children;
	struct tally sum = { 0 };

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	for (int i = 0; i < options.workers; i++) {
		sum.execs += tallies[i].execs;
		sum.fails += tallies[i].fails;
	}
	printf("{\"execs\":%llu,\"fails\":%llu,\"seconds\":%.6f,\"user_seconds\":%.6f,\"system_seconds\":%.6f}\n",
	       (unsigned long long)sum.execs, (unsigned long long)sum.fails, seconds,
	       cpu_seconds(self.ru_utime, children.ru_utime),
	       cpu_seconds(self.ru_stime, children.ru_stime));
}

static void usage(void)
{
	fputs("usage: execload [-n workers] [-d seconds] [-r execs_per_second] [-c arguments] [-s bytes]\n"
	      "                [-o first] [-u users] [-f first_user] [-g directory] [-p file] -t tag program...\n",
	      stderr);
	exit(2);
}

static void parse_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:d:r:c:s:o:u:f:g:p:t:")) >= 0) {
		switch (option) {
		case 'n': options.workers = atoi(optarg); break;
		case 'd': options.seconds = atof(optarg); break;
		case 'r': options.rate = atof(optarg); break;
		case 'c': options.arguments = atoi(optarg); break;
		case 's': options.argument_size = atoi(optarg); break;
		case 'o': options.first = strtoull(optarg, NULL, 10); break;
		case 'u': options.users = atoi(optarg); break;
		case 'f': options.first_user = atoi(optarg); break;
		case 'g': options.directory = optarg; break;
		case 'p': options.progress = optarg; break;
		case 't': options.tag = optarg; break;
		default: usage();
		}
	}
	if (optind >= argc || !options.tag || strlen(options.tag) > SERIAL_SIZE / 2)
		usage();
	if (options.workers < 1 || options.seconds <= 0 || options.arguments < 0 ||
	    options.argument_size < 0 || options.users < 0 ||
	    options.first_user < 0)
		usage();
	options.programs = argv + optind;
	options.program_count = argc - optind;
}

static struct tally *map_tallies(void)
{
	int fd = -1, flags = MAP_SHARED | MAP_ANONYMOUS;
	struct tally *tallies;

	if (options.progress) {
		fd = open(options.progress, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			die("execload: open the file of the tallies");
		flags = MAP_SHARED;
	}
	tallies = mmap(NULL, options.workers * sizeof(*tallies), PROT_READ | PROT_WRITE, flags, fd, 0);
	if (tallies == MAP_FAILED)
		die("execload: map the tallies");
	return tallies;
}

int main(int argc, char **argv)
{
	struct tally *tallies;
	double start;

	parse_options(argc, argv);
	if (options.directory)
		open_cgroups();
	tallies = map_tallies();
	start = now();
	start_workers(start, tallies);
	while (wait(NULL) > 0)
		;
	report(now() - start, tallies);
	return 0;
}
