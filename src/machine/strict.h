/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source that passes all on to another one and keeps what could not be read: for facts that are
 * taken as missing where their file is not there, of which nobody could say so where it only cannot be
 * read.
 */
#pragma once

#include "machine/source.h"

struct strict {
	struct source source; /* valid at the address where it is */
	const struct source *from;
	struct error first; /* that was unreadable; FAULT_NONE: nothing was */
};

/* from must outlive it. */
struct strict strict_make(const struct source *from);

/* FAULT_MACHINE_UNREADABLE with the file's name, where one could not be read. */
bool strict_check(const struct strict *strict, struct error *err)
	__attribute__((warn_unused_result));
