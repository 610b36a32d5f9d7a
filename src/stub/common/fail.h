/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every stub does when it must not enter the next kernel: it says why, waits, and resets the
 * machine.
 */
#pragma once

#include "stub/common/verify.h"

_Noreturn void stub_fail(const struct stub_args *args, enum stub_verdict verdict);
