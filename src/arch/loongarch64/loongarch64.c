/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The row of loong64. Its kernels are told of memory and ACPI by the EFI system table, which the
 * running kernel hands to the stub and the stub to the next one, and of the rest by the command line
 * (Documentation/arch/loongarch/booting.rst).
 */
#include "arch/registry.h"

#include <string.h>

#include "base/arith.h"
#include "boot/crash-core.h"
#include "boot/initrds.h"
#include "boot/kernel-checks.h"
#include "boot/raw-kernel.h"
#include "boot/record-line.h"
#include "boot/stub-segment.h"
#include "boot/stub-serial.h"
#include "plan/place.h"

enum {
	COMMAND_LINE_SIZE = 4096,  /* of its <asm/setup.h>, with the zero */
	REGISTER_COMMAND_LINE = 1, /* a1; a0 and a2 are handed through */
};

/*
 * The running kernel looks for the command line among the segments, by its first letters, and copies
 * COMMAND_LINE_SIZE bytes of it. The next kernel is told of what stands behind them.
 */
static const char mark[] = "kexec ";

/* The window in which the CPU finds all memory, cached: where the kernel is entered. */
#define CACHED_WINDOW 0x9000000000000000u

/*
 * Up to here the running kernel keeps what it runs on its way out, and where the other CPUs wait.
 */
#define LOWEST MiB(2)

static bool check_image(const struct planner *planner, struct error *err)
{
	return kernel_check_raw(planner, COMMAND_LINE_SIZE - 1, err);
}

/*
 * A crash kernel forgets with the first mem= what the firmware told it of memory; with the size before the
 * place of the core headers it keeps off them alone, and not off all that is behind them
 * (arch/loongarch/kernel/setup.c).
 */
static const char *add_crash_words(
	const struct planner *planner, const struct crash_core *core, const char *own)
{
	for (size_t i = 0; own && i < core->regions.count; i++)
		own = arena_printf(planner->arena, "%s%smem=%#llx@%#llx", own, own[0] ? " " : "",
			(unsigned long long)core->regions.items[i].size,
			(unsigned long long)core->regions.items[i].start);
	return own ? arena_printf(planner->arena, "%s%selfcorehdr=%#llx@%#llx", own, " ",
			     (unsigned long long)core->headers.size,
			     (unsigned long long)core->headers.start)
		   : NULL;
}

/* initrd= is how it learns of the initrds. */
static const char *own_words(
	const struct planner *planner, const struct crash_core *core, struct range initrd)
{
	const char *own = "";

	if (initrd.size)
		own = arena_printf(planner->arena, "initrd=%#llx,%#llx",
			(unsigned long long)initrd.start, (unsigned long long)initrd.size);
	return planner->request->crash ? add_crash_words(planner, core, own) : own;
}

static bool write_command_line(
	struct planner *planner, const char *own, char *line, struct error *err)
{
	size_t beside = sizeof mark + 1 + strlen(own);
	const char *given =
		record_line(planner, beside < COMMAND_LINE_SIZE ? COMMAND_LINE_SIZE - beside : 0);
	const char *gap = given && given[0] && own[0] ? " " : "";
	size_t needed;

	if (!given)
		return fail_no_memory(err);
	needed = sizeof mark + strlen(given) + strlen(gap) + strlen(own);
	if (needed > COMMAND_LINE_SIZE)
		return fail(err, FAULT_FIT_COMMAND_LINE,
			"the command line has %zu characters with what is added to it, this kernel "
			"takes %d",
			needed - 1, COMMAND_LINE_SIZE - 1);
	stpcpy(stpcpy(stpcpy(stpcpy(line, mark), given), gap), own);
	/* What is told of it has no digits of the record yet. */
	planner->plan->command_line = arena_printf(planner->arena, "%s", line + sizeof mark - 1);
	return planner->plan->command_line || fail_no_memory(err);
}

/* What the stub is told of it. */
struct told {
	phys_t line;
	struct range record; /* size 0: there is no room for it */
	uint8_t *record_bytes;
};

static bool add_command_line(
	struct planner *planner, struct range initrd, struct told *ret, struct error *err)
{
	char *line = arena_alloc(planner->arena, COMMAND_LINE_SIZE);
	struct crash_core core = { 0 };
	const char *own;
	struct range room;
	size_t record;

	if (planner->request->crash &&
		!crash_core_add(planner, &(struct crash_core_request){ 0 }, &core, err))
		return false;
	own = own_words(planner, &core, initrd);
	if (!line || !own)
		return fail_no_memory(err);
	if (!write_command_line(planner, own, line, err) ||
		!place(planner,
			&(struct placement){
				.name = "the command line", .size = COMMAND_LINE_SIZE },
			&room, err))
		return false;
	ret->line = room.start + sizeof mark - 1;
	record = record_line_offset(line);
	if (record) {
		ret->record = (struct range){ room.start + record, 2 * sizeof(struct stub_record) };
		ret->record_bytes = (uint8_t *)line + record;
	}
	return place_segment(planner,
		(struct segment){ "command line", { (const uint8_t *)line, COMMAND_LINE_SIZE },
			room, "in the lowest free memory" },
		err);
}

static bool add_stub(
	struct planner *planner, phys_t entry, const struct told *told, struct error *err)
{
	const struct reset_register *reset = &planner->machine->reset;
	struct stub_contents want = {
		.args = { .entry = CACHED_WINDOW | entry, .record_form = STUB_RECORD_DIGITS },
		.record = told->record,
		.record_bytes = told->record_bytes,
	};

	want.args.registers[REGISTER_COMMAND_LINE] = told->line;
	if (reset->width) {
		want.args.reset = STUB_RESET_WRITE;
		want.args.reset_address = reset->address;
		want.args.reset_value = reset->value;
		want.args.reset_width = reset->width;
	}
	stub_serial_fill(&want.args, stub_serial_choose(planner->machine, planner->request));
	return stub_segment_add(planner, &stub_loongarch64, 0, &want, err);
}

static bool lay_out(struct planner *planner, struct error *err)
{
	struct raw_kernel kernel;
	struct range initrd;
	struct told told = { 0 };

	return raw_kernel_add(planner, 0, &kernel, err) &&
		initrds_add(planner,
			&(struct initrds_request){
				.floor = range_end(kernel.memory), .why = "behind the kernel" },
			&initrd, err) &&
		add_command_line(planner, initrd, &told, err) &&
		add_stub(planner, kernel.entry, &told, err);
}

const struct arch_ops arch_loongarch64 = {
	.arch = ARCH_LOONGARCH64,
	.lowest = LOWEST,
	.check_image = check_image,
	.lay_out = lay_out,
};
