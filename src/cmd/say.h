/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one place where text leaves the commands. Names of files, titles and lines of files may come from
 * anybody: of each %s and %c only what shows as itself gets through, any other byte becomes "\xNN", so
 * that nothing steers a terminal and every value stays on its line. What stands in the format itself
 * is ours and goes out as it is. Both are said in the user's language, where there is a translation
 * (cmd/translate.h); a format's keeps the order of its conversions.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>

#include "base/bytes.h"

/* As printf; of its conversions those that say.c knows. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same on standard error. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* In the system's log, with a priority of syslog(3); always in English, for programs read it. */
void say_to_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text that is harmless already, as a sink of crash/log-text.h gets it; in no language. */
void say_plain(struct view text);

void say_to(FILE *out, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
