/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that an entry names by what is in them; knows none of the formats that entries come from. */
#include <string.h>

#include "base/arith.h"
#include "base/digest.h"
#include "entry/entry.h"

/* More than any initrd has. */
#define FILE_MAX MiB(1024)

static void digest(struct view bytes, uint8_t ret[static SHA256_SIZE])
{
	struct sha256 s;

	sha256_begin(&s, digest_engines_of_cpu().sha256);
	sha256_update(&s, bytes.p, bytes.n);
	sha256_end(&s, ret);
}

static bool verify(const struct source *source, const char *what, const char *path,
	const uint8_t *wanted, struct error *err)
{
	struct arena arena = { 0 };
	uint8_t found[SHA256_SIZE];
	struct view bytes;
	enum presence presence =
		source->look(source, path + strspn(path, "/"), FILE_MAX, &arena, &bytes, err);
	bool same;

	if (presence == IS_THERE)
		digest(bytes, found);
	same = presence == IS_THERE && bytes.n < FILE_MAX &&
		memcmp(found, wanted, sizeof found) == 0;
	arena_free(&arena);
	if (same)
		return true;
	if (presence == IS_UNREADABLE)
		return error_prefix(err, "its %s: ", what);
	return fail(err, FAULT_ENTRY_REFUSED,
		"its %s %s is not the one that its image was made for: SHA-256 differs", what,
		path);
}

bool entry_verify(const struct source *source, const struct entry *entry, struct error *err)
{
	if (entry->kernel_sha256 &&
		!verify(source, "kernel", entry->kernel, entry->kernel_sha256, err))
		return error_prefix(err, "entry \"%.100s\": ", entry->title);
	if (entry->initrd_sha256 && entry->initrd_count &&
		!verify(source, "initrd", entry->initrds[0], entry->initrd_sha256, err))
		return error_prefix(err, "entry \"%.100s\": ", entry->title);
	return true;
}
