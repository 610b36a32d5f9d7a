/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the i386 stub that x86-64 does not share: it has no paging. */
#include "stub/common/cpu.h"
#include "stub/x86/x86.h"

enum stub_verdict cpu_verify(const struct stub_args *args)
{
	return x86_verify(args);
}
