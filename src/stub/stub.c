/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stubs, as bytes. What they do is written in the folders of their CPUs. */
#include "stub/stub.h"

#include "stub/abi.h"

static const uint8_t x86_64[] = {
#include "stub/stub-x86-64.inc"
};

static const uint8_t arm64[] = {
#include "stub/stub-arm64.inc"
};

static const uint8_t riscv64[] = {
#include "stub/stub-riscv64.inc"
};

static const uint8_t loongarch64[] = {
#include "stub/stub-loongarch64.inc"
};

static const uint8_t i386[] = {
#include "stub/stub-i386.inc"
};

const struct stub stub_x86_64 = { "x86_64", { x86_64, sizeof(x86_64) }, STUB_SCRATCH };
const struct stub stub_arm64 = { "arm64", { arm64, sizeof(arm64) }, STUB_SCRATCH };
const struct stub stub_riscv64 = { "riscv64", { riscv64, sizeof(riscv64) }, STUB_SCRATCH };
const struct stub stub_loongarch64 = { "loongarch64", { loongarch64, sizeof(loongarch64) },
	STUB_SCRATCH };
const struct stub stub_i386 = { "i386", { i386, sizeof(i386) }, STUB_SCRATCH };
