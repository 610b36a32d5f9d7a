/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A load in the shutdown that has begun and not ended: who bounds its time may end it at any point, and what
 * is loaded by then is not to be jumped into. A file in /run, of this boot.
 */
#pragma once

#include "base/notes.h"
#include "machine/source.h"

#define UNFINISHED_FILE "/run/saut/loading"

/* Where that cannot be written down it is a note, and the load goes on. */
void unfinished_begin(const struct source *source, struct notes *notes);

void unfinished_end(void);

/* Whether one has begun in this boot and has not ended; what cannot be read may say so, and is taken for it. */
bool unfinished_is(const struct source *source, struct arena *arena);
