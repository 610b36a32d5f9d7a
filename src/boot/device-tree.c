/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes /chosen and the memory reservations; the rest of the tree stays as it is. */
#include "boot/device-tree.h"

#include <libfdt.h>
#include <string.h>

#include "base/arith.h"
#include "boot/device-tree-complete.h"
#include "boot/tree-memory.h"
#include "plan/parameters.h"

enum {
	GROWTH =
		4096, /* the properties of /chosen and the nodes that completing adds, names and all */
	RESERVATION_SIZE = 16,
	REG_SIZE = 16,
	CHOSEN_PROPERTIES_MAX = 256,
};

#define RECORD "saut,record"

/* The properties linux,… of /chosen that tell of the machine, and not of the boot that is over. */
static const char *const lasting[] = {
	"linux,uefi-",
	"linux,stdout-path",
	"linux,pci-probe-only",
};

static bool is_stale(const char *name)
{
	if (strncmp(name, "linux,", 6) != 0)
		return strcmp(name, RECORD) == 0;
	for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
		if (strncmp(name, lasting[i], strlen(lasting[i])) == 0)
			return false;
	return true;
}

/* What is added at most, in bytes. */
static bool growth_of(const struct device_tree_request *request, uint64_t *ret)
{
	uint64_t ranges = (request->reserve ? request->reserve->count : 0) +
		(request->usable ? request->usable->count : 0) +
		(request->memory ? request->memory->count : 0),
		 bytes, copied;

	_Static_assert(RESERVATION_SIZE == REG_SIZE, "one count for both");
	return ck_mul(ranges, REG_SIZE, &bytes) && ck_mul(request->running.n, 2, &copied) &&
		ck_add(bytes, copied, &bytes) &&
		ck_add(bytes, strlen(request->command_line) + 1, &bytes) &&
		ck_add(bytes, request->record_size, &bytes) && ck_add(bytes, GROWTH, ret);
}

static bool count_properties(const void *fdt, int node, struct error *err)
{
	int count = 0, property;

	fdt_for_each_property_offset(property, fdt,
		node) if (++count > CHOSEN_PROPERTIES_MAX) return fail(err, FAULT_DEVICE_TREE,
		"device tree: /chosen has more than %d properties", CHOSEN_PROPERTIES_MAX);
	return true;
}

static bool drop_stale(struct tree_writer *w, int node, struct error *err)
{
	int property, next;

	if (!count_properties(w->fdt, node, err))
		return false;
	for (property = fdt_first_property_offset(w->fdt, node); property >= 0; property = next) {
		const char *name = "";

		fdt_getprop_by_offset(w->fdt, property, &name, NULL);
		if (!is_stale(name)) {
			next = fdt_next_property_offset(w->fdt, property);
			continue;
		}
		tree_delete(w, node, name);
		next = w->fault ? -1 : fdt_first_property_offset(w->fdt, node);
	}
	return true;
}

static void put_seeds(struct tree_writer *w, int node, const struct device_tree_request *request)
{
	struct view kaslr = view_first(request->seed, DEVICE_TREE_KASLR_SEED);
	struct view rng =
		view_first(view_from(request->seed, DEVICE_TREE_KASLR_SEED), DEVICE_TREE_RNG_SEED);

	if (parameters_have(request->command_line, "nokaslr"))
		tree_delete(w, node, "kaslr-seed");
	else
		tree_put(w, node, "kaslr-seed", kaslr);
	tree_put(w, node, "rng-seed", rng);
}

/*
 * Kernels take one or two pieces of memory, of which the first is the main one (drivers/of/fdt.c). The
 * headers lie in it, and they keep off these by themselves.
 */
static bool put_crash(struct tree_writer *w, int node, const struct device_tree_request *request,
	struct error *err)
{
	struct range core = request->core;
	const struct ranges cores = { &core, 1 };

	if (!request->usable || request->usable_by_node)
		return true;
	if (!tree_put_ranges(w, node, "linux,usable-memory-range", request->usable) ||
		!tree_put_ranges(w, node, "linux,elfcorehdr", &cores))
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: the memory reserved for a crash kernel does not fit its numbers of "
			"cells");
	return true;
}

static bool write_chosen(struct tree_writer *w, const struct device_tree_request *request,
	struct arena *arena, struct error *err)
{
	int node = tree_child(w, 0, "chosen");
	uint8_t *record = arena_alloc(arena, request->record_size);

	if (!record)
		return fail_no_memory(err);
	if (node < 0 || !drop_stale(w, node, err))
		return node < 0;
	tree_put_string(w, node, "bootargs", request->command_line);
	if (request->initrd.size) {
		tree_put_u64(w, node, "linux,initrd-start", request->initrd.start);
		tree_put_u64(w, node, "linux,initrd-end", range_end(request->initrd));
	}
	put_seeds(w, node, request);
	if (!put_crash(w, node, request, err))
		return false;
	if (request->record_size)
		tree_put(w, node, RECORD, (struct view){ record, request->record_size });
	return true;
}

/* The trees that a request names, verified. */
struct trees {
	struct flat_tree base, running;
};

static bool open_trees(const struct device_tree_request *request, struct arena *arena,
	struct trees *ret, struct error *err)
{
	if (request->base.n == 0)
		return fail(err, FAULT_NO_DEVICE_TREE,
			"the next kernel needs a device tree; /sys/firmware/fdt has none, and none "
			"was given");
	if (!flat_tree_open(request->base, arena, &ret->base, err))
		return false;
	if (request->running.n && !flat_tree_open(request->running, arena, &ret->running, err))
		return error_prefix(err, "/sys/firmware/fdt: ");
	return true;
}

static bool write_tree(struct tree_writer *w, const struct device_tree_request *request,
	const struct trees *trees, struct arena *arena, struct notes *notes, struct error *err)
{
	const struct device_tree_lacks lacks = { &trees->running, request->memory };

	/* A boot loader may have reserved the initrd of the boot that is over. */
	tree_unreserve(w, flat_tree_initrd(&trees->base));
	if (trees->running.fdt && !device_tree_complete(w, &lacks, arena, notes))
		return fail_no_memory(err);
	if (!write_chosen(w, request, arena, err))
		return false;
	if (request->usable && request->usable_by_node && !tree_memory_limit(w, request->usable))
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: the memory reserved for a crash kernel does not fit its numbers of "
			"cells");
	for (size_t i = 0; request->reserve && i < request->reserve->count; i++)
		tree_reserve(w, request->reserve->items[i]);
	return true;
}

bool device_tree_make(const struct device_tree_request *request, struct arena *arena,
	struct notes *notes, struct device_tree *ret, struct error *err)
{
	struct device_tree tree = { 0 };
	struct trees trees = { 0 };
	struct tree_writer w;
	struct flat_tree made;
	struct view record;
	uint64_t growth;

	if (request->seed.n < DEVICE_TREE_SEED)
		return fail(err, FAULT_INTERNAL, "device tree: its seed has %zu bytes of %d",
			request->seed.n, DEVICE_TREE_SEED);
	if (!growth_of(request, &growth))
		return fail(err, FAULT_FIT_DEVICE_TREE, "device tree: grows past every limit");
	if (!open_trees(request, arena, &trees, err) ||
		!tree_writer_begin(&trees.base, growth, arena, &w, err) ||
		!write_tree(&w, request, &trees, arena, notes, err) ||
		!tree_writer_end(&w, &tree.bytes, err))
		return false;
	made = (struct flat_tree){ w.fdt, (uint32_t)tree.bytes.n };
	record = flat_tree_property(&made, "/chosen", RECORD);
	if (record.n)
		tree.record = (uint64_t)(record.p - tree.bytes.p);
	tree.is_efi = flat_tree_property(&made, "/chosen", "linux,uefi-system-table").n != 0;
	*ret = tree;
	return true;
}
