/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the log is written down: "[    0.000000] text" as dmesg(1) does, in ASCII. Newlines and tabs are what they are,
 * any other byte that does not show is "\xNN", so that no log steers a terminal.
 */
#pragma once

#include "crash/core.h"

struct log_sink {
	void (*put)(void *context, struct view text);
	void *context;
};

/* What stands before the text of a record. */
void log_put_time(struct log_sink *sink, uint64_t nanoseconds);

void log_put_text(struct log_sink *sink, struct view text);

/* So many bytes of the core's memory as text. */
bool log_put_memory(const struct core *core, struct log_sink *sink, struct core_span text,
	struct error *err) __attribute__((warn_unused_result));
