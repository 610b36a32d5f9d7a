/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "The GNU GRUB Manual", "Environment block": lines behind a first line that says so, padded with '#'. */
#include "service/grub-block.h"

#include <string.h>

#include "machine/text.h"

static const char head[] = "# GRUB Environment Block\n";

enum { HEAD = sizeof head - 1, PADDING = '#' };

struct writing {
	uint8_t *bytes;
	size_t used;
	bool is_full;
};

static void put(struct writing *w, const void *bytes, size_t n)
{
	w->is_full |= n > GRUB_BLOCK_SIZE - w->used;
	if (w->is_full)
		return;
	memcpy(w->bytes + w->used, bytes, n);
	w->used += n;
}

/* A backslash or a newline in a value would have to be escaped, which not all versions read alike. */
static bool can_stand(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == '\\' || *value == 0x7f)
			return false;
	return true;
}

static bool is_of(struct view line, const char *name)
{
	size_t n = strlen(name);

	return line.n > n && memcmp(line.p, name, n) == 0 && line.p[n] == '=';
}

/* A line of which a newline is a part, by a backslash before it, is kept as it is, with the next one. */
static bool is_continued(struct view line)
{
	size_t n = 0;

	while (n < line.n && line.p[line.n - 1 - n] == '\\')
		n++;
	return n % 2 != 0;
}

static bool keep_lines(struct view rest, const char *name, struct writing *w)
{
	struct view line;
	bool in_ours = false, in_another = false;

	while (rest.n && rest.p[0] != PADDING) {
		if (!text_cut(&rest, '\n', &line))
			return false;
		if (!in_another && (in_ours || is_of(line, name))) {
			in_ours = is_continued(line);
			continue;
		}
		in_another = is_continued(line);
		put(w, line.p, line.n);
		put(w, "\n", 1);
	}
	for (size_t i = 0; i < rest.n; i++)
		if (rest.p[i] != PADDING)
			return false;
	return !in_ours && !in_another;
}

bool grub_block_set(struct view block, const char *name, const char *value,
	uint8_t ret[static GRUB_BLOCK_SIZE], struct error *err)
{
	uint8_t bytes[GRUB_BLOCK_SIZE];
	struct writing w = { .bytes = bytes };

	if (block.n != GRUB_BLOCK_SIZE || !view_has_at(block, 0, head))
		return fail(err, FAULT_FILE_UNWRITABLE, "it is no environment block of GRUB");
	if (value && !can_stand(value))
		return fail(
			err, FAULT_FILE_UNWRITABLE, "the value cannot stand in GRUB's environment");
	put(&w, head, HEAD);
	if (!keep_lines(view_from(block, HEAD), name, &w))
		return fail(err, FAULT_FILE_UNWRITABLE, "GRUB's environment block is damaged");
	if (value) {
		put(&w, name, strlen(name));
		put(&w, "=", 1);
		put(&w, value, strlen(value));
		put(&w, "\n", 1);
	}
	if (w.is_full)
		return fail(err, FAULT_FILE_UNWRITABLE, "GRUB's environment block is full");
	memset(bytes + w.used, PADDING, GRUB_BLOCK_SIZE - w.used);
	memcpy(ret, bytes, GRUB_BLOCK_SIZE);
	return true;
}
