/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log of the kernel whose memory a core is, in each of the forms that printk has kept it in: text (before Linux
 * 3.5), records (3.5 to 5.9), the lockless ring buffer (5.10 on).
 */
#pragma once

#include "crash/core.h"
#include "crash/log-text.h"

/*
 * Puts out a line for each record, in their order. What cannot be read ends it, or is left out: then it is false, with
 * all that could be read put out before.
 */
bool core_log_read(const struct core *core, struct log_sink *sink, struct error *err)
	__attribute__((warn_unused_result));
