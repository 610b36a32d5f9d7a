/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is kept ready on the disk for the next shutdown: the content of a kernel or of an initrd, in a form that is
 * loaded sooner. A file of it is a header and the payload; the header says of which file it was made, by a digest over
 * all of that one, and has a digest over the whole. Bytes in, value out: this room opens nothing, and does not know
 * where such files lie.
 */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"

/* What the payload is. The numbers are those of the file. */
enum ready_kind {
	READY_KERNEL = 1, /* what a kernel's payload unpacks to, by lz4-legacy */
	READY_INITRD = 2, /* the same archives, those that were packed by lz4-legacy */
};

/* The file that it was made of. */
struct ready_source {
	uint8_t sha256[DIGEST_SIZE];
	uint8_t crc32c[4]; /* for who has to read all of it again in a hurry */
	uint64_t size;
};

/* The digests over a file. */
struct ready_source ready_source_of(struct view file);

/* As one word, that a name of a file may have, and back; ret has READY_SOURCE_TEXT bytes. */
enum { READY_SOURCE_TEXT = 2 * (DIGEST_SIZE + 4) + 1 };
void ready_source_text(const struct ready_source *source, char ret[static READY_SOURCE_TEXT]);
bool ready_source_parse(const char *text, uint64_t size, struct ready_source *ret)
	__attribute__((warn_unused_result));

struct ready_form {
	enum ready_kind kind;
	struct ready_source source;
	uint64_t unpacked; /* bytes that come out of what is packed */
	struct view payload;
};

enum { READY_HEADER = 128 };

/* The header for a payload; so_far is the digest over it, by DIGEST_CRC32C, and is used up. */
void ready_form_header(
	const struct ready_form *form, struct digest *so_far, uint8_t ret[static READY_HEADER]);

/* All of it is verified; FAULT_FILE_CHANGED where it is not as it was written. */
bool ready_form_parse(struct view file, struct ready_form *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Whether it was made of this file. */
bool ready_form_is_of(const struct ready_form *form, const struct ready_source *source);
