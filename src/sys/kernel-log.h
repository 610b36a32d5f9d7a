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

/* As syslog(3) numbers them. */
enum kernel_log_level { KERNEL_LOG_ERROR = 3, KERNEL_LOG_NOTICE = 5 };

/* A sentence of ours into it, for who watches the console, or finds what is left of it; it may fail. */
void kernel_log_write(enum kernel_log_level level, const char *sentence);

/* Into what takes a record with each write. */
void kernel_log_write_to(int fd, enum kernel_log_level level, const char *sentence);
