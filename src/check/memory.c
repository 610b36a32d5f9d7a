/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether there is memory for it: now, while it is loaded, and at once for the next kernel. The running
 * kernel keeps what is loaded in pages of its own until the jump; kexec_file_load reads the files into
 * memory besides. What an initrd takes unpacked is not counted.
 */
#include "check/rows.h"
#include "check/unknown.h"

#include "base/arith.h"

static const char advice[] =
	"stop what takes much memory, or choose a smaller initrd; swap does not help";
static const char source[] = "https://github.com/nix-community/nixos-anywhere/issues/84";

struct budget {
	uint64_t files; /* bytes of the kernel and its initrds */
	uint64_t initrds;
	uint64_t kernel; /* what it needs at its place until it has started; 0: it does not say */
	uint64_t load;   /* what loading takes from the running system */
	uint64_t free;   /* RAM that is nobody's by the firmware's map */
	uint64_t hole;   /* the largest piece of it */
};

static uint64_t kernel_need(const struct image *image)
{
	switch (image->format) {
	case IMAGE_BZIMAGE:
		return image->bzimage.init_size;
	case IMAGE_RAW:
		return image->raw.memory_size;
	case IMAGE_ZIMAGE:
		return image->zimage.memory_size;
	case IMAGE_ELF:
		return image->elf.memory.size;
	case IMAGE_UIMAGE:
	case IMAGE_UKI:
	case IMAGE_ZBOOT:
	case IMAGE_POWERPC_ZIMAGE:
	case IMAGE_S390X: /* it does not say */
	case IMAGE_MULTIBOOT:
	case IMAGE_FOREIGN:
		break;
	}
	return 0;
}

static uint64_t planned(const struct plan *plan)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < plan->segment_count; i++)
		bytes += plan->segments[i].data.n;
	return bytes;
}

/* False when memory is out, or numbers do not fit. */
static bool count(const struct check_subject *subject, struct budget *ret)
{
	struct budget b = { .kernel = kernel_need(subject->image) };
	struct ranges room;

	for (size_t i = 0; i < subject->initrd_count; i++)
		if (!ck_add(b.initrds, subject->initrds[i].bytes.n, &b.initrds))
			return false;
	if (!ck_add(subject->image->bytes.n, b.initrds, &b.files) ||
		!ranges_subtract(
			&subject->machine->ram, &subject->machine->reserved, subject->arena, &room))
		return false;
	b.load = b.files;
	if (subject->plan && subject->plan->call == CALL_LOAD)
		b.load = planned(subject->plan);
	else if (!ck_mul(b.files, 2, &b.load))
		return false;
	b.free = ranges_total(&room);
	for (size_t i = 0; i < room.count; i++)
		if (room.items[i].size > b.hole)
			b.hole = room.items[i].size;
	*ret = b;
	return true;
}

static unsigned long long mib(uint64_t bytes)
{
	return (bytes + MiB(1) - 1) >> 20;
}

static struct check_finding judge(const struct check_subject *subject, const struct budget *b)
{
	const uint64_t available = subject->machine->memory_available;

	if (b->kernel > b->hole || b->initrds > b->hole || b->kernel + b->initrds > b->free)
		return check_advise(
			check_finds(subject, CHECK_FAIL,
				"the next kernel needs %llu MiB in one piece and its initrds %llu "
				"MiB; the largest piece of free memory is %llu MiB of %llu",
				mib(b->kernel), mib(b->initrds), mib(b->hole), mib(b->free)),
			advice, source);
	if (available && b->load > available)
		return check_advise(check_finds(subject, CHECK_WARN,
					    "loading takes %llu MiB, and %llu MiB are available",
					    mib(b->load), mib(available)),
			advice, source);
	if (!available)
		return check_finds(subject, CHECK_UNKNOWN,
			"loading takes %llu MiB; how much is available is not told by /proc/meminfo",
			mib(b->load));
	if (!b->kernel)
		return check_finds(subject, CHECK_PASS,
			"loading takes %llu of %llu MiB available; the next kernel's file does not tell "
			"what it needs at its place, its initrds need %llu MiB, and the largest piece of "
			"free memory is %llu MiB",
			mib(b->load), mib(available), mib(b->initrds), mib(b->hole));
	return check_finds(subject, CHECK_PASS,
		"loading takes %llu of %llu MiB available; the next kernel needs %llu MiB and its "
		"initrds %llu MiB, and the largest piece of free memory is %llu MiB",
		mib(b->load), mib(available), mib(b->kernel), mib(b->initrds), mib(b->hole));
}

struct check_finding check_memory(const struct check_subject *subject)
{
	const struct machine *machine = subject->machine;
	const struct error *refused = subject->refused;
	struct budget budget;

	if (refused && refused->fault == FAULT_FIT_MEMORY)
		return check_advise(check_finds(subject, CHECK_FAIL, "%s", refused->reason),
			check_hint(subject, refused), source);
	if (!machine)
		return check_without_machine(subject);
	if (machine->no_memory)
		return check_finds(subject, CHECK_UNKNOWN, "%s", machine->no_memory);
	if (!subject->image || !subject->has_initrds)
		return check_finds(
			subject, CHECK_UNKNOWN, "the kernel or its initrds are not known");
	if (!count(subject, &budget))
		return check_finds(subject, CHECK_UNKNOWN, "out of memory");
	return judge(subject, &budget);
}
