/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/device-tree.h"

#include "arch/registry.h"
#include "base/fields.h"
#include "image/fit.h"
#include "jump/holding.h"
#include "jump/uki.h"
#include "machine/flat-tree.h"

static bool check_kind(struct view bytes, struct error *err)
{
	return !fit_probe(bytes) ||
		fail(err, FAULT_DEVICE_TREE,
			"it is a FIT image of U-Boot, in which trees may lie, and no machine's tree");
}

/* The tree is verified here already, so that an error names its file and not that of the kernel. */
static bool open_file(struct job *job, struct error *err)
{
	const char *path = job->wanted.device_tree;
	struct flat_tree tree;

	if (!file_open_within(job->wanted.confines, path, &job->device_tree, err) ||
		!holding_admit(job, &job->device_tree, err) ||
		!check_kind(job->device_tree.bytes, err) ||
		!flat_tree_open(job->device_tree.bytes, &job->arena, &tree, err))
		return error_attempting(err, "load the device tree %s", path);
	job->request.device_tree =
		(struct input){ path, job->device_tree.bytes, job->device_tree.fd };
	return true;
}

static bool has_appended_tree(const struct job *job)
{
	return job->image.format == IMAGE_ZIMAGE && job->image.zimage.appended_tree.n > 0;
}

/* A tree behind the kernel is one that a user put there: it is taken as one that is given. */
static bool take_appended(struct job *job, struct error *err)
{
	const struct view bytes = job->image.zimage.appended_tree;
	const char *name = arena_printf(&job->arena, "the end of %s", job->wanted.kernel);
	struct flat_tree tree;

	if (!name)
		return fail_no_memory(err);
	if (!flat_tree_open(bytes, &job->arena, &tree, err))
		return error_prefix(err, "the device tree at the end of the kernel: ");
	notes_add(&job->notes, "the device tree is the one at the end of the kernel");
	job->request.device_tree = (struct input){ name, bytes, -1 };
	return true;
}

/* Kernels for this CPU are given no device tree. */
static void note_trees_in_vain(struct job *job)
{
	size_t in_uki = uki_device_trees(job);

	if (job->wanted.device_tree)
		notes_add(&job->notes,
			FIELD_DTB " has no effect: kernels for %s are given no device tree",
			cpu_arch_name(job->machine.arch));
	if (in_uki)
		notes_add(&job->notes, "the UKI has %zu device tree%s, not passed on", in_uki,
			in_uki > 1 ? "s" : "");
}

bool device_tree_gather(struct job *job, struct error *err)
{
	const struct arch_ops *arch = arch_find(job->machine.arch);

	if (arch && !arch->takes_device_tree) {
		note_trees_in_vain(job);
		return true;
	}
	if (has_appended_tree(job) && !job->wanted.device_tree)
		return take_appended(job, err);
	if (has_appended_tree(job))
		notes_add(&job->notes,
			"the device tree at the end of the kernel is replaced by the one given");
	if (!uki_device_trees(job))
		return !job->wanted.device_tree || open_file(job, err);
	if (!job->wanted.device_tree)
		return uki_take_device_tree(job, err);
	notes_add(&job->notes, "the device tree in the UKI is replaced by the one given");
	return open_file(job, err);
}
