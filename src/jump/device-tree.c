/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/device-tree.h"

#include "arch/registry.h"
#include "machine/flat-tree.h"

/* Verified here already, so that an error names the tree's file and not the kernel's. */
static bool take(struct job *job, struct input tree, struct error *err)
{
	struct flat_tree verified;

	if (!flat_tree_open(tree.bytes, &job->arena, &verified, err))
		return error_attempting(err, "load the device tree %s", tree.name);
	job->request.device_tree = tree;
	return true;
}

static bool open_file(struct job *job, struct error *err)
{
	const char *path = job->wanted.device_tree;

	if (!file_open(path, &job->device_tree, err))
		return error_attempting(err, "load the device tree %s", path);
	return take(job, (struct input){ path, job->device_tree.bytes, job->device_tree.fd }, err);
}

static bool open_uki(struct job *job, struct error *err)
{
	const char *name = arena_printf(&job->arena, "in %s", job->wanted.kernel);

	if (!name)
		return fail_no_memory(err);
	notes_add(&job->notes, "the device tree is the one in the UKI");
	return take(job, (struct input){ name, job->uki.uki.device_tree, -1 }, err);
}

/* Which of those for several boards (.dtbauto) is meant is the firmware's to say. */
static void note_left_out(struct job *job)
{
	size_t count = job->uki.uki.device_trees;

	if (count)
		notes_add(&job->notes, "the UKI has %zu device tree%s, not passed on", count,
			count > 1 ? "s" : "");
}

bool device_tree_gather(struct job *job, struct error *err)
{
	const struct arch_ops *arch = arch_find(job->machine.arch);
	bool is_taken = arch && arch->takes_device_tree;

	if (is_taken && !job->wanted.device_tree && job->uki.uki.device_tree.n)
		return open_uki(job, err);
	note_left_out(job);
	if (is_taken && job->wanted.device_tree)
		return open_file(job, err);
	if (job->wanted.device_tree)
		notes_add(&job->notes,
			"--dtb has no effect: kernels for %s are given no device tree",
			cpu_arch_name(job->machine.arch));
	return true;
}
