/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a load costs before the system call: CPU time and wall time, in all and by step. For bench/prepare.py; a process
 * is one load, as a command is.
 *
 *   benchmark-prepare MACHINE KERNEL INITRD jump|outage FOLDER use|make|none
 *
 * MACHINE has the facts of a machine with room for it (tests/machines), since the one that measures may permit no loads
 * and hide its memory. FOLDER is where things are kept ready, and the record of what unpacking has told (as in /run). With "make" nothing is
 * measured but that is done which a boot service does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "jump/job.h"
#include "jump/ready-make.h"
#include "sys/snapshot.h"

struct moment {
	double cpu, wall;
};

struct steps {
	const char *name; /* what is being done */
	struct moment since;
};

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static struct moment now(void)
{
	struct rusage usage;
	struct timespec t;

	getrusage(RUSAGE_SELF, &usage);
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct moment){ seconds(usage.ru_utime) + seconds(usage.ru_stime),
		(double)t.tv_sec + (double)t.tv_nsec / 1e9 };
}

static void say(const char *name, struct moment from, struct moment to)
{
	printf("%.4f %.4f %s\n", to.cpu - from.cpu, to.wall - from.wall, name);
}

static void see(void *context, const struct job_progress *progress)
{
	struct steps *steps = context;
	const struct moment moment = now();

	if (strcmp(progress->step, steps->name) == 0)
		return;
	say(steps->name, steps->since, moment);
	steps->name = progress->step;
	steps->since = moment;
}

enum { MACHINE = 1, KERNEL, INITRD, AIM, FOLDER, USE, WORDS };

static bool run(char **words, struct error *err)
{
	const struct moment begin = now();
	const bool makes = strcmp(words[USE], "make") == 0;
	struct steps steps = { "opening files and reading the machine", begin };
	struct job_request request = {
		.command_line = "quiet", .call = CALL_LOAD, .limits = { 0, PHYS_MAX }
	};
	struct notes notes = { 0 };
	struct snapshot machine;
	struct job job;
	char checked[4096];
	bool done;

	if (!snapshot_open(words[MACHINE], &machine, err))
		return false;
	snprintf(checked, sizeof checked, "%s.checked", words[FOLDER]);
	request.source = &machine.source;
	request.kernel = words[KERNEL];
	request.initrds = (const char *const[]){ words[INITRD] };
	request.initrd_count = 1;
	request.aim.shorten = strcmp(words[AIM], "jump") == 0 ? SHORTEN_JUMP : SHORTEN_OUTAGE;
	request.checked = checked;
	request.ready.folder = strcmp(words[USE], "none") == 0 ? NULL : words[FOLDER];
	request.ready.may_read = makes;
	request.initrd_form = makes ? INITRD_KEEP : INITRD_AUTO;
	request.watch = (struct job_watch){ makes ? NULL : see, &steps };
	/* It passes over what asks whether the running kernel permits a load. */
	done = job_survey(&job, &request, err);
	notes.arena = &job.arena;
	if (done && makes)
		ready_make(&job, (struct ready_room){ true, UINT64_MAX }, &notes);
	else if (done)
		see(&steps, &(struct job_progress){ "", "", 0, 0 });
	say("all", begin, now());
	for (size_t i = 0; i < job.notes.count; i++)
		fprintf(stderr, "note: %s\n", job.notes.items[i]);
	for (size_t i = 0; i < notes.count; i++)
		fprintf(stderr, "note: %s\n", notes.items[i]);
	job_free(&job);
	snapshot_close(&machine);
	return done;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	if (argc != WORDS)
		return 2;
	if (run(argv, &err))
		return 0;
	fprintf(stderr, "%s\n", err.reason);
	return 1;
}
