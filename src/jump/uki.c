/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/uki.h"

#include "jump/inputs.h"
#include "machine/flat-tree.h"

static bool add_initrd(struct job *job, struct view bytes, const char *section, struct error *err)
{
	const char *name;

	if (bytes.n == 0)
		return true;
	name = arena_printf(&job->arena, "%s in %s", section, job->wanted.kernel);
	if (!name)
		return fail_no_memory(err);
	inputs_add(job, (struct input){ name, bytes, -1 });
	return true;
}

static void note_profiles(struct job *job)
{
	const struct uki *uki = &job->uki.uki;

	if (uki->profiles > 1)
		notes_add(&job->notes, "the UKI has %zu profiles; the first one is taken",
			uki->profiles);
}

bool uki_open(struct job *job, struct error *err)
{
	job->uki = job->image;
	note_profiles(job);
	return add_initrd(job, job->uki.uki.microcode, ".ucode", err) &&
		add_initrd(job, job->uki.uki.initrd, ".initrd", err);
}

const char *uki_command_line(struct job *job)
{
	const char *own = job->uki.uki.command_line;

	if (!own)
		return "";
	if (job->wanted.command_line || job->wanted.reuse_command_line) {
		notes_add(&job->notes, "the command line in the UKI is replaced by the one given");
		return "";
	}
	notes_add(&job->notes, "the command line is the one in the UKI");
	return own;
}

size_t uki_device_trees(const struct job *job)
{
	const struct uki *uki = &job->uki.uki;

	return uki->device_tree_auto_count + (uki->device_tree.n > 0);
}

/* What a device tree is for: the first of the names that its root has; empty where it has none. */
static bool read_model(struct job *job, struct view bytes, struct view *ret, struct error *err)
{
	struct flat_tree tree;
	struct view names;
	size_t length = 0;

	if (!flat_tree_open(bytes, &job->arena, &tree, err))
		return false;
	names = flat_tree_property(&tree, "/", "compatible");
	while (length < names.n && names.p[length])
		length++;
	*ret = view_first(names, length);
	return true;
}

/* UAPI.5: the tree for this machine goes before the one for all machines. */
static bool choose_tree(
	struct job *job, struct view *ret, const char **ret_section, struct error *err)
{
	const struct uki *uki = &job->uki.uki;
	struct view machine = { 0 }, model;

	*ret = uki->device_tree;
	*ret_section = ".dtb";
	if (uki->device_tree_auto_count == 0 || job->machine.device_tree.n == 0)
		return true;
	if (!read_model(job, job->machine.device_tree, &machine, err))
		return error_prefix(err, "the running machine's device tree: ");
	for (size_t i = 0; i < uki->device_tree_auto_count; i++) {
		if (!read_model(job, uki->device_trees_auto[i], &model, err))
			return error_prefix(err, ".dtbauto %zu in the UKI: ", i + 1);
		if (!machine.n || !view_equal(model, machine))
			continue;
		*ret = uki->device_trees_auto[i];
		*ret_section = ".dtbauto";
		break;
	}
	return true;
}

bool uki_take_device_tree(struct job *job, struct error *err)
{
	const char *section, *name;
	struct view bytes, ignored;

	if (!choose_tree(job, &bytes, &section, err))
		return false;
	if (bytes.n == 0) {
		notes_add(&job->notes,
			"none of the device trees in the UKI (%zu) is for this machine",
			uki_device_trees(job));
		return true;
	}
	name = arena_printf(&job->arena, "%s in %s", section, job->wanted.kernel);
	if (!name)
		return fail_no_memory(err);
	if (!read_model(job, bytes, &ignored, err))
		return error_prefix(err, "%s in the UKI: ", section);
	notes_add(&job->notes, "the device tree is the one in the UKI (%s)", section);
	job->request.device_tree = (struct input){ name, bytes, -1 };
	return true;
}
