/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of a job's initrds share: a folder with the next kernel's files, and a job that looks at it. */
#pragma once

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arith.h"
#include "jump/initrd-policy.h"
#include "jump/next-config.h"
#include "machine/table-source.h"

static char folder[] = "/tmp/saut-test-initrd-XXXXXX";
static char kernel_path[64], config_path[64], initrd_path[64];

static inline int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(kernel_path, sizeof kernel_path, "%s/vmlinuz-1.2-x", folder);
	snprintf(config_path, sizeof config_path, "%s/config-1.2-x", folder);
	snprintf(initrd_path, sizeof initrd_path, "%s/initrd", folder);
	return 0;
}

static inline int remove_folder(void **state)
{
	(void)state;
	unlink(kernel_path);
	unlink(config_path);
	unlink(initrd_path);
	return rmdir(folder);
}

/* Of each test: nobody knows the next kernel's configuration. */
static inline int begin(void **state)
{
	(void)state;
	unlink(config_path);
	return 0;
}

static inline void write_file(const char *path, struct view bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

/* A job as it is when its initrds are looked at, on a machine with 8 GiB. */
static inline void gather(struct job *job, const struct view *initrds, size_t count)
{
	static const struct table_source nothing = {
		{ table_read, source_look_by_read, table_list }, NULL, 0
	};
	static struct range ram = { 0, GiB(8) };

	*job = (struct job){
		.wanted = { .kernel = kernel_path,
			.initrd_count = count,
			.source = &nothing.source },
		.machine = { .uname_release = "6.12.1",
			.memory_available = GiB(6),
			.ram = { &ram, 1 },
			.cpu = { .sse42 = true } },
		.image = { .version = "" },
		.input_count = count,
	};
	job->notes.arena = &job->arena;
	for (size_t i = 0; i < count; i++) {
		job->inputs[i] = (struct input){ i ? "second" : "first", initrds[i], -1 };
		job->given[i] = initrd_parse(initrds[i]);
	}
}

static inline void end(struct job *job)
{
	initrd_policy_close(job);
	next_config_close(job);
	arena_free(&job->arena);
}

static inline bool has_note(const struct job *job, const char *words)
{
	for (size_t i = 0; i < job->notes.count; i++)
		if (strstr(job->notes.items[i], words))
			return true;
	return false;
}
