/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hypercalls, by xen/include/public/kexec.h and memory.h and Linux's include/uapi/xen/privcmd.h, in the
 * layout of a 64-bit domain whatever this program is. No library of Xen's is used: there is none to link
 * statically in Debian, they come as a dozen packages whose version is the hypervisor's, and of all that
 * this needs three structures, which Xen has kept since 4.4.
 */
#include "sys/xen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arith.h"

enum {
	OP_MEMORY = 12,
	OP_KEXEC = 37,
	MEMORY_MACHINE_MAP = 10,
	KEXEC_EXEC = 0,
	KEXEC_LOAD = 4,
	KEXEC_UNLOAD = 5,
	KEXEC_STATUS = 6,
	TYPE_DEFAULT = 0,
	TYPE_CRASH = 1,

	ON_CRASH = 1, /* of kexec_load(2)'s flags; above are the ELF machine's 16 bits */
	ARCH_SHIFT = 16,
	SEGMENTS_MAX = 15, /* KEXEC_SEGMENT_MAX, which Xen does not reach */
	MAP_ENTRIES_MAX = 4096,
	PAGE = 4096,
};

struct hypercall {
	uint64_t op, arg[5];
};
#define PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct hypercall))

struct xen_segment {
	uint64_t buffer, size, destination, destination_size;
};

struct xen_load {
	uint8_t type, pad;
	uint16_t arch;
	uint32_t segment_count;
	uint64_t segments, entry;
};

struct xen_map {
	uint32_t count, pad;
	uint64_t entries;
};

struct __attribute__((packed)) xen_entry {
	uint64_t start, size;
	uint32_t type;
};

_Static_assert(sizeof(struct hypercall) == 48 && sizeof(struct xen_segment) == 32 &&
		sizeof(struct xen_load) == 24 && sizeof(struct xen_map) == 16 &&
		sizeof(struct xen_entry) == 20,
	"the sizes that Linux and Xen know");

/* The devices, or -1. */
struct devices {
	int privcmd, buffers;
};

/* Memory that stays where it is while Xen reads it, as its own device gives it. */
struct area {
	uint8_t *p;
	size_t size;
};

static const char privcmd_path[] = "/dev/xen/privcmd", buffers_path[] = "/dev/xen/hypercall";

static void devices_close(const struct devices *d)
{
	if (d->privcmd >= 0)
		close(d->privcmd);
	if (d->buffers >= 0)
		close(d->buffers);
}

/* False with errno, and *ret_path the device that it is about. */
static bool devices_open(struct devices *ret, const char **ret_path)
{
	struct devices d = { -1, -1 };
	int failure;

	*ret_path = privcmd_path;
	d.privcmd = open(privcmd_path, O_RDWR | O_CLOEXEC);
	if (d.privcmd >= 0) {
		*ret_path = buffers_path;
		d.buffers = open(buffers_path, O_RDWR | O_CLOEXEC);
	}
	if (d.buffers >= 0) {
		*ret = d;
		return true;
	}
	failure = errno;
	devices_close(&d);
	errno = failure;
	return false;
}

static bool area_map(const struct devices *d, uint64_t size, struct area *ret)
{
	uint64_t whole;
	void *p;

	if (!ck_align_up(size ? size : 1, PAGE, &whole) || whole > SIZE_MAX) {
		errno = ENOMEM;
		return false;
	}
	p = mmap(NULL, (size_t)whole, PROT_READ | PROT_WRITE, MAP_SHARED, d->buffers, 0);
	if (p == MAP_FAILED)
		return false;
	*ret = (struct area){ p, (size_t)whole };
	return true;
}

static void area_unmap(const struct area *area)
{
	int kept = errno;

	if (area->p)
		munmap(area->p, area->size);
	errno = kept;
}

static uint64_t address_of(const void *p)
{
	return (uintptr_t)p;
}

/* What Xen returns, or -1 with errno. */
static int hypercall(
	const struct devices *d, uint64_t op, uint64_t command, const struct area *argument)
{
	struct hypercall call = { op, { command, address_of(argument->p) } };

	return ioctl(d->privcmd, PRIVCMD_HYPERCALL, &call);
}

/* One of the commands whose argument is no more than the type of image: an int holds it for all of them. */
static int kexec_command(const struct devices *d, uint64_t command, uint32_t type)
{
	struct area argument = { 0 };
	int done;

	if (!area_map(d, sizeof type, &argument))
		return -1;
	memcpy(argument.p, &type, sizeof type);
	done = hypercall(d, OP_KEXEC, command, &argument);
	area_unmap(&argument);
	return done;
}

/* --- kexec --- */

/*
 * Xen tells by a flag that it turns over whenever an image takes the place of another, be that none
 * (kexec_swap_images and kexec_status in its kexec.c): right only where it was right and no image is
 * there before a load, and one before an unload.
 */
static int unload_right(const struct devices *d, uint32_t type)
{
	int loaded = kexec_command(d, KEXEC_STATUS, type);

	if (loaded < 0 || kexec_command(d, KEXEC_UNLOAD, type) != 0)
		return -1;
	return loaded ? 0 : kexec_command(d, KEXEC_UNLOAD, type);
}

/* With another image loaded, Xen must have room for both; where it has not, the old one goes first. */
static int load_beside_or_instead(
	const struct devices *d, const struct area *request, uint32_t type)
{
	int done = hypercall(d, OP_KEXEC, KEXEC_LOAD, request);

	if (done == 0 || errno != ENOMEM)
		return done;
	if (unload_right(d, type) != 0)
		return -1;
	return hypercall(d, OP_KEXEC, KEXEC_LOAD, request);
}

static int load_right(const struct devices *d, const struct area *request, uint32_t type)
{
	int loaded;

	if (load_beside_or_instead(d, request, type) != 0)
		return -1;
	loaded = kexec_command(d, KEXEC_STATUS, type);
	if (loaded != 0)
		return loaded < 0 ? -1 : 0;
	/* It is loaded, and Xen says no: it says yes of the next. */
	return load_beside_or_instead(d, request, type);
}

static int by_destination(const void *x, const void *y)
{
	const struct xen_segment *a = x, *b = y;

	return a->destination < b->destination ? -1 : a->destination > b->destination;
}

/*
 * What Xen is handed: the request, its segments, their bytes. They ascend: Xen takes the pages that it
 * keeps them in from the end of memory, and one that is the place of what it keeps already it cannot use
 * rightly (kimage_alloc_page in its kimage.c); so it meets the lowest places last.
 */
static void fill(
	const struct area *area, const struct xen_load *load, const struct kexec_segment *segments)
{
	struct xen_segment list[SEGMENTS_MAX];
	uint8_t *at = area->p + sizeof *load + sizeof list;
	struct xen_load request = *load;

	for (uint32_t i = 0; i < load->segment_count; i++) {
		list[i] = (struct xen_segment){ address_of(at), segments[i].bufsz,
			address_of(segments[i].mem), segments[i].memsz };
		if (segments[i].bufsz)
			memcpy(at, segments[i].buf, segments[i].bufsz);
		at += segments[i].bufsz;
	}
	qsort(list, load->segment_count, sizeof *list, by_destination);
	request.segments = address_of(area->p + sizeof *load);
	memcpy(area->p, &request, sizeof request);
	memcpy(area->p + sizeof *load, list, load->segment_count * sizeof *list);
}

static bool size_of(
	const struct xen_load *load, const struct kexec_segment *segments, uint64_t *ret)
{
	uint64_t size = sizeof *load + SEGMENTS_MAX * sizeof(struct xen_segment);

	for (uint32_t i = 0; i < load->segment_count; i++)
		if (!ck_add(size, segments[i].bufsz, &size))
			return false;
	*ret = size;
	return true;
}

static int load_segments(
	const struct devices *d, const struct xen_load *load, const struct kexec_segment *segments)
{
	struct area area = { 0 };
	uint64_t size;
	int done;

	if (!size_of(load, segments, &size)) {
		errno = ENOMEM;
		return -1;
	}
	if (!area_map(d, size, &area))
		return -1;
	fill(&area, load, segments);
	done = load_right(d, &area, load->type);
	area_unmap(&area);
	return done;
}

static long load(unsigned long entry, unsigned long segment_count,
	const struct kexec_segment *segments, unsigned long flags)
{
	const struct xen_load request = {
		.type = flags & ON_CRASH ? TYPE_CRASH : TYPE_DEFAULT,
		.arch = (uint16_t)(flags >> ARCH_SHIFT),
		.segment_count = (uint32_t)segment_count,
		.entry = entry,
	};
	struct devices d;
	const char *path;
	int done, kept;

	if (segment_count > SEGMENTS_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (!devices_open(&d, &path))
		return -1;
	done = segment_count ? load_segments(&d, &request, segments)
			     : unload_right(&d, request.type);
	kept = errno;
	devices_close(&d);
	errno = kept;
	return done == 0 ? 0 : -1;
}

static long file_load(int kernel_fd, int initrd_fd, unsigned long command_line_size,
	const char *command_line, unsigned long flags)
{
	(void)kernel_fd, (void)initrd_fd, (void)command_line_size, (void)command_line, (void)flags;
	errno = ENOSYS;
	return -1;
}

static long jump(void)
{
	struct devices d;
	const char *path;
	int kept;

	if (!devices_open(&d, &path))
		return -1;
	(void)kexec_command(&d, KEXEC_EXEC, TYPE_DEFAULT);
	kept = errno;
	devices_close(&d);
	/* As reboot(2) says that there is none. */
	errno = kept == ENOENT ? EINVAL : kept;
	return -1;
}

const struct kexec_calls kexec_xen = { load, file_load, jump, NULL, NULL };

/* --- what it tells --- */

static char *text_failure(struct arena *arena, const char *what)
{
	return arena_printf(arena, "error %s: %s\n", what, strerror(errno));
}

static char *text_map(struct arena *arena, const struct xen_entry *entries, uint32_t count)
{
	enum { LINE = 64 };
	char *text = arena_alloc(arena, (uint64_t)count * LINE + 1), *at = text;

	for (uint32_t i = 0; text && i < count; i++)
		at += snprintf(at, LINE, "memory 0x%llx 0x%llx %u\n",
			(unsigned long long)entries[i].start, (unsigned long long)entries[i].size,
			(unsigned)entries[i].type);
	return text;
}

static char *memory_text(const struct devices *d, struct arena *arena)
{
	struct xen_map map = { .count = MAP_ENTRIES_MAX };
	struct area entries = { 0 }, argument = { 0 };
	char *text;

	if (!area_map(d, MAP_ENTRIES_MAX * sizeof(struct xen_entry), &entries) ||
		!area_map(d, sizeof map, &argument)) {
		area_unmap(&entries);
		return text_failure(arena, buffers_path);
	}
	map.entries = address_of(entries.p);
	memcpy(argument.p, &map, sizeof map);
	if (hypercall(d, OP_MEMORY, MEMORY_MACHINE_MAP, &argument) != 0) {
		text = text_failure(arena, "XENMEM_machine_memory_map");
	} else {
		memcpy(&map, argument.p, sizeof map);
		text = text_map(arena, (const struct xen_entry *)(const void *)entries.p,
			map.count < MAP_ENTRIES_MAX ? map.count : MAP_ENTRIES_MAX);
	}
	area_unmap(&entries);
	area_unmap(&argument);
	return text;
}

static char *all_text(const struct devices *d, struct arena *arena)
{
	int loaded = kexec_command(d, KEXEC_STATUS, TYPE_DEFAULT);
	int crash = loaded < 0 ? -1 : kexec_command(d, KEXEC_STATUS, TYPE_CRASH);
	const char *memory;

	if (crash < 0)
		return text_failure(arena, "KEXEC_CMD_kexec_status");
	memory = memory_text(d, arena);
	return memory ? arena_printf(arena, "loaded %s\ncrash_loaded %s\n%s", loaded ? "yes" : "no",
				crash ? "yes" : "no", memory)
		      : NULL;
}

char *xen_text(struct arena *arena)
{
	struct devices d;
	const char *path;
	char *text;

	if (!devices_open(&d, &path))
		return text_failure(arena, path);
	text = all_text(&d, arena);
	devices_close(&d);
	return text;
}
