/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the entries is meant; knows none of the formats that they come from. */
#include <string.h>

#include "entry/entry.h"
#include "entry/version.h"

bool entry_is_program(const struct entry *entry)
{
	size_t n = entry->kernel ? strlen(entry->kernel) : 0;

	return n > 4 && strcmp(entry->kernel + n - 4, ".efi") == 0;
}

/* The ways to name an entry, the surest first. */
static const char *id_of(const struct entry *entry)
{
	return entry->id;
}

static const char *title_of(const struct entry *entry)
{
	return entry->title;
}

static const char *version_of(const struct entry *entry)
{
	return entry->version;
}

static const char *release_of(const struct entry *entry)
{
	return entry->release;
}

static const char *kernel_of(const struct entry *entry)
{
	return entry->kernel ? entry->kernel : "";
}

static const char *file_of(const struct entry *entry)
{
	return entry->line ? "" : entry->file;
}

typedef const char *entry_name(const struct entry *entry);

static entry_name *const names[] = { id_of, title_of, version_of, release_of, kernel_of, file_of };

/* The default comes before others that are named alike, and what can be loaded before what cannot. */
static bool is_better(const struct entry *entry, const struct entry *than)
{
	if (!than || !entry->obstacle != !than->obstacle)
		return !than || !entry->obstacle;
	return entry->is_default && !than->is_default;
}

static const struct entry *by_name(const struct entries *entries, const char *name)
{
	const struct entry *best = NULL;

	for (size_t n = 0; n < sizeof names / sizeof *names && !best && name[0]; n++)
		for (size_t i = 0; i < entries->count; i++)
			if (strcmp(names[n](&entries->items[i]), name) == 0 &&
				is_better(&entries->items[i], best))
				best = &entries->items[i];
	return best;
}

static const struct entry *running(const struct entries *entries)
{
	const struct entry *best = NULL;

	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].is_running && is_better(&entries->items[i], best))
			best = &entries->items[i];
	return best;
}

/* Of several with one release the boot loader's first: the others are for rescue. */
static const struct entry *newest(const struct entries *entries)
{
	const struct entry *best = NULL;

	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->items[i];

		if (entry->obstacle || !entry->release[0] ||
			(entry->is_counted && entry->tries_left == 0))
			continue;
		if (!best || version_compare(entry->release, best->release) > 0)
			best = entry;
	}
	return best;
}

static const struct entry *the_default(const struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].is_default)
			return &entries->items[i];
	return NULL;
}

static bool not_found(struct entry_wish wish, struct error *err)
{
	switch (wish.by) {
	case ENTRY_BY_NAME:
		return fail(err, FAULT_NO_ENTRY,
			"no entry has the id, title, version or kernel \"%.200s\"", wish.name);
	case ENTRY_BY_RUNNING:
		return fail(err, FAULT_NO_ENTRY, "no entry has the running kernel");
	case ENTRY_BY_NEWEST:
		return fail(err, FAULT_NO_ENTRY,
			"no entry that can be loaded tells the version of its kernel");
	case ENTRY_BY_DEFAULT:
		break;
	}
	return fail(err, FAULT_NO_ENTRY, "nothing tells which entry is the default");
}

static const struct entry *find(const struct entries *entries, struct entry_wish wish)
{
	switch (wish.by) {
	case ENTRY_BY_NAME:
		return by_name(entries, wish.name);
	case ENTRY_BY_RUNNING:
		return running(entries);
	case ENTRY_BY_NEWEST:
		return newest(entries);
	case ENTRY_BY_DEFAULT:
		break;
	}
	return the_default(entries);
}

/* What is not known where it decides which entry is meant; NULL: nothing. */
static const char *doubt_of(const struct entries *entries, struct entry_wish wish)
{
	if (wish.by == ENTRY_BY_DEFAULT)
		return entries->no_default;
	return wish.by == ENTRY_BY_NEWEST ? entries->incomplete : NULL;
}

bool entry_choose(const struct entries *entries, struct entry_wish wish, const struct entry **ret,
	struct error *err)
{
	const struct entry *entry = find(entries, wish);
	const char *doubt = doubt_of(entries, wish);

	if (doubt)
		return fail(
			err, FAULT_ENTRY_UNKNOWN, "which entry is meant is not known: %s", doubt);

	if (!entry)
		return not_found(wish, err);
	if (entry->obstacle)
		return fail(err, FAULT_ENTRY_REFUSED, "entry \"%.100s\": %s", entry->title,
			entry->obstacle);
	*ret = entry;
	return true;
}
