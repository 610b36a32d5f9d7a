/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/device-tree.h"

#include "arch/registry.h"
#include "machine/flat-tree.h"

/* Verified here already, so that an error names this file and not the kernel's. */
static bool open_tree(struct job *job, struct error *err)
{
	const char *path = job->wanted.device_tree;
	struct flat_tree tree;

	if (!file_open(path, &job->device_tree, err) ||
		!flat_tree_open(job->device_tree.bytes, &job->arena, &tree, err))
		return error_attempting(err, "load the device tree %s", path);
	job->request.device_tree =
		(struct input){ path, job->device_tree.bytes, job->device_tree.fd };
	return true;
}

bool device_tree_gather(struct job *job, struct error *err)
{
	const struct arch_ops *arch = arch_find(job->machine.arch);

	if (!job->wanted.device_tree)
		return true;
	if (!arch || arch->takes_device_tree)
		return open_tree(job, err);
	notes_add(&job->notes, "--dtb has no effect: kernels for %s are given no device tree",
		cpu_arch_name(arch->arch));
	return true;
}
