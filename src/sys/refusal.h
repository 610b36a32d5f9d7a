/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an errno of the kexec system calls means, as an error. Most of it is plan/meaning.h; what means
 * several things is told apart by the machine's abilities.
 */
#pragma once

#include "machine/machine.h"
#include "plan/plan.h"

/* What was refused. */
struct attempt {
	enum kexec_call call; /* CALL_AUTO: the jump */
	bool crash;           /* it was about the crash kernel */
};

/* Always false; sets errnum. */
bool refusal(
	int errnum, struct attempt attempt, const struct kexec_ability *ability, struct error *err);

/* EPERM: tells which of all that can forbid it does. */
bool refusal_permission(
	struct attempt attempt, const struct kexec_ability *ability, struct error *err);
