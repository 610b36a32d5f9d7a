/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel does at a panic (Documentation/admin-guide/sysctl/kernel.rst, "panic"): a trial has it reset the
 * machine, by a parameter of ours, until its boot is confirmed.
 */
#pragma once

#include "machine/source.h"
#include "service/trial.h"

/* What is set now, as text; "" where it cannot be read. */
const char *trial_panic_read(const struct source *source, struct arena *arena);

/*
 * What is to be set once the boot is confirmed: what was before the jump. NULL where that is not known, or where it is
 * not ours that is set now.
 */
const char *trial_panic_due(
	const struct source *source, const struct trial *trial, struct arena *arena);

/* Sets that, if it is due. */
bool trial_panic_restore(const struct trial *trial, struct error *err)
	__attribute__((warn_unused_result));
