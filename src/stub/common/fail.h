/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every stub does when it must not enter the next kernel: it says why, waits, and resets the
 * machine.
 */
#pragma once

#include "stub/common/verify.h"

_Noreturn void stub_fail(const struct stub_args *args, enum stub_verdict verdict);

/* An exception that came in, in the numbers that the CPU has for it. */
struct stub_fault {
	uint64_t
		exception; /* x86's, armhf's and ppc64el's vector, arm64's EC, riscv64's scause, loong64's Ecode */
	uint64_t code;    /* what the CPU adds to it; 0 where it adds nothing */
	uint64_t at;      /* of the instruction */
	uint64_t address; /* what the instruction was after */
	bool has_address;
};

_Noreturn void stub_fault(const struct stub_args *args, const struct stub_fault *fault);
