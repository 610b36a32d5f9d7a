/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that is too big for memory, of which pieces are read where they are wanted: the memory of a whole machine.
 * The core is handed one; who opens it is sys/big-file.h, or a unit test with bytes of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

struct big_file {
	/* Fills all of `to` with the bytes from offset on, or fails. */
	bool (*read)(
		const struct big_file *file, uint64_t offset, struct block *to, struct error *err);
	uint64_t size; /* bytes, as it was when it was opened */
};
