/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry/extlinux/adv.h"

enum {
	COPY_SIZE = 512,
	COPIES = 2,
	HEAD = 8, /* the signature and the checksum before the items */
	TAIL = 4,
	END = 0, /* the tag behind the last one */
};

#define HEAD_SIGNATURE 0x5a2d2fa5U
#define SUM            0xa3041767U /* of all words but the signatures */
#define TAIL_SIGNATURE 0xdd28bf64U

static bool is_valid(struct view copy)
{
	struct reader r = reader_at(copy, 0);
	uint32_t head = reader_le32(&r), sum = 0;

	for (size_t i = 4; i < COPY_SIZE - TAIL; i += 4)
		sum += reader_le32(&r);
	return head == HEAD_SIGNATURE && sum == SUM && reader_le32(&r) == TAIL_SIGNATURE &&
		!r.overrun;
}

static bool find_in(struct view copy, enum adv_tag tag, struct view *ret)
{
	struct view rest;

	if (!view_sub(copy, HEAD, COPY_SIZE - HEAD - TAIL, &rest))
		return false;
	while (rest.n >= 2 && rest.p[0] != END) {
		struct view item;

		if (!view_sub(rest, 2, rest.p[1], &item))
			return false;
		if (rest.p[0] == tag) {
			*ret = item;
			return item.n != 0;
		}
		rest = view_from(rest, 2 + item.n);
	}
	return false;
}

bool adv_find(struct view file, enum adv_tag tag, struct view *ret)
{
	if (file.n < COPIES * COPY_SIZE)
		return false;
	for (size_t i = COPIES; i > 0; i--) {
		struct view copy = view_first(view_from(file, file.n - i * COPY_SIZE), COPY_SIZE);

		if (is_valid(copy))
			return find_in(copy, tag, ret);
	}
	return false;
}
