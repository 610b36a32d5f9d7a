/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/fresh.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/random.h>
#if defined(__arm__)
#include <asm/hwcap.h>
#endif

bool fresh_entropy(uint8_t *bytes, size_t count, struct error *err)
{
	size_t got = 0;

	while (got < count) {
		ssize_t n = getrandom(bytes + got, count - got, 0);

		if (n < 0 && errno != EINTR)
			return fail_errno(err, FAULT_KERNEL_OTHER, errno, "getrandom");
		got += n > 0 ? (size_t)n : 0;
	}
	return true;
}

#if defined(__x86_64__) || defined(__i386__)
uint64_t fresh_counter(void)
{
	return __builtin_ia32_rdtsc();
}
#elif defined(__aarch64__)
uint64_t fresh_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}
#elif defined(__arm__)
/* Only CPUs with the architected timer have it, of which the kernel makes a stream of events. */
uint64_t fresh_counter(void)
{
	uint64_t ticks = 0;

	if (getauxval(AT_HWCAP) & HWCAP_EVTSTRM)
		__asm__ volatile("mrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks));
	return ticks;
}
#elif defined(__riscv)
uint64_t fresh_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("rdtime %0" : "=r"(ticks));
	return ticks;
}
#elif defined(__loongarch64)
uint64_t fresh_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("rdtime.d %0, $zero" : "=r"(ticks));
	return ticks;
}
#elif defined(__powerpc64__)
uint64_t fresh_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("mftb %0" : "=r"(ticks));
	return ticks;
}
#elif defined(__s390x__)
uint64_t fresh_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("stckf %0" : "=Q"(ticks) : : "cc");
	return ticks;
}
#else
uint64_t fresh_counter(void)
{
	return 0;
}
#endif
