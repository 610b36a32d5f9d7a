/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/uki.h"

#include "jump/inputs.h"

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

static void note_what_is_left_out(struct job *job)
{
	const struct uki *uki = &job->uki.uki;
	size_t count = uki->device_tree_auto_count + (uki->device_tree.n > 0);

	if (uki->profiles > 1)
		notes_add(&job->notes, "the UKI has %zu profiles; the first one is taken",
			uki->profiles);
	if (count)
		notes_add(&job->notes, "the UKI has %zu device tree%s, not passed on", count,
			count > 1 ? "s" : "");
}

bool uki_open(struct job *job, struct error *err)
{
	job->uki = job->image;
	note_what_is_left_out(job);
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
