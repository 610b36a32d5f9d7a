/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the ppc64el stub know: where vectors lie (Power ISA 3.0B, book III, figure 51), and the code behind them. */
#pragma once

#define VECTORS      0x100
#define VECTORS_END  0x1000      /* of those that the architecture has */
#define VECTOR_APART 0x20        /* at the least */
#define VECTOR_BIG   VECTORS_END /* what comes in in big-endian order goes on here, */
#define VECTOR_OWN   0x1020      /* in the stub's order here, */
#define VECTOR_GO    0x1028      /* and both here */
#define VECTOR_WAY   0x1038      /* the address of cpu_faulted */
#define VECTOR_COUNT 0x1040      /* of exceptions so far */
#define VECTORS_SIZE (0x1060 - VECTORS)

#ifndef __ASSEMBLER__
#include "stub/abi.h"

/* The vectors of the stub, in place of the VECTORS_SIZE bytes that were there before. */
void vectors_set(uint32_t *before);
void vectors_put_back(const uint32_t *before);

/* An exception that came in, as entry.S finds it. */
struct powerpc_exception {
	uint64_t vector;
	uint64_t at;     /* SRR0 */
	uint64_t status; /* SRR1 */
	uint64_t count;
};

_Noreturn void powerpc_fault(
	const struct stub_args *args, const struct powerpc_exception *exception);
#endif
