/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A member of a cpio archive of the kind newc, by its header: Documentation/driver-api/early-userspace/
 * buffer-format.rst. */
#pragma once

#include "base/bytes.h"

struct initrd_member {
	struct view name; /* without its zero byte */
	uint64_t data, size;
	uint64_t end; /* of the member, with its padding where the file has that */
};

enum initrd_member_kind {
	MEMBER_WHOLE,
	MEMBER_CUT,        /* its header is whole, and says that more belongs to it than there is */
	MEMBER_HEADER_CUT, /* the file ends in what may be a header */
	MEMBER_OLD,        /* of the portable kind before newc */
	MEMBER_NONE,
};

/* *ret is filled for MEMBER_WHOLE and MEMBER_CUT; of a cut one's name there is what there is. */
enum initrd_member_kind initrd_member_read(
	struct view file, uint64_t at, struct initrd_member *ret);
