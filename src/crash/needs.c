/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures that are not added up of what the caller knows are named here, with where they come from. */
#include "crash/needs.h"

#include "base/arith.h"

enum {
	PAGE = 4096,
	/* struct page is 64 bytes on 64-bit Linux; page tables take 8 for a page that is mapped by itself. */
	KEPT_OF_A_PAGE = 64 + 8,
	STEP_MIB = 32,
};

/* Slabs, drivers, each CPU's own, and the programs that save the dump: seen with Debian's kernels and initrds. */
#define WORK MiB(40)

struct crash_needs crash_needs_sum(const struct crash_load_sizes *sizes, uint64_t reserved)
{
	struct crash_needs needs = {
		.is_known = sizes->kernel && sizes->has_unpacked,
		.kernel = sizes->kernel,
		.initrd = sizes->initrd,
		.unpacked = sizes->initrd_unpacked,
		.headers = sizes->headers,
		.pages = reserved / PAGE * KEPT_OF_A_PAGE,
		.work = WORK,
	};

	if (!needs.is_known || !ck_add(needs.kernel, needs.initrd, &needs.total) ||
		!ck_add(needs.total, needs.unpacked, &needs.total) ||
		!ck_add(needs.total, needs.headers, &needs.total) ||
		!ck_add(needs.total, needs.pages + needs.work, &needs.total))
		needs.is_known = false;
	return needs;
}

/* From so much RAM on. */
struct usual {
	uint64_t ram;
	uint32_t mib;
};

enum { USUAL = 3 };

/* crashkernel=1G-4G:…,4G-64G:…,64G-:… as RHEL 9 and 10 have it on each of them. */
static const struct usual x86[USUAL] = { { GiB(64), 512 }, { GiB(4), 256 }, { GiB(1), 192 } };
static const struct usual arm64[USUAL] = { { GiB(64), 576 }, { GiB(4), 320 }, { GiB(1), 256 } };

uint64_t crash_usual_reserve(enum cpu_arch arch, uint64_t ram, uint64_t page_size)
{
	const struct usual *rows = NULL;

	if (arch == ARCH_X86_64 || arch == ARCH_I386)
		rows = x86;
	else if (arch == ARCH_ARM64 && page_size == PAGE)
		rows = arm64;
	for (size_t i = 0; rows && i < USUAL; i++)
		if (ram >= rows[i].ram)
			return MiB(rows[i].mib);
	return 0;
}

uint64_t crash_recommend(uint64_t usual, const struct crash_needs *needs)
{
	const uint64_t step = MiB(STEP_MIB);
	uint64_t wanted = needs->is_known ? needs->total : 0;

	if (wanted > UINT64_MAX - step)
		return usual;
	wanted = (wanted + step - 1) / step * step;
	return wanted > usual ? wanted : usual;
}
