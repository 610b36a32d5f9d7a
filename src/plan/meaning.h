/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an errno of the system calls that load means, and what may be tried then: one table. Meanings as
 * in kexec_load(2) and kernel/kexec*.c of Linux 5.4 to 7.0.
 */
#pragma once

#include "plan/plan.h"

/* Of what the running kernel is known to be. */
enum meaning_where {
	ANYWHERE,
	WHERE_CPUS_MAY_STICK,
	WHERE_TDX_FORBIDS,
	WHERE_MEMORY_IS_KEPT,
};

struct meaning {
	int errnum;
	enum kexec_call call; /* CALL_AUTO: of both */
	enum fault fault;
	const char *text;  /* NULL: it means several things */
	bool other_may_do; /* the other system call may do what this one refuses */
	bool inner_may_do; /* what lies in the image may be taken where the image is not */
	enum meaning_where where;
};

/* What of those abilities an errno of a load tells of: a crash kernel lies in memory of its own, and finds the other CPUs as they are. */
struct kexec_ability meaning_ability(const struct kexec_ability *ability, bool crash);

/* NULL: nothing is known of this one. */
const struct meaning *meaning_of(
	int errnum, enum kexec_call call, const struct kexec_ability *ability);
