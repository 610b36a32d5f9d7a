/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of a hint's steps can be taken on this machine, for this request: pure. */
#pragma once

#include "plan/plan.h"

/* What was asked for and failed. */
struct ways_grounds {
	const struct arch_ops *arch;      /* NULL: not known */
	const struct machine *machine;    /* zeros: not known */
	const struct request *request;    /* image may be NULL */
	bool tried_load, tried_file_load; /* the running kernel has refused it */
};

/* Closes in the error what is of no use then. */
void ways_close(const struct ways_grounds *grounds, struct error *err);
