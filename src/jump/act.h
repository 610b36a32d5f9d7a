/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The acts on the running system: load a job, forget what is loaded, jump into it. */
#pragma once

#include "jump/job.h"
#include "machine/machine.h"
#include "sys/kexec-calls.h"

/* What the running system permits and has loaded. */
bool act_ability(struct kexec_ability *ret, struct error *err) __attribute__((warn_unused_result));

/*
 * job_load, for who has a turn (sys/turn.h) and knows what was loaded when it began: before. Where a failure has cost what was loaded before, the error
 * says so: of a crash kernel the running kernel keeps none while it loads another.
 */
bool act_load_in_turn(struct job *job, const struct kexec_calls *calls,
	const struct kexec_ability *before, struct error *err) __attribute__((warn_unused_result));

/* Says in the error of a failed load what it has cost, by what was loaded before and after; always false. */
bool act_tell_loss(const struct kexec_ability *before, const struct kexec_ability *after,
	bool crash, struct error *err);

/* Forgets the loaded kernel, or the loaded crash kernel, for who has a turn and has looked in it. */
bool act_unload_in_turn(const struct kexec_calls *calls, const struct kexec_ability *ability,
	bool crash, struct error *err) __attribute__((warn_unused_result));

/* Bytes of the memory that a crash kernel is loaded into; 0 where none is reserved. */
bool act_crash_memory(uint64_t *ret, struct error *err) __attribute__((warn_unused_result));

/* All that can be told of a jump before anything is stopped for it. */
bool act_may_jump(struct error *err) __attribute__((warn_unused_result));

/* What is done before a jump. */
struct act_leave {
	bool sync;         /* file systems are written back */
	bool network_down; /* interfaces are taken down */
	const char
		*unbind; /* then devices are taken from these drivers (sys/drivers.h); NULL: none */
	void (*tell)(const char *what); /* is told of each of them; NULL: nobody is */
};

/*
 * Jumps at once. What can refuse is asked before any of it; returns only when there was no jump after
 * all, and then network and drivers are as they were, or the error says what is not.
 */
bool act_jump(const struct kexec_calls *calls, struct act_leave leave, struct error *err)
	__attribute__((warn_unused_result));
