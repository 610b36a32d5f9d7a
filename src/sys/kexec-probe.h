/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of kexec's system calls the running kernel has, by calling them so that nothing can come of it. */
#pragma once

#include "base/arena.h"

/* A line "NAME yes" or "NAME no" for each; NULL where it cannot be told, or memory is out. */
char *kexec_probe(struct arena *arena);
