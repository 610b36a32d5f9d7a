/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The row of s390x. Its kernels lie in memory from address 0 on as they are in their file, and are told what they need
 * by their parameter area (image/s390x-image.h). The running kernel has the machine reset by diagnose 0x308 and the CPU
 * loaded with a PSW at address 0, which it writes there for the entry of what is loaded (arch/s390/kernel/relocate_kernel.S).
 */
#include "arch/registry.h"

#include <string.h>

#include "base/arith.h"
#include "boot/initrds.h"
#include "boot/kernel-checks.h"
#include "boot/record-line.h"
#include "boot/stub-segment.h"
#include "plan/place.h"

enum {
	/* What the first page has for the CPU (Principles of Operation, "assigned storage locations"). */
	START_PSW = 0,
	START_PSW_SIZE = 8,
	IPL_BLOCK_PLACE = 0x14,
	PROGRAM_NEW_PSW = 0x1d0,
	PROGRAM_NEW_PSW_SIZE = 16,

	/*
	 * A page beside the kernel: what belongs to the first one, and an IPL parameter block with the report behind it,
	 * neither of which has more than its header (arch/s390/include/uapi/asm/ipl.h).
	 */
	OWN_START_PSW = 0,
	OWN_PROGRAM_NEW_PSW = 16,
	IPL_BLOCK = 32,
	IPL_BLOCK_SIZE = 8,
	IPL_REPORT_SIZE = 16,
	BESIDE_SIZE = 64,

	REGISTER_REWRITTEN = 0,
	REGISTER_REWRITTEN_SIZE,
};

/* A short PSW as the running kernel writes it, and the first half of a long one; both without interrupts. */
#define SHORT_PSW 0x0008000080000000u
#define LONG_PSW  0x0000000180000000u

/* As far as a short PSW reaches. */
#define LAST (GiB(2) - 1)

/* Behind the file: what the kernel unpacks by, whose size it does not say; the largest heap has 4 MiB. */
#define WORK_SIZE MiB(8)

/* How much larger than its file it may be unpacked; where there is room for that, it need not move its initrd. */
enum { UNPACKED_TIMES = 8 };

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text & 0x80)
			return false;
	return true;
}

static bool check_image(const struct planner *planner, struct error *err)
{
	const struct request *request = planner->request;
	const struct image *image = request->image;
	uint64_t max = image->format == IMAGE_S390X ? image->s390x.command_line_size - 1 : PHYS_MAX;

	if (!kernel_check_other(planner, IMAGE_S390X, max, err))
		return false;
	if (!is_ascii(request->command_line))
		return fail(err, FAULT_USAGE,
			"the command line has characters beyond ASCII, for which this kernel would take "
			"all of it for EBCDIC");
	return true;
}

/* What is under way of a kernel's layout. */
struct layout {
	struct range kernel; /* with the memory that it unpacks by */
	struct block head;   /* of the file: a copy, whose parameters are filled in */
	struct range record; /* size 0: there is no room for it */
	struct range initrd, beside;
	struct block beside_bytes;
};

static bool take_kernel(struct planner *planner, struct range *ret, struct error *err)
{
	uint64_t file = planner->request->image->bytes.n, page = planner->machine->page_size;
	struct range liked = { 0 }, needed = { 0 };

	if (!ck_mul(file, UNPACKED_TIMES, &liked.size) || !ck_add(file, WORK_SIZE, &needed.size) ||
		!ck_align_up(liked.size, page, &liked.size) ||
		!ck_align_up(needed.size, page, &needed.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	*ret = liked;
	if (liked.size > needed.size && place_at(planner, (struct taken){ "the kernel", liked }))
		return true;
	*ret = needed;
	return place_at(planner, (struct taken){ "the kernel", needed }) ||
		fail(err, place_fault(planner->request),
			"the kernel lies at address 0 and needs %llu bytes there, which are not free",
			(unsigned long long)needed.size);
}

static bool copy_head(struct planner *planner, struct layout *layout, struct error *err)
{
	const struct image *image = planner->request->image;
	uint64_t size = S390X_COMMAND_LINE + image->s390x.command_line_size;

	if (!ck_align_up(size, planner->machine->page_size, &size))
		return fail(err, FAULT_INTERNAL, "the command line's size wraps");
	layout->head.n = (size_t)min_u64(size, image->bytes.n);
	layout->head.p = arena_alloc(planner->arena, layout->head.n);
	if (!layout->head.p)
		return fail_no_memory(err);
	memcpy(layout->head.p, image->bytes.p, layout->head.n);
	return true;
}

static bool write_command_line(struct planner *planner, struct layout *layout, struct error *err)
{
	uint64_t size = planner->request->image->s390x.command_line_size;
	const char *line = record_line(planner, size - 1);
	size_t record;

	if (!line)
		return fail_no_memory(err);
	memset(layout->head.p + S390X_COMMAND_LINE, 0, (size_t)size);
	block_put_bytes(&layout->head, S390X_COMMAND_LINE, view_of_string(line));
	planner->plan->command_line = line;
	record = record_line_offset(line);
	if (record)
		layout->record = (struct range){ S390X_COMMAND_LINE + record,
			2 * sizeof(struct stub_record) };
	return true;
}

static bool add_kernel(struct planner *planner, struct layout *layout, struct error *err)
{
	struct view rest = view_from(planner->request->image->bytes, layout->head.n);
	struct range head = { 0, layout->head.n }, behind = { layout->head.n, rest.n };

	if (!ck_align_up(head.size, planner->machine->page_size, &head.size) ||
		!ck_align_up(behind.size, planner->machine->page_size, &behind.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	if (!place_segment(planner,
		    (struct segment){ "kernel", { layout->head.p, layout->head.n }, head,
			    "at address 0, with its parameters filled in" },
		    err))
		return false;
	return rest.n == 0 ||
		place_segment(planner,
			(struct segment){ "kernel", rest, behind, "behind its first part" }, err);
}

/* The parts of the first page that are others' until the kernel is entered, and what it finds no IPL report by. */
static bool add_beside(struct planner *planner, struct layout *layout, struct error *err)
{
	struct view head = { layout->head.p, layout->head.n };
	struct block block = { arena_alloc(planner->arena, BESIDE_SIZE), BESIDE_SIZE, false };

	if (!block.p)
		return fail_no_memory(err);
	if (!place(planner,
		    &(struct placement){
			    .name = "the IPL report", .size = BESIDE_SIZE, .last = LAST },
		    &layout->beside, err))
		return false;
	memset(block.p, 0, BESIDE_SIZE);
	block_put_bytes(&block, OWN_START_PSW, view_first(head, START_PSW_SIZE));
	block_put_bytes(&block, OWN_PROGRAM_NEW_PSW,
		view_first(view_from(head, PROGRAM_NEW_PSW), PROGRAM_NEW_PSW_SIZE));
	block_put_be32(&block, IPL_BLOCK, IPL_BLOCK_SIZE);
	block_put_be32(&block, IPL_BLOCK + IPL_BLOCK_SIZE, IPL_REPORT_SIZE);
	return place_segment(planner,
		(struct segment){ "IPL report", { block.p, block.n }, layout->beside,
			"in the lowest free memory; an empty one" },
		err);
}

static void fill_in_head(struct layout *layout, phys_t stub)
{
	struct block *head = &layout->head;
	phys_t ipl_block = layout->beside.start + IPL_BLOCK;

	block_put_be64(head, START_PSW, SHORT_PSW | (stub + STUB_ENTRY_OFFSET));
	block_put_be32(head, IPL_BLOCK_PLACE, (uint32_t)ipl_block);
	block_put_be64(head, PROGRAM_NEW_PSW, LONG_PSW);
	block_put_be64(head, PROGRAM_NEW_PSW + 8, stub + STUB_ENTRY_OFFSET + STUB_S390X_FAULT);
	block_put_be64(head, S390X_INITRD_START, layout->initrd.start);
	block_put_be64(head, S390X_INITRD_SIZE, layout->initrd.size);
	block_put_be64(head, S390X_OLDMEM_START, 0);
	block_put_be64(head, S390X_OLDMEM_SIZE, 0);
}

/*
 * What the running kernel's code has lain in. An emulator watches such pages for writes as long as it keeps translations
 * of them, which makes each byte that the next kernel works with there cost a microsecond; once written by the stub they
 * are forgotten. On a machine it takes a few milliseconds.
 */
static struct range to_rewrite(const struct planner *planner, struct range kernel)
{
	return range_shrink_to(
		range_intersect(planner->machine->running, kernel), planner->machine->page_size);
}

static struct stub_contents contents(const struct planner *planner, const struct layout *layout)
{
	struct range again = to_rewrite(planner, layout->kernel);
	phys_t beside = layout->beside.start;

	return (struct stub_contents){
		.args = { .entry = S390X_ENTRY,
			.registers = { [REGISTER_REWRITTEN] = again.start,
				[REGISTER_REWRITTEN_SIZE] = again.size },
			.console = STUB_CONSOLE_SCLP,
			.record_form = STUB_RECORD_DIGITS,
			.copy_count = 2,
			.copies = { { beside + OWN_START_PSW, START_PSW, START_PSW_SIZE },
				{ beside + OWN_PROGRAM_NEW_PSW, PROGRAM_NEW_PSW,
					PROGRAM_NEW_PSW_SIZE } } },
		.record = layout->record,
		.record_bytes = layout->head.p + layout->record.start,
	};
}

/*
 * What has to lie below 2 GiB comes before the initrds, which may take all of that. The stub's bytes come last: the
 * kernel's first page names its place, and is under its digest.
 */
static bool lay_out(struct planner *planner, struct error *err)
{
	struct layout layout = { 0 };
	struct stub_contents want;
	struct stub_segment stub;

	if (!take_kernel(planner, &layout.kernel, err) || !copy_head(planner, &layout, err) ||
		!write_command_line(planner, &layout, err) || !add_kernel(planner, &layout, err) ||
		!add_beside(planner, &layout, err) ||
		!stub_segment_begin(planner,
			&(struct stub_segment_request){ .stub = &stub_s390x, .last = LAST }, &stub,
			err) ||
		!initrds_add(planner,
			&(struct initrds_request){
				.floor = range_end(layout.kernel), .why = "behind the kernel" },
			&layout.initrd, err))
		return false;
	fill_in_head(&layout, stub.mem.start);
	want = contents(planner, &layout);
	return stub_segment_end(planner, &stub, &want, err);
}

const struct arch_ops arch_s390x = {
	.arch = ARCH_S390X,
	.no_crash_by_load = true,
	.check_image = check_image,
	.lay_out = lay_out,
};
