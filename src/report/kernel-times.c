/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of init/main.c, drivers/base/dd.c and of file systems in Linux. */
#include "report/kernel-times.h"

#include <string.h>

#include "machine/text.h"

void longest_add(struct longest *longest, struct long_one one)
{
	size_t at = longest->count;

	while (at > 0 && longest->items[at - 1].us < one.us)
		at--;
	if (at == LONGEST)
		return;
	if (longest->count < LONGEST)
		longest->count++;
	memmove(&longest->items[at + 1], &longest->items[at],
		(longest->count - 1 - at) * sizeof *longest->items);
	longest->items[at] = one;
}

static bool begins(struct view v, const char *with)
{
	return view_has_at(v, 0, with);
}

/* "Run /init as init process" */
static bool is_init(struct view message)
{
	struct view first, path;

	return text_word(&message, &first) && text_is(first, "Run") && text_word(&message, &path) &&
		path.n && path.p[0] == '/' && text_is(text_trim(message), "as init process");
}

/* What a file system says of a device once it is mounted: what stands before its name, and behind. */
static const struct {
	const char *before, *behind;
} mounts[] = {
	{ "EXT4-fs (", "): mounted filesystem" },
	{ "EXT3-fs (", "): mounted filesystem" },
	{ "EXT2-fs (", "): mounted filesystem" },
	{ "XFS (", "): Ending " },
	{ "BTRFS info (device ", "): " },
	{ "BTRFS info (device ", " state " },
	{ "F2FS-fs (", "): Mounted " },
	{ "erofs: (device ", "): mounted with " },
};

static bool is_mount(struct view message, const char *device)
{
	for (size_t i = 0; device[0] && i < sizeof mounts / sizeof *mounts; i++) {
		const size_t before = strlen(mounts[i].before), n = strlen(device);

		if (begins(message, mounts[i].before) && view_has_at(message, before, device) &&
			view_has_at(message, before + n, mounts[i].behind))
			return true;
	}
	return false;
}

/* "returned 0 after 123 usecs" */
static bool took(struct view words, uint64_t *ret)
{
	struct view word, before = { 0 };

	while (text_word(&words, &word)) {
		if (text_is(word, "usecs"))
			return text_decimal(before, ret);
		before = word;
	}
	return false;
}

/* It is written when what it tells of has ended. */
struct line {
	struct view message;
	uint64_t us;
};

/* "initcall pci_init+0x0/0x40 returned 0 after 123 usecs", "probe of 0000:00:01.0 returned 1 after 45 usecs" */
static void take_long(
	struct line line, const char *prefix, struct longest *ret, struct arena *arena)
{
	struct view message = line.message, name;
	const char *copy;
	uint64_t us;

	if (!begins(message, prefix))
		return;
	message = view_from(message, strlen(prefix));
	if (!text_word(&message, &name) || !took(message, &us))
		return;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '+')
			name.n = i;
	copy = arena_string(arena, name);
	if (copy)
		longest_add(ret, (struct long_one){ copy, us, line.us > us ? line.us - us : 0 });
}

static void take(struct view message, uint64_t us, const char *root, struct kernel_times *t)
{
	if (begins(message, "Linux version "))
		t->has_beginning = true;
	if (!t->init.is_known && is_init(message))
		t->init = (struct own_time){ true, us };
	if (!t->root.is_known && is_mount(message, root))
		t->root = (struct own_time){ true, us };
}

struct kernel_times kernel_times_parse(struct view log, const char *root, struct arena *arena)
{
	struct kernel_times times = { 0 };
	struct view line, number;
	uint64_t us;

	while (text_line(&log, &line)) {
		if (!text_cut(&line, ' ', &number) || !text_decimal(number, &us))
			continue;
		take(line, us, root, &times);
		take_long((struct line){ line, us }, "initcall ", &times.initcalls, arena);
		take_long((struct line){ line, us }, "probe of ", &times.probes, arena);
	}
	/* Of what may not be the first one nothing is known. */
	if (!times.has_beginning)
		times.root.is_known = false;
	return times;
}
