/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compressing side, for tests: every variant of every format that codecs must take. */
#pragma once

#include "test.h"

#include "base/arena.h"
#include "base/bytes.h"

struct packer {
	const char *label;
	const char *codec;
	struct view (*pack)(struct arena *a, struct view plain);
	bool checked;   /* a checksum covers the content */
	bool continues; /* a second member may follow directly */
};

enum { PACKER_COUNT = 12 };
extern const struct packer packers[PACKER_COUNT];

struct view pack_with(const char *label, struct arena *a, struct view plain);
struct view join(struct arena *a, struct view x, struct view y);

/* Bytes as in a kernel: half of it repeats, half of it does not. */
struct view make_plain(struct arena *a, size_t size);
