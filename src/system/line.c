/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/line.h"

#include <string.h>

#include "machine/text.h"
#include "plan/command-line.h"

/* Without an entry's own line, and without KPARAM, the next kernel gets what this one got. */
static const char *base_of(
	const struct service_line *line, struct arena *arena, struct notes *notes)
{
	if (line->given)
		return line->given;
	if (!line->reuses && line->parameters[0])
		return "";
	return command_line_reuse(line->running, false, arena, notes);
}

/*
 * What says the root file system is, in this order: KPARAM or --append, ROOTPART, the line itself,
 * the running kernel's line, what is mounted. The device's name may be another one in the next
 * kernel, where the line's UUID= is not: so what is mounted comes last.
 */
static const char *root_for(
	const struct service_line *line, const char *base, const char *tail, struct arena *arena)
{
	const char *running;

	if (command_line_value(tail, "root", arena))
		return NULL;
	if (line->root[0])
		return line->root;
	if (line->given || command_line_value(base, "root", arena))
		return NULL;
	running = command_line_value(line->running, "root", arena);
	return running ? running : line->mounted;
}

static const char *join(const char *first, const char *second, struct arena *arena)
{
	return first && second ? command_line_join(first, second, arena) : NULL;
}

const char *service_line_make(
	const struct service_line *line, struct arena *arena, struct notes *notes)
{
	const char *base, *tail, *root;

	if (line->whole[0])
		return join(line->whole, line->appended, arena);
	base = base_of(line, arena, notes);
	tail = join(line->appended, line->parameters, arena);
	/* What was added at the last jump is not added again. */
	if (base && tail && !line->given)
		base = command_line_without_end(base, tail, arena);
	if (!base || !tail)
		return NULL;
	root = root_for(line, base, tail, arena);
	if (root || command_line_value(tail, "root", arena))
		base = command_line_without(base, "root", false, arena);
	/* In front: behind a "--" words are no longer the kernel's. */
	if (root && base)
		base = join(arena_printf(arena, "root=%s", root), base, arena);
	base = join(base, tail, arena);
	return base ? command_line_without(base, "root", true, arena) : NULL;
}

/* "/dev/root" is how old kernels call what they mounted by themselves: no name of a device. */
bool service_line_root(
	const struct source *source, struct arena *arena, const char **ret, struct error *err)
{
	struct view text, row, device, point, root = { 0 };

	if (!source_take(source, "proc/mounts", arena, &text, err))
		return false;
	while (text_line(&text, &row))
		if (text_word(&row, &device) && text_word(&row, &point) && text_is(point, "/"))
			root = device;
	*ret = NULL;
	if (!view_has_at(root, 0, "/") || text_is(root, "/dev/root"))
		return true;
	*ret = arena_string(arena, root);
	return *ret || fail_no_memory(err);
}
