/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where exceptions come in on ppc64el, which is in the lowest memory, and what the CPU tells of them. */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/powerpc64/powerpc64.h"

/* entry.S */
void cpu_make_code(uint64_t start, uint64_t size);
extern const uint32_t cpu_vector[], cpu_vector_end[];
extern const uint32_t cpu_behind_vectors[], cpu_behind_vectors_end[], cpu_faulted[];

/* The lowest addresses are like any other here, which compilers do not believe. */
static volatile uint32_t *low(uint64_t address)
{
	__asm__("" : "+r"(address));
	return (volatile uint32_t *)address;
}

static void copy_words(volatile uint32_t *to, const volatile uint32_t *from, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		to[i] = from[i];
}

/* In whichever order the firmware or the running kernel has exceptions come in. */
void vectors_set(uint32_t *before)
{
	volatile uint64_t *way = (volatile uint64_t *)low(VECTOR_WAY);

	copy_words(before, low(VECTORS), VECTORS_SIZE / 4);
	for (uint64_t at = VECTORS; at < VECTORS_END; at += VECTOR_APART)
		copy_words(low(at), cpu_vector, (uint64_t)(cpu_vector_end - cpu_vector));
	copy_words(low(VECTORS_END), cpu_behind_vectors,
		(uint64_t)(cpu_behind_vectors_end - cpu_behind_vectors));
	*way = (uintptr_t)cpu_faulted;
	cpu_make_code(VECTORS, VECTORS_SIZE);
}

void vectors_put_back(const uint32_t *before)
{
	copy_words(low(VECTORS), before, VECTORS_SIZE / 4);
	cpu_make_code(VECTORS, VECTORS_SIZE);
}

#define SPECIAL_GET(number)                                            \
	({                                                             \
		uint64_t value_;                                       \
		__asm__ volatile("mfspr %0, " #number : "=r"(value_)); \
		value_;                                                \
	})

enum {
	VECTOR_DATA_STORAGE = 0x300,
	VECTOR_DATA_SEGMENT = 0x380,
	VECTOR_ALIGNMENT = 0x600,
};

/* The hypervisor's own, which come with HSRR0 and HSRR1; guests may not read these. */
static bool is_of_hypervisor(uint64_t vector)
{
	return vector == 0x980 || (vector >= 0xe00 && vector < 0xec0) || vector == 0xf80;
}

/* DSISR where there is data, else the bits of SRR1 that say why (33 to 36 and 42 to 47). */
static struct stub_fault fault_of(const struct powerpc_exception *exception)
{
	uint64_t vector = exception->vector, status = exception->status;
	struct stub_fault fault = { .exception = vector, .at = exception->at };

	if (is_of_hypervisor(vector)) {
		fault.at = SPECIAL_GET(314);
		status = SPECIAL_GET(315);
	}
	fault.code = vector == VECTOR_DATA_STORAGE ? SPECIAL_GET(18) : status & 0x783f0000;
	fault.has_address = vector == VECTOR_DATA_STORAGE || vector == VECTOR_DATA_SEGMENT ||
		vector == VECTOR_ALIGNMENT;
	if (fault.has_address)
		fault.address = SPECIAL_GET(19); /* DAR */
	return fault;
}

/* The first fault is told; a fault while it is told resets the machine at once, and one on the way there stops it. */
_Noreturn void powerpc_fault(
	const struct stub_args *args, const struct powerpc_exception *exception)
{
	struct stub_fault fault;

	if (exception->count == 1) {
		fault = fault_of(exception);
		stub_fault(args, &fault);
	}
	if (exception->count == 2)
		cpu_reset((enum stub_reset)args->reset);
	cpu_stop();
}
