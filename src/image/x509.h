/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A certificate (RFC 5280), as far as it tells whose it is, who issued it and by which keys. Nothing is
 * verified. All views are parts of the bytes that it was read from.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

struct x509 {
	struct view bytes;       /* all of it */
	struct view signed_part; /* what its issuer signed (TBSCertificate), with tag and length */
	struct view subject, issuer; /* names, as they stand there */
	struct view serial;          /* its number */
	struct view key_id;          /* of its key; empty: it tells none */
	struct view issuer_key_id;   /* of the key that signed it; empty: it tells none */
};

/* What begins the bytes; false where that is no certificate. */
bool x509_read(struct view bytes, struct x509 *ret);

/* Whose name it is: common name, else organisation; "" for neither. NULL when memory is out. */
const char *x509_name_text(struct view name, struct arena *arena);
