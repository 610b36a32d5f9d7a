/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the stubs for x86-64 and i386 share beyond stub/common/cpu.h. */
#pragma once

#include "stub/common/verify.h"

/*
 * Puts back what is asked for, and gives the verdict, with SSE on while it is made; the control
 * registers are then as they were.
 */
enum stub_verdict x86_verify(const struct stub_args *args);

/* Called by the entries where an exception came in. */
_Noreturn void x86_fault(
	const struct stub_args *args, uint32_t vector, uintptr_t code, uintptr_t at);
