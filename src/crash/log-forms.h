/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of the log, a file each; who wants the log asks crash/core-log.h. */
#pragma once

#include "crash/core.h"
#include "crash/log-text.h"

bool log_plain_read(const struct core *core, struct log_sink *sink, struct error *err)
	__attribute__((warn_unused_result));
bool log_records_read(const struct core *core, struct log_sink *sink, struct error *err)
	__attribute__((warn_unused_result));
bool log_ring_read(const struct core *core, struct log_sink *sink, struct error *err)
	__attribute__((warn_unused_result));
