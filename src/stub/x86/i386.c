/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the i386 stub that x86-64 does not share: it has no paging. */
#include "stub/common/cpu.h"
#include "stub/x86/x86.h"

_Static_assert(offsetof(struct stub_args, stack) == 112, "entry-32.S reads it there");
_Static_assert(offsetof(struct stub_args, entry) == 48, "entry-32.S reads it there");
_Static_assert(offsetof(struct stub_args, registers) == 56, "entry-32.S reads them there");
_Static_assert(offsetof(struct stub_args, mode) == 136, "entry-32.S reads it there");
_Static_assert(STUB_MODE_REAL == 2, "entry-32.S looks for it");
_Static_assert(STUB_ENTRY_OFFSET == 0x400, "entry-32.S lies there");

enum stub_verdict cpu_verify(const struct stub_args *args)
{
	return x86_verify(args);
}
