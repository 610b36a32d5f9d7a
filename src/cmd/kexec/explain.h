/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What --explain prints: the decisions of a job, with the numbers that they rest on. */
#pragma once

#include "jump/job.h"

/* On standard output. */
void explain_job(const struct job *job);
