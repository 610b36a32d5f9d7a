/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of checks share: a subject on a captured machine, or on one made of a few files. */
#pragma once

#include "machine/table-source.h"
#include "test.h"

#include "check/check.h"
#include "check/rows.h"
#include "machine/machine-folders.h"
#include "sys/snapshot.h"

struct checked {
	struct arena arena;
	struct snapshot snapshot;
	struct kexec_ability ability;
	struct machine machine;
	struct image image;
	struct request request;
	struct plan plan;
	struct error error;
	struct check_subject subject; /* a test fills in what else its check looks at */
};

/* The machine that a source describes, and nothing known of the next kernel. */
static inline void checked_from(struct checked *c, const struct source *source)
{
	assert_true(machine_capture(source, &c->arena, &c->machine, &c->error));
	c->ability = c->machine.kexec;
	c->subject = (struct check_subject){
		.source = source,
		.arena = &c->arena,
		.ability = &c->ability,
		.machine = &c->machine,
		.release = "",
	};
}

/* One of tests/machines, by its name. */
static inline void checked_captured(struct checked *c, const char *machine)
{
	const char *path;

	*c = (struct checked){ 0 };
	path = arena_printf(&c->arena, "%s/%s.machine", MACHINE_FOLDERS, machine);
	assert_true(snapshot_open(path, &c->snapshot, &c->error));
	checked_from(c, &c->snapshot.source);
}

/* One that is made of a TABLE_SOURCE, which must outlive it. */
static inline void checked_made(struct checked *c, const struct table_source *files)
{
	*c = (struct checked){ 0 };
	c->snapshot.root_fd = -1;
	checked_from(c, &files->source);
}

static inline void checked_free(struct checked *c)
{
	if (c->subject.source == &c->snapshot.source)
		snapshot_close(&c->snapshot);
	arena_free(&c->arena);
}

/* What the check finds has this result, and this in its reason. */
#define assert_finding(finding, wanted, text)                                    \
	do {                                                                     \
		const struct check_finding found_ = (finding);                   \
		if (found_.result != (wanted) || !strstr(found_.reason, text))   \
			fail_msg("%s: \"%s\", not %s with \"%s\"",               \
				check_result_name(found_.result), found_.reason, \
				check_result_name(wanted), text);                \
	} while (0)

/* The same for a machine made of a TABLE_SOURCE, and for a captured one, with nothing else known. */
#define assert_made(check, files, wanted, text)                        \
	do {                                                           \
		struct checked made_;                                  \
		checked_made(&made_, files);                           \
		assert_finding((check)(&made_.subject), wanted, text); \
		checked_free(&made_);                                  \
	} while (0)

#define assert_captured(check, machine, wanted, text)                      \
	do {                                                               \
		struct checked captured_;                                  \
		checked_captured(&captured_, machine);                     \
		assert_finding((check)(&captured_.subject), wanted, text); \
		checked_free(&captured_);                                  \
	} while (0)

/* A row of the files that a machine is made of: its kernel. */
#define CHECKED_UNAME { "saut/uname", "6.12.1 x86_64\n", 0, false }
