/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What both files of the armhf stub know: the vectors, by their places in the table. */
#pragma once

#define ARM_VECTOR_UNDEFINED 1
#define ARM_VECTOR_CALL      2
#define ARM_VECTOR_PREFETCH  3
#define ARM_VECTOR_DATA      4

#ifndef __ASSEMBLER__
#include "stub/abi.h"

/* An exception that came in: where, by entry.S. */
_Noreturn void arm_fault(const struct stub_args *args, uint32_t vector, uint32_t at);
#endif
