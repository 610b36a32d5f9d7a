/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is promised of a jump on trial, said when its kernel is loaded. */
#pragma once

#include "system/come-back.h"

/* back is what a reset leads to, "" where that is not known. Nothing where the jump is no trial. */
void promise_show(const struct system *system, const struct come_back *trial, const struct job *job,
	const char *back);
