/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of kexec-lite, which petitboot is built with on machines with a POWER CPU. */
#pragma once

#include "base/bytes.h"
#include "jump/option-row.h"

/* Whether a program that is called by this name takes its arguments as kexec-lite does. */
bool options_are_lite(const char *program);

/* What only kexec-lite calls so; NULL: whatever kexec(8) calls so. */
const struct option_row *options_lite_long(struct view name);
const struct option_row *options_lite_letter(char letter);

/* What is wanted of what is no unload and no question. */
bool options_lite_decide(struct said *said, struct error *err) __attribute__((warn_unused_result));
