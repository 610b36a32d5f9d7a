/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Check: what would go wrong at a jump, before it does. One small file a check; rows.inc lists them. A
 * check is a function of its subject: it opens nothing, prints nothing and changes nothing, so that a
 * captured machine tells what it will say on a live one.
 */
#pragma once

#include "plan/plan.h"

enum check_result {
	CHECK_PASS,    /* looked at, and nothing is wrong; or it does not concern this machine */
	CHECK_NOTE,    /* worth knowing, and the jump is none the worse for it */
	CHECK_UNKNOWN, /* could not be told; the reason says what could not be read */
	CHECK_WARN,    /* the jump may fail, or what follows may be less than it was */
	CHECK_FAIL,    /* the jump is known to fail, or must not be made */
};

/* "pass", "note", "unknown", "warn", "fail". */
const char *check_result_name(enum check_result result);

/* What is looked at. A pointer that is NULL is what could not be found out. */
struct sink_watch;

/* Answers that only unpacking all initrds of the subject tells, and that hold as long as these are the same. */
struct check_memory {
	const char *(*recall)(void *context, const char *question); /* NULL: not known */
	void (*keep)(void *context, const char *question, const char *answer);
	void *context;
};

struct check_subject {
	const struct source *source; /* the files of the running system; it remembers */
	struct arena *arena;         /* what checks say lives in it */

	const struct kexec_ability *ability;
	const struct machine *machine; /* NULL where it was refused, see refused */

	/* Of the kernel that is to be loaded. */
	const struct image *image;
	const char *release;      /* of it, "6.1.0-44-amd64"; "" where it is not known */
	const char *command_line; /* as the next kernel gets it */
	const struct input
		*initrds; /* as they were given, not in the form in which they are loaded */
	size_t initrd_count;
	const struct sink_watch *watch;    /* while they are unpacked; NULL: nobody */
	const struct check_memory *memory; /* of them; NULL: none */
	bool has_initrds;                  /* they are known: these are all */
	bool is_loaded; /* it is already: what is asked before a load is not asked */
	const struct request *request;

	const struct plan *plan;     /* NULL: there is none */
	const struct error *refused; /* why; NULL: there is one, or none was to be made */
};

/* What one check says. All is for people; nothing in it is kept beyond the subject's arena. */
struct check_finding {
	enum check_result result;
	const char *reason; /* with numbers; begins in lower case and has no full stop */
	const char *advice; /* what to do on this machine; NULL: nothing */
	const char *source; /* how this is known: a URL or a document; NULL: it was looked at */
};

typedef struct check_finding check_function(const struct check_subject *subject);

struct check {
	const char *name;  /* "command-line", for scripts */
	const char *title; /* what it is about, for people: "length of the command line" */
	check_function *run;
};

/* All of them, in the order in which they are told. */
extern const struct check checks[];
extern const size_t check_count;

/* What all of them say, check_count findings; NULL when memory is out. */
const struct check_finding *check_all(const struct check_subject *subject);

/* For checks: the steps that an error's hint leaves on this machine, in the arena; NULL: none. */
const char *check_hint(const struct check_subject *subject, const struct error *err);

/* The worst of what check_all says. */
enum check_result check_worst(const struct check_finding *findings);

/* For checks: a finding with this reason, without advice and source. */
struct check_finding check_finds(const struct check_subject *subject, enum check_result result,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
