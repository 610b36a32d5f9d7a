/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/loader-entry.h"

#include <string.h>

#define LOADER_FEATURES LOADER_VARIABLES "/LoaderFeatures-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

enum {
	/* UEFI specification 2.10, 8.2: non-volatile, with boot service access, with runtime access. */
	ATTRIBUTES = 1 | 2 | 4,
	ATTRIBUTES_SIZE = 4,
	CHARACTER_SIZE = 2,
	FEATURE_ENTRY_ONE_SHOT = 1 << 3,
};

bool loader_entry_bytes(const char *id, struct arena *arena, struct view *ret)
{
	const size_t length = strlen(id);
	const size_t size = ATTRIBUTES_SIZE + (length + 1) * CHARACTER_SIZE;
	uint8_t *bytes = arena_alloc(arena, size);

	if (!bytes || !length)
		return false;
	memset(bytes, 0, size);
	bytes[0] = ATTRIBUTES;
	for (size_t i = 0; i < length; i++) {
		if (id[i] < ' ' || id[i] > '~')
			return false;
		bytes[ATTRIBUTES_SIZE + i * CHARACTER_SIZE] = (uint8_t)id[i];
	}
	*ret = (struct view){ bytes, size };
	return true;
}

bool loader_entry_is(struct view file, const char *id)
{
	struct arena arena = { 0 };
	struct view wanted;
	bool is = file.n > ATTRIBUTES_SIZE && loader_entry_bytes(id, &arena, &wanted) &&
		view_equal(view_from(file, ATTRIBUTES_SIZE), view_from(wanted, ATTRIBUTES_SIZE));

	arena_free(&arena);
	return is;
}

static bool has_feature(struct view file)
{
	struct reader r = reader_at(file, ATTRIBUTES_SIZE);
	uint64_t features = reader_le64(&r);

	return !r.overrun && (features & FEATURE_ENTRY_ONE_SHOT);
}

/*
 * Linux on x86 hands the services on by this map alone (Documentation/ABI/testing/
 * sysfs-firmware-efi-runtime-map); boot_params are x86's.
 */
static bool is_kept_from_next(const struct source *source, struct arena *arena)
{
	const char *const *names;

	return source_list(source, "sys/kernel/boot_params", arena, &names) &&
		(!source_list(source, "sys/firmware/efi/runtime-map", arena, &names) || !names[0]);
}

const char *loader_entry_obstacle(const struct source *source, const char *own, struct arena *arena)
{
	struct view features = { 0 }, told = { 0 };
	struct error err;

	if (!source_take(source, &LOADER_FEATURES[1], arena, &features, &err) ||
		!source_take(source, &LOADER_ENTRY_ONE_SHOT[1], arena, &told, &err))
		return arena_string(arena, view_of_string(err.reason));
	if (!features.p || !has_feature(features))
		return "the boot loader does not say that it can boot an entry once";
	if (is_kept_from_next(source, arena))
		return "the next kernel could not take it back: /sys/firmware/efi/runtime-map is not "
		       "there";
	return told.p && !(own && loader_entry_is(told, own))
		? "the boot loader was told to boot another entry once"
		: NULL;
}
