/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report in the forms that saut report knows. */
#pragma once

#include <stdio.h>

#include "system/report.h"

/* As people read it. */
void report_show(struct report *report, struct arena *arena);

/* The reboots before, a line each. */
void report_show_history(const struct report *report);

/* For node_exporter's textfile collector (https://github.com/prometheus/node_exporter), as it stands. */
void report_show_metrics(const struct report *report);

/* A picture in SVG, in place of what was in the file. */
bool report_svg(const struct report *report, const char *path, struct error *err)
	__attribute__((warn_unused_result));

/* What a moment is called: "all services have stopped". */
const char *report_words(enum moment moment);

/* "12.345 s" */
enum { SECONDS_MAX = 32 };
const char *seconds_of(uint64_t us, char ret[static SECONDS_MAX]);

/* As programs read it, by schema/report.json. */
void report_show_json(const struct report *report);
