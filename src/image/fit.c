/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The structure block of a flattened device tree (Devicetree Specification 0.4, section 5.4), as far as the names of the
 * root's nodes; a FIT's is as large as what is in it, so that it is walked where it is.
 */
#include "image/fit.h"

enum {
	STRUCTURE = 8, /* its offset, in the header */
	CELL = 4,

	BEGIN_NODE = 1,
	END_NODE,
	PROPERTY,
	NOTHING,
};

/* The node's name up to its zero, and what fills it up behind that. */
static bool read_name(struct reader *r, struct view wanted)
{
	struct view name = view_to_zero(view_from(r->v, r->at));

	reader_skip(r, name.n + CELL - name.n % CELL);
	return view_equal(name, wanted);
}

static void pass_property(struct reader *r)
{
	uint64_t size = reader_be32(r);

	reader_skip(r, CELL + size + -size % CELL);
}

bool fit_probe(struct view bytes)
{
	const struct view images = view_of_string("images");
	struct reader at = reader_at(bytes, STRUCTURE), r;
	unsigned depth = 0;

	if (!view_has_at(bytes, 0, "\xd0\x0d\xfe\xed"))
		return false;
	r = reader_at(bytes, reader_be32(&at));
	while (!r.overrun) {
		switch (reader_be32(&r)) {
		case BEGIN_NODE:
			if (read_name(&r, images) && depth == 1)
				return !r.overrun;
			depth++;
			break;
		case END_NODE:
			if (depth-- <= 1)
				return false;
			break;
		case PROPERTY:
			pass_property(&r);
			break;
		case NOTHING:
			break;
		default:
			return false;
		}
	}
	return false;
}
