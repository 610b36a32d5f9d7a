/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which folders are a $BOOT: the EFI system partition that the boot loader was started from, and the
 * extended boot loader partition beside it (UAPI.1, "The Partitions"). By mounts and udev's database.
 */
#include <string.h>
#include <strings.h>

#include "entry/bls/bls.h"
#include "machine/text.h"

static bool value_of(struct view line, const char *prefix, struct view *ret)
{
	if (!view_starts_with(line, view_of_string(prefix)))
		return false;
	*ret = text_trim(view_from(line, strlen(prefix)));
	return true;
}

/* UAPI.2, "Defined Partition Type UUIDs". */
static enum bls_partition partition_of(struct view type)
{
	if (text_is_any_case(type, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"))
		return BLS_ESP;
	if (text_is_any_case(type, "bc13c2ff-59e6-4262-a352-b275fd6f7172"))
		return BLS_XBOOTLDR;
	/* A partition table of the old kind has no types that tell. */
	return type.n == 36 ? BLS_OTHER : BLS_UNTOLD;
}

static void read_partition(struct finder *f, struct bls_root *root)
{
	const char *device = root->place ? root->place->device : "";
	size_t n = strspn(device, "0123456789:");
	const char *path = arena_printf(f->arena, "run/udev/data/b%.*s", (int)n, device);
	struct view text, line, value;
	struct error err;

	root->uuid = "";
	if (n == 0 || !path)
		return;
	if (!source_take(f->source, path, f->arena, &text, &err)) {
		finder_keep_unreadable(f, &err);
		return;
	}
	while (text_line(&text, &line)) {
		if (value_of(line, "E:ID_PART_ENTRY_TYPE=", &value))
			root->partition = partition_of(value);
		else if (value_of(line, "E:ID_PART_ENTRY_UUID=", &value))
			root->uuid = arena_string(f->arena, value);
	}
	if (!root->uuid)
		root->uuid = "";
}

static bool is_whole(const struct bls_root *root)
{
	return !root->place || strcmp(root->place->point, root->path) == 0;
}

/* A folder of the same file system as another one, as where /efi is /boot: read once. */
static bool is_same(const struct bls_root *x, const struct bls_root *y)
{
	return x->place && y->place && strcmp(x->place->device, y->place->device) == 0 &&
		is_whole(x) && is_whole(y);
}

static bool has_entries(struct finder *f, const struct bls_root *root)
{
	static const char *const folders[] = { "loader", "EFI/Linux" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *path = arena_printf(f->arena, "%s/%s", root->path, folders[i]);
		const char *const *names;

		if (path && finder_list(f, path, &names))
			return true;
	}
	return false;
}

/* Whether a boot loader for EFI that was started from the partition uuid looks at it; "": unknown. */
static bool is_looked_at(const struct bls_root *root, const char *uuid)
{
	if (!is_whole(root) || root->partition == BLS_OTHER)
		return false;
	return root->partition != BLS_ESP || !uuid[0] || !root->uuid[0] ||
		strcasecmp(uuid, root->uuid) == 0;
}

static bool is_among(const struct bls_root *root, const struct bls_roots *roots)
{
	for (size_t i = 0; i < roots->count; i++)
		if (is_same(root, &roots->items[i]))
			return true;
	return false;
}

/* Stable, for the few that there are. */
static void put_esp_first(struct bls_roots *roots)
{
	for (size_t i = 1; i < roots->count; i++)
		for (size_t k = i; k && roots->items[k].partition == BLS_ESP &&
			roots->items[k - 1].partition != BLS_ESP;
			k--) {
			struct bls_root moved = roots->items[k];

			roots->items[k] = roots->items[k - 1];
			roots->items[k - 1] = moved;
		}
}

/* What can be said only of the partition that the boot loader told. */
static void check_esp(struct finder *f, struct bls_roots *roots, const char *uuid)
{
	bool may_be = !uuid[0];

	for (size_t i = 0; i < roots->count; i++) {
		struct bls_root *root = &roots->items[i];

		if (uuid[0] && strcasecmp(root->uuid, uuid) == 0)
			root->partition = BLS_ESP;
		may_be |= root->partition == BLS_ESP || !root->uuid[0];
	}
	if (!may_be)
		roots->doubt = arena_printf(f->arena,
			"the partition %s that the boot loader was started from is not mounted",
			uuid);
}

void bls_list_roots(struct finder *f, bool is_for_efi, struct bls_roots *ret)
{
	/* Where two have entries and nothing tells, UAPI.1 has /boot for XBOOTLDR: "Mount Points". */
	static const char *const paths[BLS_ROOTS_MAX] = { "/efi", "/boot/efi", "/boot" };
	const char *uuid = is_for_efi ? bls_variable(f, "LoaderDevicePartUUID", &ret->doubt) : NULL;

	uuid = uuid ? uuid : "";
	ret->count = 0;
	for (size_t i = 0; i < BLS_ROOTS_MAX; i++) {
		struct bls_root root = { paths[i], places_of(&f->places, paths[i]), 0, "" };

		read_partition(f, &root);
		if ((is_for_efi && !is_looked_at(&root, uuid)) || is_among(&root, ret) ||
			!has_entries(f, &root))
			continue;
		ret->items[ret->count++] = root;
	}
	if (is_for_efi)
		check_esp(f, ret, uuid);
	put_esp_first(ret);
}
