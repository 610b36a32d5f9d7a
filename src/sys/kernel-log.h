/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running kernel's log by /dev/kmsg (Documentation/ABI/testing/dev-kmsg): what the kernel itself
 * said, one message per line. What programs wrote into it is left out.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* NULL when it cannot be read, or memory is out. */
char *kernel_log_read(struct arena *arena);

/* The same with the time of each message in front: "MICROSECONDS MESSAGE". */
char *kernel_log_read_times(struct arena *arena);

/* From a descriptor that does not block and gives one record with each read. */
char *kernel_log_read_from(int fd, bool with_times, struct arena *arena);

/* A sentence of ours into it, for who watches the console, or finds what is left of it; it may fail. */
void kernel_log_write(const char *sentence);
