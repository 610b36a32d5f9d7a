/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Type 1 of UAPI.1, "Boot Loader Specification", as systemd-boot reads it: "Type #1 Entry Keys". */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "entry/bls/bls.h"
#include "image/uki.h"
#include "machine/text.h"

struct reading {
	struct finder *f;
	const struct bls_rules *rules;
	const struct bls_root *root;
	struct bls_item *item;
	struct entry *entry; /* of the item */
	const char *kernel_key;
	unsigned options; /* lines of them */
};

enum { OPTIONS_MAX = 256, EFI_NAME_MAX = 32 };

static struct bls_owner owner_of(const struct reading *r)
{
	return (struct bls_owner){ r->entry, r->root };
}

static bool hide(struct reading *r)
{
	r->item->is_shown = false;
	return true;
}

/* For the order: what would not be compared as it stands leaves it open. */
static const char *compared(struct reading *r, struct view value)
{
	struct entry tried = { 0 };
	const char *text = NULL;

	if (bls_text(r->f, &tried, "key", value, &text) &&
		!memchr(value.n ? (const void *)value.p : "", '\t', value.n))
		return text;
	r->item->is_vague = true;
	return "";
}

static bool take_title(struct reading *r, struct view value)
{
	r->entry->title = finder_title(r->f, value);
	return r->entry->title;
}

static bool take_version(struct reading *r, struct view value)
{
	r->item->version = compared(r, value);
	r->entry->version = finder_title(r->f, value);
	return r->entry->version;
}

static bool take_machine_id(struct reading *r, struct view value)
{
	r->item->machine_id = compared(r, value);
	r->entry->machine_id = finder_title(r->f, value);
	return r->entry->machine_id;
}

static bool take_sort_key(struct reading *r, struct view value)
{
	r->item->sort_key = compared(r, value);
	r->entry->sort_key = finder_title(r->f, value);
	return r->entry->sort_key;
}

/* Of several keys that name a kernel the last one counts, or the entry is bad. */
static bool begin_kernel(struct reading *r, const char *key)
{
	if (r->kernel_key && strcmp(r->kernel_key, key) != 0 && r->rules->has_uki_key) {
		finder_obstacle(r->f, r->entry, "it names two kinds of kernel");
		hide(r);
	}
	r->kernel_key = key;
	return true;
}

/* A path that is not resolved here may still be one for the firmware, which then shows the entry. */
static bool locate_kernel(struct reading *r, const char *what, struct view value)
{
	struct entry tried = { 0 };

	r->entry->kernel = bls_locate(r->f, (struct bls_owner){ &tried, r->root }, what, value);
	if (r->entry->kernel)
		return true;
	finder_obstacle(r->f, r->entry, "%s", tried.obstacle ? tried.obstacle : "out of memory");
	r->item->is_vague |= tried.obstacle && !strstr(tried.obstacle, " is not there");
	return true;
}

static bool take_kernel(struct reading *r, struct view value)
{
	begin_kernel(r, "linux");
	return locate_kernel(r, "kernel", value);
}

static bool take_program(struct reading *r, struct view value)
{
	begin_kernel(r, "efi");
	return locate_kernel(r, "program", value);
}

static bool take_uki(struct reading *r, struct view value)
{
	if (!r->rules->has_uki_key)
		return true;
	begin_kernel(r, "uki");
	return locate_kernel(r, "program", value);
}

static bool take_url(struct reading *r, struct view value)
{
	(void)value;
	if (!r->rules->has_uki_key)
		return true;
	finder_obstacle(r->f, r->entry, "it loads its kernel by the network");
	return begin_kernel(r, "uki-url");
}

static bool add_initrd(struct reading *r, struct view value)
{
	const char *path = bls_locate(r->f, owner_of(r), "initrd", value);

	return !path || finder_add_initrd(r->f, r->entry, path);
}

static bool take_options(struct reading *r, struct view value)
{
	const char *before = r->entry->command_line, *text;

	if (!bls_text(r->f, r->entry, "command line", value, &text))
		return true;
	if (++r->options > OPTIONS_MAX || (before && strlen(before) > FINDER_TEXT_MAX)) {
		finder_obstacle(r->f, r->entry, "its command line is too long");
		return true;
	}
	r->entry->command_line = before ? arena_printf(r->f->arena, "%s %s", before, text) : text;
	return r->entry->command_line;
}

static bool take_device_tree(struct reading *r, struct view value)
{
	r->entry->device_tree = bls_locate(r->f, owner_of(r), "device tree", value);
	return true;
}

/* systemd-boot has no such key, so that it boots without them; other boot loaders apply them. */
static bool take_overlays(struct reading *r, struct view value)
{
	(void)value;
	finder_obstacle(r->f, r->entry, "it has device tree overlays, which are not applied here");
	return true;
}

static bool take_extra(struct reading *r, struct view value)
{
	(void)value;
	if (r->rules->last > 257)
		finder_obstacle(r->f, r->entry, "it has extra files, which are not passed on here");
	return true;
}

static bool take_profile(struct reading *r, struct view value)
{
	uint64_t number;

	if (r->rules->last > 257 && (!text_decimal(value, &number) || number > 0))
		finder_obstacle(r->f, r->entry, "it names a profile, which is not chosen here");
	return true;
}

static bool take_architecture(struct reading *r, struct view value)
{
	char name[EFI_NAME_MAX] = "";
	enum cpu_arch arch;

	if (value.n < sizeof name && !memchr(value.n ? (const void *)value.p : "", '\0', value.n))
		memcpy(name, value.n ? (const void *)value.p : "", value.n);
	arch = cpu_arch_by_efi(name);
	if (arch == ARCH_UNKNOWN)
		finder_obstacle(r->f, r->entry, "it is for the CPU \"%.*s\"",
			(int)(value.n < 32 ? value.n : 32), (const char *)value.p);
	else if (arch != r->f->arch && r->f->arch != ARCH_UNKNOWN)
		finder_obstacle(r->f, r->entry, "it is for %s, and this is %s", cpu_arch_name(arch),
			cpu_arch_name(r->f->arch));
	r->entry->arch = arch;
	r->item->is_vague |= r->f->arch == ARCH_UNKNOWN;
	return arch == r->f->arch || r->f->arch == ARCH_UNKNOWN ? true : hide(r);
}

static const struct {
	const char *key;
	bool (*take)(struct reading *r, struct view value);
} keys[] = {
	{ "title", take_title },
	{ "version", take_version },
	{ "machine-id", take_machine_id },
	{ "sort-key", take_sort_key },
	{ "linux", take_kernel },
	{ "efi", take_program },
	{ "uki", take_uki },
	{ "uki-url", take_url },
	{ "initrd", add_initrd },
	{ "options", take_options },
	{ "devicetree", take_device_tree },
	{ "devicetree-overlay", take_overlays },
	{ "architecture", take_architecture },
	{ "extra", take_extra },
	{ "profile", take_profile },
};

/* Keys that are not known are ignored, as the specification wants it. */
static bool read_lines(struct reading *r, struct view text)
{
	struct view key, value;

	while (bls_line(&text, " \t", r->rules, &key, &value))
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			if (text_is(key, keys[i].key) && !keys[i].take(r, value))
				return false;
	return true;
}

/*
 * A kernel with an EFI stub reads the initrds that its command line names, where the boot loader has
 * none for it: Documentation/admin-guide/efi-stub.rst, "The initrd= option".
 */
static bool take_initrds_of_options(struct reading *r)
{
	struct view rest = view_of_string(r->entry->command_line), word;
	bool had_some = r->entry->initrd_count > 0;

	while (text_word(&rest, &word)) {
		if (!view_starts_with(word, view_of_string("initrd=")))
			continue;
		if (had_some)
			finder_obstacle(r->f, r->entry,
				"it has initrds, and its command line names some as well");
		else if (!add_initrd(r, view_from(word, 7)))
			return false;
	}
	return true;
}

/* Whether the firmware lets only signed programs run, 1 or 0; -1 where it cannot be told. */
static int secure_boot(struct finder *f)
{
	static const char path[] =
		"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
	struct view bytes;

	if (!finder_read(f, path, &bytes))
		return f->unreadable ? -1 : 0;
	return bytes.n == 5 && bytes.p[4] <= 1 ? bytes.p[4] : -1;
}

/* Its own command line counts where it has one and the firmware checks signatures: systemd-stub(7). */
static void choose_line(struct reading *r, const struct entry *image, const char *options)
{
	int is_secure = secure_boot(r->f);

	if (!options || !options[0]) {
		r->entry->command_line = image->command_line;
		return;
	}
	if (!image->command_line || !image->command_line[0] || is_secure == 0) {
		r->entry->command_line = options;
		return;
	}
	r->entry->command_line = image->command_line;
	if (is_secure < 0)
		finder_obstacle(r->f, r->entry,
			"its kernel has a command line of its own, and nothing tells which counts");
}

/* An EFI program is a kernel only where it is one that brings its own along. */
static bool look_into_program(struct reading *r)
{
	const char *options = r->entry->command_line;
	struct bls_file image = { .root = r->root, .path = r->entry->kernel, .is_image = true };
	struct arena arena = { 0 };
	struct error ignored;
	struct view head = { 0 };
	bool is_uki;

	r->entry->command_line = NULL;
	is_uki = r->f->source->look(r->f->source, r->entry->kernel + 1, MiB(1), &arena, &head,
			 &ignored) == IS_THERE &&
		uki_probe(head);
	arena_free(&arena);
	if (!is_uki) {
		finder_obstacle(
			r->f, r->entry, "%s is an EFI program and no kernel", r->entry->kernel);
		return true;
	}
	if (!uki_describe(r->f, &image))
		return false;
	if (image.image.obstacle)
		finder_obstacle(r->f, r->entry, "%s", image.image.obstacle);
	r->entry->kernel = image.image.kernel;
	r->entry->initrds = image.image.initrds;
	r->entry->initrd_count = image.image.initrd_count;
	r->entry->kernel_sha256 = image.image.kernel_sha256;
	r->entry->initrd_sha256 = image.image.initrd_sha256;
	r->entry->release = image.image.release;
	choose_line(r, &image.image, options);
	return true;
}

bool bls_read_conf(struct finder *f, const struct bls_rules *rules, struct bls_item *item)
{
	struct reading r = { .f = f,
		.rules = rules,
		.root = item->file->root,
		.item = item,
		.entry = &item->entry };
	bool is_linux;

	if (!read_lines(&r, item->file->text))
		return false;
	/* What names no kernel of ours, or one that is gone, is not in the menu. */
	if (!r.entry->kernel && (!r.kernel_key || strcmp(r.kernel_key, "uki-url") != 0))
		item->is_shown = false;
	is_linux = !r.kernel_key || strcmp(r.kernel_key, "linux") == 0;
	if (!is_linux)
		return !r.entry->kernel || look_into_program(&r);
	r.entry->command_line = r.entry->command_line ? r.entry->command_line : "";
	return take_initrds_of_options(&r);
}
