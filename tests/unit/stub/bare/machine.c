/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine.h"

#include "base/digest.h"

/* From the beginning of memory on. */
enum {
	LINE = 0x2000000, /* words from the test, put there by QEMU */
	STUB = 0x2345000,
	STACK = STUB + 0x8000 + STUB_SCRATCH,
	RECORD = 0x2800014, /* aligned to 4 bytes only */
	STEPS = 0x2900000,
	REGISTER = 0x2901000, /* plays a device */
	DATA = 0x3000001,     /* odd, so that nothing is aligned by chance */
	DATA_SIZE = 100001,
	DATA_SIZE_LARGE = 64 << 20,
	MORE_DATA = 0x8000003,
	MORE_SIZE = 333,
	UNUSED = 0xcc, /* what lies on the stack before */
};

static uint8_t *memory(uint64_t offset)
{
	return (uint8_t *)(uintptr_t)(cpu_memory + offset);
}

static void say(const char *text)
{
	for (; *text != '\0'; text++)
		cpu_put(*text);
}

void say_number(const char *name, uint64_t number)
{
	say(name);
	say("=0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		cpu_put("0123456789abcdef"[number >> shift & 15]);
	say("\n");
}

bool asked(const char *line, const char *word)
{
	for (; *line != '\0'; line++) {
		int n = 0;

		while (word[n] != '\0' && line[n] == word[n])
			n++;
		if (word[n] == '\0')
			return true;
	}
	return false;
}

static enum digest_kind kind_of(const struct stub_args *args)
{
	return args->check == STUB_WORD_SHA256    ? DIGEST_SHA256
		: args->check == STUB_WORD_CRC32C ? DIGEST_CRC32C
						  : DIGEST_NONE;
}

static void digest_write(struct stub_args *args)
{
	struct digest d;

	digest_begin_with(
		&d, kind_of(args), (struct digest_engines){ sha256_portable, crc32c_portable });
	for (uint32_t i = 0; i < args->region_count; i++)
		digest_add(&d,
			(struct view){ (const uint8_t *)(uintptr_t)args->regions[i].start,
				(size_t)args->regions[i].size });
	digest_end(&d, args->digest);
}

static void fill_data(size_t size)
{
	uint64_t state = 1;

	for (size_t i = 0; i < size; i++) {
		state = state * 6364136223846793005 + 1442695040888963407;
		memory(DATA)[i] = (uint8_t)(state >> 56);
	}
}

/* Each width, with bits that stay and without, and a register that is only read. */
static void fill_steps(struct stub_args *args)
{
	const uint64_t at = cpu_memory + REGISTER;
	struct stub_step *steps = (struct stub_step *)memory(STEPS);

	*(uint64_t *)memory(REGISTER) = 0x1122334455667788;
	*(uint64_t *)memory(REGISTER + 8) = 0;
	steps[0] = (struct stub_step){ at, 0xf0, 0x0d, 1, 0 };
	steps[1] = (struct stub_step){ at + 2, 0, 0xabcd, 2, 0 };
	steps[2] = (struct stub_step){ at + 4, 0xff00ffff, 0xee0000, 4, 0 };
	steps[3] = (struct stub_step){ at, UINT64_MAX, 0, 8, 0 };
	steps[4] = (struct stub_step){ at + 8, 0, 0x0123456789abcdef, 8, 0 };
	args->steps = cpu_memory + STEPS;
	args->step_count = 5;
}

static void say_steps(void)
{
	say_number("step_first", *(const uint64_t *)memory(REGISTER));
	say_number("step_second", *(const uint64_t *)memory(REGISTER + 8));
}

static void fill_arguments(struct stub_args *args, const char *line, size_t size)
{
	args->magic = STUB_MAGIC;
	args->version = STUB_VERSION;
	args->check = asked(line, "sha256") ? STUB_WORD_SHA256
		: asked(line, "crc32c")     ? STUB_WORD_CRC32C
					    : STUB_WORD_NONE;
	args->entry = (uintptr_t)landing;
	args->record = cpu_memory + RECORD;
	args->stack = cpu_memory + STACK;
	args->reset_delay_ms = 1500;
	for (uint32_t i = 0; i < STUB_REGISTERS; i++)
		args->registers[i] = 0x0123456711111111 * (i + 1);
	cpu_arguments(args, line);
	fill_steps(args);
	args->region_count = 3;
	args->regions[0] = (struct stub_region){ cpu_memory + STUB + STUB_DIGEST_SIZE,
		cpu_blob_size - STUB_DIGEST_SIZE };
	args->regions[1] = (struct stub_region){ cpu_memory + DATA, size };
	args->regions[2] = (struct stub_region){ cpu_memory + MORE_DATA, MORE_SIZE };
}

/* Long enough for somebody at the machine's monitor. */
static void verify_for_long(struct stub_args *args)
{
	while (args->region_count < STUB_REGIONS_MAX)
		args->regions[args->region_count++] =
			(struct stub_region){ cpu_memory + DATA, DATA_SIZE_LARGE };
}

_Noreturn void machine_main(void)
{
	const char *line = (const char *)memory(LINE);
	struct stub_args *args = (struct stub_args *)memory(STUB);
	size_t size = asked(line, "large") ? DATA_SIZE_LARGE : DATA_SIZE;

	for (size_t i = 0; i < cpu_blob_size; i++)
		memory(STUB)[i] = cpu_blob[i];
	for (uint64_t i = 1; i <= STUB_SCRATCH; i++)
		*memory(STACK - i) = UNUSED;
	fill_data(size);
	fill_arguments(args, line, size);
	digest_write(args);
	if (asked(line, "damaged"))
		memory(MORE_DATA)[MORE_SIZE - 1] ^= 1;
	if (asked(line, "foreign"))
		args->version++;
	if (asked(line, "unknown"))
		args->check = 77;
	if (asked(line, "many"))
		args->step_count = STUB_STEPS_MAX + 1;
	if (asked(line, "faulting"))
		args->regions[1].start = UINT64_C(0x7f55c5555000);
	if (asked(line, "slow"))
		verify_for_long(args);

	cpu_tell_before();
	say_number("bytes", cpu_blob_size - STUB_DIGEST_SIZE + size + MORE_SIZE);
	cpu_jump(cpu_memory + STUB + STUB_ENTRY_OFFSET);
}

/* Bytes of the scratch memory that no stack has reached. */
static uint64_t stack_left(void)
{
	uint64_t n = 0;

	while (n < STUB_SCRATCH && *memory(STACK - STUB_SCRATCH + n) == UNUSED)
		n++;
	return n;
}

/* A record that lies as it may. */
typedef struct stub_record loose_record __attribute__((aligned(4)));

_Noreturn void machine_landed(void)
{
	const loose_record *record = (const loose_record *)memory(RECORD);

	cpu_tell_landed();
	say_steps();
	say_number("check", record->check);
	say_number("untouched", record->magic | record->version | record->loaded | record->bytes);
	say_number("stack_left", stack_left());
	say_number("entered", record->entered);
	say_number("verified", record->verified);
	say_number("left", record->left);
	cpu_off();
}
