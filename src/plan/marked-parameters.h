/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parameters that we put onto a next kernel's command line, which are not the user's and must not be
 * inherited by the kernel after it: "saut.words=2 FIRST SECOND". The mark says how many words behind it
 * are ours. To the kernel it is a parameter of a module that is not there, which it passes over, and
 * hands to nobody (Documentation/admin-guide/kernel-parameters.rst: a name with a dot in it).
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/notes.h"

#define PARAMETERS_MARK "saut.words"

enum { PARAMETERS_MARKED_MAX = 64 };

/*
 * The line with these parameters and their mark: at its end, or in front of a "--", behind which words are
 * no longer the kernel's, or of a quote that is not closed. The same line for none. NULL when memory is out.
 */
const char *marked_parameters_add(
	const char *line, const char *const *parameters, size_t count, struct arena *arena);

/*
 * The line without marks and what they mark, each of which is noted. A word of the same name elsewhere is
 * the user's, and stays; so do all words behind a mark that cannot be understood. NULL when memory is
 * out.
 */
const char *marked_parameters_strip(const char *line, struct arena *arena, struct notes *notes);
