/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DER (ITU-T X.690), as far as certificates need it: one element after the other, tags of one byte,
 * definite lengths. Nothing is decoded, and no length is believed.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,             /* [0], a string of bytes */
	DER_CONTEXT_CONSTRUCTED = 0xa0, /* [0], with elements in it */
};

struct der {
	uint8_t tag;
	struct view content, whole; /* whole: with tag and length */
};

/* Cuts the first element off *v; false, and *v as it was, where there is none. */
bool der_next(struct view *v, struct der *ret);

/* The same where it has this tag. */
bool der_take(struct view *v, unsigned tag, struct der *ret);

/* The same where it has this tag and may be missing; for elements that are passed over. */
void der_skip(struct view *v, unsigned tag);
