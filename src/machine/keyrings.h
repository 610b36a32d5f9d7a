/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys that the running kernel verifies an image's signature with: /proc/keys (proc_keys(5)) describes
 * them, and saut/keyrings says in which keyring they are.
 */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

struct keyrings {
	struct view keys;  /* /proc/keys */
	struct view rings; /* saut/keyrings; empty: not known */
};

/* False where either cannot be read, or nothing is shown to this process. */
bool keyrings_read(const struct source *source, struct arena *arena, struct keyrings *ret);

/*
 * The keyring that has a key with this identifier (or, for a certificate without one, this serial number)
 * for signatures of kernels; NULL: none.
 */
const char *keyrings_find(const struct keyrings *keyrings, struct view id, struct arena *arena);

/* Whether it has such a key among what is revoked (the keyring .blacklist), which counts before all others. */
bool keyrings_revoke_key(const struct keyrings *keyrings, struct view id, struct arena *arena);

/* The same for a hash: "bin" of a whole image, "tbs" of a certificate. */
bool keyrings_revoke_hash(
	const struct keyrings *keyrings, const char *kind, struct view hash, struct arena *arena);
