/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Acts: hands a finished plan to the running kernel, unloads, jumps. The kernel replaces what was
 * loaded before only when a load succeeds, so that a failure here loses nothing, with one
 * exception: a crash kernel is freed first, since the new one comes into the same memory; so is a kernel
 * in Xen where that has no room for two. While
 * another program is loading or unloading (EBUSY), each of these waits for a while.
 */
#pragma once

#include "plan/plan.h"
#include "sys/kexec-calls.h"

/* The addresses that this program can name to kexec_load: of a 32-bit one, those below 4 GiB. */
struct range kexec_reach(void);

/*
 * FAULT_NO_KEXEC where the running kernel is known to have neither of the system calls, FAULT_XEN_PV
 * where it would crash, FAULT_XEN_SILENT where Xen does it and cannot be asked.
 */
bool kexec_require(const struct kexec_ability *ability, struct error *err)
	__attribute__((warn_unused_result));

/* The plan by the system call that it names; see refusal.h for the errors. */
bool kexec_load_plan(const struct kexec_calls *calls, const struct plan *plan,
	const struct kexec_ability *ability, struct error *err) __attribute__((warn_unused_result));

/*
 * Forgets the loaded kernel, or the loaded crash kernel; asks by kexec_file_load first, which lockdown
 * permits.
 */
bool kexec_unload(const struct kexec_calls *calls, bool crash, const struct kexec_ability *ability,
	struct error *err) __attribute__((warn_unused_result));

/* Does not return when it succeeds. */
bool kexec_jump(const struct kexec_calls *calls, const struct kexec_ability *ability,
	struct error *err) __attribute__((warn_unused_result));
