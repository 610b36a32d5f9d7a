/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kexec prints: the help, and with --debug the plan. */
#pragma once

#include "jump/job.h"

void show_help(void);

/* On standard error, as kexec-tools does: segments, entry point, system call and why. */
void show_job(const struct job *job);
