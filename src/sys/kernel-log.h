/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running kernel's log by /dev/kmsg (Documentation/ABI/testing/dev-kmsg): what the kernel itself
 * said, one message per line. What programs wrote into it is left out.
 */
#pragma once

#include "base/arena.h"

/* NULL when it cannot be read, or memory is out. */
char *kernel_log_read(struct arena *arena);

/* From a descriptor that does not block and gives one record with each read. */
char *kernel_log_read_from(int fd, struct arena *arena);

/* A sentence of ours into it, for who watches the console, or finds what is left of it; it may fail. */
void kernel_log_write(const char *sentence);
