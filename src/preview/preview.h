/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preview: what a load would do, as a value for whoever shows it. It is made of a job that has its plan, by which
 * that would be loaded, and decides nothing. Sentences speak of fields as the core's do (base/fields.h).
 */
#pragma once

#include "jump/job.h"

/* A word that the command line has lost or got on its way, and by what. */
struct preview_change {
	const char *word;
	bool is_added;
	const char *why;
};

struct preview_initrd {
	const char *name;
	uint64_t given, loaded; /* bytes */
	enum initrd_form form;
	const char *reason;
	uint64_t ns[INITRD_FORMS]; /* by which it was chosen; 0: impossible, or not asked */
};

/* What becomes of a piece of the physical address space. */
enum preview_use {
	PREVIEW_LOADED,   /* bytes are put there */
	PREVIEW_ROOM,     /* nothing is, for what lies beside it needs it */
	PREVIEW_FREE,     /* something could be placed there */
	PREVIEW_KEPT,     /* memory that is somebody's */
	PREVIEW_FIRMWARE, /* by the firmware's map it is no plain memory */
	PREVIEW_USES,
};

/* "loaded", "room", "free", "kept", "firmware": for programs. */
const char *preview_use_name(enum preview_use use);

struct preview_area {
	struct range mem;
	enum preview_use use;
	const char *name; /* whose it is; "" for what is free */
	const char *why;
};

/* A piece of work in the blackout. */
struct preview_cost {
	const char *name;
	const char *of;     /* what is worked on, or with */
	uint64_t bytes;     /* 0: of several kinds */
	uint64_t ns;        /* by the model */
	const char *source; /* of its figures; NULL: those of several */
};

enum { PREVIEW_COSTS_MAX = 4 };

/* What a load takes of the memory, in bytes. */
struct preview_memory {
	uint64_t made;      /* for what is made of the files, until it is loaded */
	uint64_t copies;    /* at most, where files cannot be kept from changing */
	uint64_t held;      /* by the running kernel, until the jump */
	uint64_t available; /* before; 0: not known */
};

struct preview {
	const struct job *job;
	const struct preview_change *changes;
	size_t change_count;
	const struct preview_initrd *initrds;
	size_t initrd_count;
	const struct preview_area
		*areas; /* by address, disjoint; none where nothing is known of them */
	size_t area_count;
	struct preview_cost costs[PREVIEW_COSTS_MAX];
	size_t cost_count;
	uint64_t blackout_ns; /* their sum */
	struct preview_memory memory;
};

/* What the model of the blackout leaves out, up to NULL. */
extern const char *const preview_unmodelled[];

/* Of a job that job_prepare has made, and which must outlive it. False when memory is out. */
bool preview_make(const struct job *job, struct arena *arena, struct preview *ret)
	__attribute__((warn_unused_result));
