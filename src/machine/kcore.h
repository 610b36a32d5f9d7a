/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The headers of /proc/kcore (fs/proc/kcore.c of Linux): the running kernel's addresses of memory. Of its
 * contents, which are all memory, nothing is read.
 */
#pragma once

#include "machine/machine.h"

enum { KCORE_HEAD_MAX = 64 << 10 }; /* so much of the file's beginning is looked at */

/*
 * Fills in linear and image. Nothing of a file that is no such core, that is cut, or whose maker, a kernel
 * before 4.11, tells no physical addresses; false only when memory is out.
 */
bool kcore_parse(struct view head, struct arena *arena, struct dump_facts *ret)
	__attribute__((warn_unused_result));
