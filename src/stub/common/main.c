/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stub between the two ends in its CPU's entry.S: check, time stamps, and what to do when the
 * check fails. Freestanding; nothing is written but the stack, the record, the copies that are asked
 * for and the devices.
 */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/offsets.h"

_Static_assert(offsetof(struct stub_args, magic) == ARGS_MAGIC, "assembler has it");
_Static_assert(offsetof(struct stub_args, entry) == ARGS_ENTRY, "assembler has it");
_Static_assert(offsetof(struct stub_args, registers) == ARGS_REGISTERS, "assembler has it");
_Static_assert(offsetof(struct stub_args, page_tables) == ARGS_PAGE_TABLES, "assembler has it");
_Static_assert(offsetof(struct stub_args, record) == ARGS_RECORD, "assembler has it");
_Static_assert(offsetof(struct stub_args, stack) == ARGS_STACK, "assembler has it");
_Static_assert(offsetof(struct stub_args, mode) == ARGS_MODE, "assembler has it");
_Static_assert(sizeof(struct stub_record) == RECORD_SIZE, "assembler has it");
_Static_assert(STUB_MAGIC == MAGIC && STUB_VERSION == VERSION, "assembler has them");
_Static_assert(STUB_ENTRY_OFFSET == ARGS_SPACE && STUB_SCRATCH == SCRATCH, "assembler has them");
_Static_assert(STUB_MODE_REAL == MODE_REAL, "assembler has it");

_Noreturn void stub_main(const struct stub_args *args, uint64_t entered);

/* A record as it may lie; the compiler then stores no more than four bytes at once. */
typedef struct stub_record loose_record __attribute__((aligned(4)));

struct times {
	uint64_t entered, verified;
};

/* By the builds of those CPUs alone whose kernels are told by a text: others' stubs would be a page larger. */
#ifdef STUB_SPELLS_RECORD
static char digit(unsigned value)
{
	value &= 15;
	return (char)(value < 10 ? '0' + value : 'a' + value - 10);
}

/* A field as it would lie at an offset of the record, in the CPU's byte order. */
static void put_digits(const struct stub_args *args, size_t offset, const void *field, size_t size)
{
	volatile char *to = (volatile char *)(uintptr_t)args->record + 2 * offset;
	const uint8_t *bytes = field;

	for (size_t i = 0; i < size; i++) {
		to[2 * i] = digit(bytes[i] >> 4);
		to[2 * i + 1] = digit(bytes[i]);
	}
}

static bool spell_record(const struct stub_args *args, enum stub_check check, struct times times)
{
	uint32_t run = check;
	uint64_t left;

	if (args->record_form != STUB_RECORD_DIGITS)
		return false;
	put_digits(args, offsetof(struct stub_record, entered), &times.entered, 8);
	put_digits(args, offsetof(struct stub_record, verified), &times.verified, 8);
	put_digits(args, offsetof(struct stub_record, check), &run, 4);
	left = cpu_counter();
	put_digits(args, offsetof(struct stub_record, left), &left, 8);
	return true;
}
#else
static bool spell_record(const struct stub_args *args, enum stub_check check, struct times times)
{
	(void)args;
	(void)check;
	(void)times;
	return false;
}
#endif

static void write_record(const struct stub_args *args, enum stub_check check, struct times times)
{
	loose_record *record = (loose_record *)(uintptr_t)args->record;

	record->entered = times.entered;
	record->verified = times.verified;
	record->check = check;
	record->left = cpu_counter();
}

/*
 * After the check, so that no damaged step reaches a device; a check that fails resets the machine by
 * itself.
 */
static void run_steps(const struct stub_args *args)
{
	const struct stub_step *steps = (const struct stub_step *)(uintptr_t)args->steps;

	for (uint32_t i = 0; i < args->step_count; i++) {
		const struct stub_step *step = &steps[i];
		uint32_t width = step->width | (step->kind & STUB_STEP_PORT ? CPU_PORT : 0);
		uint64_t all = step->width < 8 ? (UINT64_C(1) << step->width * 8) - 1 : UINT64_MAX;
		uint64_t kept = step->keep & all ? cpu_read(step->address, width) & step->keep : 0;

		if ((step->keep & all) != all)
			cpu_write(step->address, width, kept | (step->value & ~step->keep));
	}
}

/* Byte by byte: the bytes lie as they do, and some are at addresses that compilers distrust. */
static void copy_all(const struct stub_args *args)
{
	for (uint32_t i = 0; i < args->copy_count; i++) {
		uintptr_t from = (uintptr_t)args->copies[i].from;
		uintptr_t to = (uintptr_t)args->copies[i].to;

		for (uintptr_t n = 0; n < args->copies[i].size; n++)
			*(volatile uint8_t *)(to + n) = *(const volatile uint8_t *)(from + n);
	}
}

_Noreturn void stub_main(const struct stub_args *args, uint64_t entered)
{
	enum stub_verdict verdict = stub_understand(args);
	uint64_t verified = entered;
	enum stub_check check = STUB_CHECK_NONE;

	if (verdict == STUB_GOOD)
		verdict = cpu_verify(args);
	if (verdict != STUB_GOOD)
		stub_fail(args, verdict);
	run_steps(args);
	copy_all(args);
	if (stub_check_of(args, &check) && check != STUB_CHECK_NONE)
		verified = cpu_counter();
	if (args->record != 0 && !spell_record(args, check, (struct times){ entered, verified }))
		write_record(args, check, (struct times){ entered, verified });
	cpu_leave(args);
}
