/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of the live system only system calls or programs tell, or what a reader would wait for at its end (the log), as
 * files below saut/. Nobody has such a file but what reads the live system, or who has kept one.
 */
#pragma once

#include "base/arena.h"

/* Its text; NULL where that cannot be told, or memory is out. */
typedef char *made_file(struct arena *arena);

/* NULL: there is no such file. */
made_file *made_file_find(const char *path);
