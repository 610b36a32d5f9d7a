/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an errno of the kexec system calls means: one table. Some mean several things, of which the
 * machine's abilities tell which it is. Meanings as in kexec_load(2) and kernel/kexec*.c of Linux
 * 5.4 to 7.0.
 */
#pragma once

#include "machine/machine.h"
#include "plan/plan.h"

/* Always false; sets errnum. */
bool refusal(int errnum, enum kexec_call call, const struct kexec_ability *ability,
	struct error *err);

/* EPERM: which of all that can forbid it does; what is the name of the call. */
bool refusal_permission(
	const struct kexec_ability *ability, const char *what, struct error *err);
