/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A machine for one jump: it plays the running kernel and the loader, puts the stub to a place of
 * its own, damages what the command line says, jumps, and says what it found when the stub came
 * out at the other side. Freestanding; run by test-jump.py.
 */
#include "base/digest.h"
#include "stub/abi.h"

static const uint8_t blob[] = {
#include STUB_BLOB
};

enum {
	SERIAL = 0x3f8,
	EXIT = 0xf4, /* QEMU's isa-debug-exit: the status is 2 * value + 1 */
	STUB = 0x2345000,
	STUB_LOW = 0x30000,
	SCRATCH = 0x4000,         /* STUB_SCRATCH */
	STACK = 0x4000 + SCRATCH, /* behind the stub */
	REAL_MODE = 0x20000,      /* a segment for what is entered in real mode */
	REAL_MODE_STACK = 0xe000,
	REAL_MODE_ENTRY = REAL_MODE + 0x200,
	UNUSED = 0xcc, /* what lies on the stack before */
	RECORD = 0x2800010,
	DATA = 0x3000001, /* odd, so that nothing is aligned by chance */
	MORE_DATA = 0x4000003,
	STEPS = 0x2a00000,
	REGISTER = 0x2a01000, /* plays a device in memory */
	PORT = 0x83, /* a page register of the DMA controller of a channel that is not used */
	COPIED = 0x2900003,
	COPIED_SIZE = 21,
	MORE_SIZE = 333,
};

struct registers {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8_to_15[8];
	uint64_t flags;
};

/* What start.S found where the stub left it in 32-bit mode. */
struct registers_32 {
	uint32_t cs, ds, es, ss, fs, gs;
	uint32_t cr0, cr4, efer;
	uint32_t code_rights, data_rights, code_limit,
		data_limit; /* by LAR (whose bits 16 to 19 mean nothing) and LSL */
};

/* What start.S found in real mode; code there is copied, and what it finds with it. */
struct registers_16 {
	uint32_t flags, others, sp;
	uint16_t cs, ds, es, fs, gs, ss;
	uint32_t cr0, cr4;
	uint16_t vectors_limit, vectors_low, vectors_high;
	uint16_t kilobytes; /* as the BIOS says */
};

extern struct registers landed;
extern const uint8_t landing_16[], found_16[], landing_16_end[];
extern struct registers_32 landed_32;
extern uint8_t next_level_4[], next_level_5[];

void landing(void);
void landing_32(void);
_Noreturn void machine_main(const uint8_t *start_info);
_Noreturn void machine_landed(uint64_t cs, uint64_t ds);
_Noreturn void machine_landed_32(void);
_Noreturn void machine_landed_16(void);

/* Where the stub was put. */
static uintptr_t stub;

static inline void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void say(const char *text)
{
	for (; *text != '\0'; text++)
		out8(SERIAL, (uint8_t)*text);
}

static void say_number(const char *name, uint64_t number)
{
	say(name);
	say("=0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		out8(SERIAL, (uint8_t)"0123456789abcdef"[number >> shift & 15]);
	say("\n");
}

static _Noreturn void leave(uint8_t status)
{
	for (;;)
		out8(EXIT, status);
}

static bool asked(const char *line, const char *word)
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
			(struct view){
				(const uint8_t *)args->regions[i].start, args->regions[i].size });
	digest_end(&d, args->digest);
}

static uint64_t cr3_get(void)
{
	uint64_t value;

	__asm__ volatile("movq %%cr3, %0" : "=r"(value));
	return value;
}

static uint64_t cr_0_and_4(void)
{
	uint64_t cr0, cr4;

	__asm__ volatile("movq %%cr0, %0; movq %%cr4, %1" : "=r"(cr0), "=r"(cr4));
	return cr0 << 32 | cr4;
}

/* As Linux has them: other vectors, and nothing comes through. The clock stands. */
static void take_interrupts_over(void)
{
	static const struct {
		uint16_t port;
		uint8_t base, wiring;
	} both[] = { { 0x20, 0x30, 4 }, { 0xa0, 0x38, 2 } };

	for (int i = 0; i < 2; i++) {
		out8(both[i].port, 0x11);
		out8(both[i].port + 1, both[i].base);
		out8(both[i].port + 1, both[i].wiring);
		out8(both[i].port + 1, 1);
		out8(both[i].port + 1, 0xff);
	}
	out8(0x43, 0x30);
}

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void fill_steps(struct stub_args *args)
{
	struct stub_step *steps = (struct stub_step *)(uintptr_t)STEPS;

	*(uint64_t *)(uintptr_t)REGISTER = 0x1122334455667788;
	steps[0] = (struct stub_step){ PORT, 0, 0x5a, 1, STUB_STEP_PORT };
	steps[1] = (struct stub_step){ PORT, 0xf0, 0x03, 1, STUB_STEP_PORT };
	steps[2] = (struct stub_step){ REGISTER, 0xff00ffff, 0xee0000, 4, 0 };
	steps[3] = (struct stub_step){ REGISTER, UINT64_MAX, 0, 8, 0 };
	args->steps = STEPS;
	args->step_count = 4;
}

static void enter_in_real_mode(struct stub_args *args)
{
	uint8_t *copy = (uint8_t *)(uintptr_t)REAL_MODE_ENTRY;

	for (const uint8_t *from = landing_16; from < landing_16_end; from++)
		*copy++ = *from;
	args->mode = STUB_MODE_REAL;
	args->restore = STUB_RESTORE_INTERRUPTS;
	args->entry = REAL_MODE_ENTRY;
	args->registers[0] = REAL_MODE / 16;
	args->registers[1] = REAL_MODE_STACK;
	take_interrupts_over();
}

/* Long enough for somebody at the machine's monitor. */
static void verify_for_long(struct stub_args *args)
{
	while (args->region_count < STUB_REGIONS_MAX)
		args->regions[args->region_count++] = (struct stub_region){ DATA, 64 << 20 };
}

/* A debug exception, which has no error code, when that byte is read. */
static void watch(uint64_t address)
{
	__asm__ volatile("movq %0, %%dr0; movq %1, %%dr7" : : "r"(address), "r"(UINT64_C(0x30003)));
}

/* A machine without a BIOS. */
static void forget_vectors(void)
{
	uintptr_t vectors = 0x15 * 4;

	__asm__("" : "+r"(vectors));
	*(volatile uint32_t *)vectors = 0;
}

_Noreturn void machine_main(const uint8_t *start_info)
{
	/* The command line's address is at 24 of the start_info. */
	const char *line = (const char *)(uintptr_t)*(const uint64_t *)(start_info + 24);
	bool real = asked(line, "real");
	struct stub_args *args = (struct stub_args *)(stub = real ? STUB_LOW : STUB);
	uint64_t size = asked(line, "large") ? 8 << 20 : 100001;

	for (uint64_t i = 0; i < sizeof(blob); i++)
		((uint8_t *)args)[i] = blob[i];
	for (uint64_t i = 1; i <= SCRATCH; i++)
		*(uint8_t *)(stub + STACK - i) = UNUSED;
	for (uint64_t i = 0, state = 1; i < size; i++) {
		state = state * 6364136223846793005 + 1442695040888963407;
		((uint8_t *)(uintptr_t)DATA)[i] = (uint8_t)(state >> 56);
	}
	args->magic = STUB_MAGIC;
	args->version = STUB_VERSION;
	args->check = asked(line, "sha256") ? STUB_WORD_SHA256
		: asked(line, "crc32c")     ? STUB_WORD_CRC32C
					    : STUB_WORD_NONE;
	args->entry = (uintptr_t)landing;
	args->registers[0] = 0x123456789abcdef0;
	args->registers[1] = 0x0fedcba987654321;
	if (asked(line, "mode32")) {
		args->mode = STUB_MODE_32;
		args->entry = (uintptr_t)landing_32;
		for (uint32_t i = 0; i < STUB_REGISTERS; i++)
			args->registers[i] = 0xffffffff00000000 | (0x11111111 * (i + 1));
	}
	if (real) {
		enter_in_real_mode(args);
		if (asked(line, "vectorless"))
			forget_vectors();
	}
	if (!asked(line, "keep")) {
		args->page_tables[0] = (uintptr_t)next_level_4;
		args->page_tables[1] = (uintptr_t)next_level_5;
	}
	args->record = RECORD;
	args->stack = stub + STACK;
	args->console = STUB_CONSOLE_SERIAL | STUB_CONSOLE_VGA;
	args->serial_port = SERIAL;
	args->reset_delay_ms = 1500;
	args->counter_khz = asked(line, "khz") ? 10000 : 0;
	args->region_count = 3;
	args->regions[0] =
		(struct stub_region){ stub + STUB_DIGEST_SIZE, sizeof(blob) - STUB_DIGEST_SIZE };
	args->regions[1] = (struct stub_region){ DATA, size };
	args->regions[2] = (struct stub_region){ MORE_DATA, MORE_SIZE };
	args->copy_count = 1;
	args->copies[0] = (struct stub_copy){ DATA, COPIED, COPIED_SIZE };
	fill_steps(args);
	digest_write(args);
	if (asked(line, "damaged"))
		((uint8_t *)(uintptr_t)MORE_DATA)[MORE_SIZE - 1] ^= 1;
	if (asked(line, "foreign"))
		args->version++;
	if (asked(line, "unknown"))
		args->check = 77;
	if (asked(line, "many"))
		args->step_count = STUB_STEPS_MAX + 1;
	if (asked(line, "nowhere"))
		args->mode = 3;
	if (asked(line, "faulting"))
		args->regions[1].start = UINT64_C(0x7f5555555000);
	if (asked(line, "wild"))
		args->regions[1].start = UINT64_C(0x7fff555555555000);
	if (asked(line, "watched"))
		watch((uintptr_t)DATA + 3);
	if (asked(line, "slow"))
		verify_for_long(args);

	say_number("before_cr3", cr3_get());
	say_number("before_cr0_4", cr_0_and_4());
	say_number("bytes", sizeof(blob) - STUB_DIGEST_SIZE + size + MORE_SIZE);
	__asm__ volatile(
		"movq %0, %%rax; movq $-1, %%rbx; movq $-1, %%r12; xorl %%esp, %%esp; std; "
		"jmp *%%rax"
		:
		: "r"((uint64_t)stub + STUB_ENTRY_OFFSET)
		: "memory");
	__builtin_unreachable();
}

/* Bytes of the scratch memory that no stack has reached. */
static uint64_t stack_left(void)
{
	const uint8_t *bottom = (const uint8_t *)(stub + STACK - SCRATCH);
	uint64_t n = 0;

	while (n < SCRATCH && bottom[n] == UNUSED)
		n++;
	return n;
}

/* Whether what the stub was to copy lies there, and nothing behind it. */
static bool is_copied(void)
{
	const uint8_t *from = (const uint8_t *)(uintptr_t)DATA;
	const uint8_t *to = (const uint8_t *)(uintptr_t)COPIED;

	for (int i = 0; i < COPIED_SIZE; i++)
		if (from[i] != to[i])
			return false;
	return to[COPIED_SIZE] == 0;
}

/* Of the table of exceptions: the stub's own is gone. */
static uint16_t exceptions_limit(void)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} table;

	__asm__ volatile("sidt %0" : "=m"(table));
	return table.limit;
}

static void say_record(void)
{
	const struct stub_record *record = (const struct stub_record *)(uintptr_t)RECORD;

	say_number("copied", is_copied());
	say_number("step_memory", *(const uint64_t *)(uintptr_t)REGISTER);
	say_number("step_ports", in8(PORT));
	say_number("check", record->check);
	say_number("untouched", record->magic | record->version | record->loaded | record->bytes);
	say_number("stack_left", stack_left());
	say_number("entered", record->entered);
	say_number("verified", record->verified);
	say_number("left", record->left);
}

_Noreturn void machine_landed(uint64_t cs, uint64_t ds)
{
	uint64_t others = landed.rax | landed.rbx | landed.rcx | landed.rdx | landed.rbp;

	for (int i = 0; i < 8; i++)
		others |= landed.r8_to_15[i];
	say_number("landed_rsi", landed.rsi);
	say_number("landed_rdi", landed.rdi);
	say_number("others", others);
	say_number("flags", landed.flags);
	say_number("cs", cs);
	say_number("ds", ds);
	say_number("cr3", cr3_get());
	say_number("next_level_4", (uintptr_t)next_level_4);
	say_number("next_level_5", (uintptr_t)next_level_5);
	say_number("cr0_4", cr_0_and_4());
	say_number("exceptions", exceptions_limit());
	say_record();
	leave(16);
}

_Noreturn void machine_landed_32(void)
{
	const struct registers_32 *l = &landed_32;

	say_number("landed_eax", landed.rax);
	say_number("landed_ebx", landed.rbx);
	say_number("landed_esi", landed.rsi);
	say_number("landed_edi", landed.rdi);
	say_number("others", landed.rcx | landed.rdx | landed.rbp);
	say_number("stack", landed.rsp - (stub + STACK));
	say_number("flags", landed.flags);
	say_number("cs", l->cs);
	say_number("ds", l->ds);
	say_number(
		"same_as_ds", l->es == l->ds && l->ss == l->ds && l->fs == l->ds && l->gs == l->ds);
	say_number("code", (uint64_t)(l->code_rights & 0xf0ff00) << 32 | l->code_limit);
	say_number("data", (uint64_t)(l->data_rights & 0xf0ff00) << 32 | l->data_limit);
	say_number("paging", l->cr0 >> 31);
	say_number("protected", l->cr0 & 1);
	say_number("landed_cr4", l->cr4);
	say_number("long_mode", l->efer & 0x500);
	say_number("exceptions", exceptions_limit());
	say_record();
	leave(16);
}

_Noreturn void machine_landed_16(void)
{
	const struct registers_16 *found =
		(const struct registers_16 *)(REAL_MODE_ENTRY + (found_16 - landing_16));

	say_number("others", found->others);
	say_number("flags", found->flags);
	say_number("cs", found->cs);
	say_number("ds", found->ds);
	say_number("ss", found->ss);
	say_number("same_as_ds",
		found->es == found->ds && found->fs == found->ds && found->gs == found->ds);
	say_number("sp", found->sp);
	say_number("cr0", found->cr0);
	say_number("landed_cr4", found->cr4);
	say_number("vectors", (uint64_t)found->vectors_high << 16 | found->vectors_low);
	say_number("vectors_limit", found->vectors_limit);
	say_number("kilobytes", found->kilobytes);
	say_record();
	leave(16);
}
