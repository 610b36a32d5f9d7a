/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays out an ELF kernel where it was linked. Linux is told all that a bzImage is told, others get
 * ELF notes or nothing. 64-bit ones are entered in 64-bit mode, the others in 32-bit mode.
 */
#pragma once

#include "plan/plan.h"

bool elf_lay_out(struct planner *planner, struct error *err) __attribute__((warn_unused_result));

/* Whether it is told what Linux is told. */
bool elf_is_told_as_linux(const struct request *request);
