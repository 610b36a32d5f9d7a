/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The acts that need no plan: what is loaded, forget it, jump into it. */
#pragma once

#include "machine/machine.h"
#include "sys/kexec-calls.h"

/* What the running system permits and has loaded. */
bool act_ability(struct kexec_ability *ret, struct error *err) __attribute__((warn_unused_result));

/* The loaded kernel, or the loaded crash kernel. */
bool act_unload(const struct kexec_calls *calls, bool crash, struct error *err)
	__attribute__((warn_unused_result));

/* Bytes of the memory that a crash kernel is loaded into; 0 where none is reserved. */
bool act_crash_memory(uint64_t *ret, struct error *err) __attribute__((warn_unused_result));

/* FAULT_NOTHING_LOADED before anything is stopped, where nothing is loaded. */
bool act_require_loaded(struct error *err) __attribute__((warn_unused_result));

/* Jumps at once; returns only when that failed. */
bool act_jump(const struct kexec_calls *calls, struct error *err)
	__attribute__((warn_unused_result));
