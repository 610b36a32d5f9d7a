/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stubs, as bytes. What they do is written in the folders of their CPUs. */
#include "stub/stub.h"

#include "stub/abi.h"

/* The names end in _blob, since i386 alone is a macro of the compiler's. */
static const uint8_t x86_64_blob[] = {
#include "stub/stub-x86-64.inc"
};

static const uint8_t arm64_blob[] = {
#include "stub/stub-arm64.inc"
};

static const uint8_t riscv64_blob[] = {
#include "stub/stub-riscv64.inc"
};

static const uint8_t loongarch64_blob[] = {
#include "stub/stub-loongarch64.inc"
};

static const uint8_t i386_blob[] = {
#include "stub/stub-i386.inc"
};

/* Where the build has none there is a single byte. */
#define STUB_OF(blob) { { blob, sizeof blob > STUB_ENTRY_OFFSET ? sizeof blob : 0 } }

const struct stub stub_x86_64 = STUB_OF(x86_64_blob);
const struct stub stub_arm64 = STUB_OF(arm64_blob);
const struct stub stub_riscv64 = STUB_OF(riscv64_blob);
const struct stub stub_loongarch64 = STUB_OF(loongarch64_blob);
const struct stub stub_i386 = STUB_OF(i386_blob);
