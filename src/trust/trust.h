/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whom a kernel's signature is by, and what this machine knows of them: the keyrings of the running kernel, and
 * what firmware and shim list, which the kernel has taken into them or not. Whether the signature is sound is
 * for the kernel to say. Pure but for the source.
 */
#pragma once

#include "base/digest.h"
#include "image/pe-signature.h"
#include "machine/source.h"

/* Somebody of the signature's chain, or what has the image's hash, and who has it. */
struct trust_found {
	const char *in; /* ".platform", "db"; NULL: nobody has it */
	const char *of; /* "the certificate of \"NAME\"", "the image's SHA-256" */
};

struct trust {
	bool is_pe; /* what may carry a signature */
	bool is_signed;
	const char
		*damaged; /* why its signature cannot be read; NULL: it can be, or there is none */
	struct pe_signature signature; /* where it is signed, and not damaged */
	bool has_hash;
	uint8_t hash[DIGEST_SIZE]; /* of a PE file, by which it is listed */

	bool keyrings_are_known;
	struct trust_found ring; /* of those that kexec_file_load asks */
	bool is_certain;         /* all of whom it looks for are known, so that nobody is nobody */
	struct trust_found list; /* of the firmware and of shim, those that trust */
	struct trust_found revoked; /* by .blacklist, dbx, MokListXRT */
	const char *unknown;        /* a list that could not be read, and why; NULL: none */
};

/* Of a file's bytes. All lives in the arena and borrows from the bytes; false when memory is out. */
bool trust_find(struct view bytes, const struct source *source, struct arena *arena,
	struct trust *ret, struct error *err) __attribute__((warn_unused_result));
