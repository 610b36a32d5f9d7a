/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the stubs for x86-64 and i386 share beyond stub/common/cpu.h. */
#pragma once

#include "stub/common/verify.h"

/*
 * Puts back what is asked for, and gives the verdict, with SSE on while it is made; the control
 * registers are then as they were.
 */
enum stub_verdict x86_verify(const struct stub_args *args);
