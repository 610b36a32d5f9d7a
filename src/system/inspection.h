/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in a file, and what this machine makes of it: the facts of src/inspect, and for a kernel the plan of a
 * load, which is not made.
 */
#pragma once

#include "inspect/inspect.h"
#include "jump/reading.h"
#include "system/system.h"

/* A signature that the running kernel may look at, as text. */
struct inspection_signature {
	const char *of;                       /* "the file", "the kernel in it" */
	struct trust trust;                   /* a PE file's: else there is no such signature */
	const char *serial, *key_id, *sha256; /* hexadecimal; "" where there is none */
};

enum { INSPECTION_SIGNATURES_MAX = 2 };

struct inspection_kernel {
	const char *format, *arch;
	const char *version; /* "" where the file does not tell */
	const char *release; /* its first word, as uname -r tells it; "" where there is none */
	const char
		*layers[INSPECT_LAYERS_MAX + 1]; /* around it, outermost first; NULL at the end */
	uint64_t file_size, unpacked_size;       /* unpacked 0: it could not be unpacked here */
	struct inspect_boot boot;
	enum answer kaslr;
	struct inspection_signature signatures[INSPECTION_SIGNATURES_MAX];
	size_t signature_count;
	bool is_unified;
	struct inspect_unified unified;

	/* Here. */
	enum kexec_call call; /* that would take it; CALL_AUTO: none, see refused */
	const char *call_reason;
	const char *refused, *advice; /* NULL: it would be taken; advice may be NULL all the same */
	const char *file_load_obstacle; /* why kexec_file_load does not take it; NULL: it may */
};

/* At one address: inspection_free is due even after a failure. */
struct inspection {
	enum inspect_kind kind;
	struct arena arena;
	struct file file;
	struct input input; /* the file */
	struct job_watch watch;
	struct reading reading; /* for who unpacks any of it */
	struct job job;
	struct inspection_kernel kernel; /* of a kernel */
	bool has_uimage;                 /* kernel or initrd lie in one */
	struct inspect_uimage uimage;
	bool has_initrd; /* it is one, or has one in it */
	struct inspect_initrd initrd;
	struct inspect_tree tree; /* of a device tree */
};

/* watch: who wants to know how far it is. */
bool inspection_make(const struct system *system, const char *path, struct job_watch watch,
	struct inspection *ret, struct error *err) __attribute__((warn_unused_result));

void inspection_free(struct inspection *inspection);
