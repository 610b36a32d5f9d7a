/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which of the files there is, and by which boot loader it is read: syslinux is for PCs, where U-Boot
 * is rare; all other CPUs have U-Boot. Where nothing tells, both readings must come to the same.
 */
#include <string.h>

#include "entry/extlinux/menu.h"
#include "machine/text.h"

enum boot_loader { BY_SYSLINUX, BY_U_BOOT, BY_EITHER };

/* SMBIOS' vendor, and boot.rst's type_of_loader. */
static bool is_pc_with_u_boot(struct finder *f)
{
	enum { TYPE_OF_LOADER = 0x210, U_BOOT = 0x8 };
	struct view bytes;

	if (finder_read(f, "/sys/class/dmi/id/bios_vendor", &bytes) &&
		text_is(text_trim(bytes), "U-Boot"))
		return true;
	return finder_read(f, "/sys/kernel/boot_params/data", &bytes) && bytes.n > TYPE_OF_LOADER &&
		bytes.p[TYPE_OF_LOADER] >> 4 == U_BOOT;
}

static enum boot_loader reader_of(struct finder *f, const struct extlinux_file *file)
{
	if (!file->is_of_u_boot)
		return BY_SYSLINUX;
	if (f->arch == ARCH_UNKNOWN)
		return BY_EITHER;
	if (!cpu_arch_is_x86(f->arch))
		return BY_U_BOOT;
	return is_pc_with_u_boot(f) ? BY_U_BOOT : BY_SYSLINUX;
}

static bool same_text(const char *x, const char *y)
{
	return x && y ? strcmp(x, y) == 0 : x == y;
}

static bool same_entry(const struct entry *x, const struct entry *y)
{
	bool same = x->line == y->line && same_text(x->file, y->file) &&
		same_text(x->kernel, y->kernel) && same_text(x->command_line, y->command_line) &&
		same_text(x->device_tree, y->device_tree) && x->initrd_count == y->initrd_count &&
		!x->obstacle == !y->obstacle;

	for (size_t i = 0; same && i < x->initrd_count; i++)
		same = strcmp(x->initrds[i], y->initrds[i]) == 0;
	return same;
}

/* Marks what U-Boot would read otherwise; whether the default is such a one, or is not the same. */
static bool compare(struct finder *f, struct finding *finding, const struct finder *other,
	const struct finding *by_other)
{
	bool differs = finding->has_default != by_other->has_default ||
		!finding->doubt != !by_other->doubt;

	if (!differs && finding->has_default)
		differs = !same_entry(
			&f->entries[finding->chosen], &other->entries[by_other->chosen]);
	for (size_t i = finding->first; i < f->count; i++) {
		bool same = false;

		for (size_t k = by_other->first; k < other->count && !same; k++)
			same = same_entry(&f->entries[i], &other->entries[k]);
		if (!same)
			finder_obstacle(f, &f->entries[i],
				"syslinux and U-Boot read it differently, and which of them does "
				"is not known");
	}
	return differs;
}

static bool read_by_either(struct menu *m, struct finding *ret)
{
	struct finder *f = m->f;
	struct finder copy = *f;
	struct notes ignored = { .arena = f->arena };
	struct menu again = *m;
	struct finding by_u_boot;

	copy.notes = &ignored;
	copy.entries = NULL;
	copy.count = 0;
	again.f = &copy;
	if (!u_boot_read(&again, &by_u_boot) || !syslinux_read(m, ret))
		return false;
	f->unreadable = f->unreadable ? f->unreadable : copy.unreadable;
	if (!compare(f, ret, &copy, &by_u_boot) || ret->doubt)
		return true;
	ret->doubt = arena_printf(f->arena,
		"%s: syslinux and U-Boot boot different labels of it, and which of them reads it "
		"is "
		"not known",
		m->main->file);
	return ret->doubt;
}

static bool read_by(enum boot_loader reader, struct menu *m, struct finding *ret)
{
	switch (reader) {
	case BY_SYSLINUX:
		return syslinux_read(m, ret);
	case BY_U_BOOT:
		return u_boot_read(m, ret);
	case BY_EITHER:
		break;
	}
	return read_by_either(m, ret);
}

/* A second one that says something else: which of them is read is not known. */
static bool doubt_others(
	struct finder *f, const struct extlinux_file *first, struct view text, struct finding *ret)
{
	struct view other;

	for (const struct extlinux_file *file = first + 1; file->file && !ret->doubt; file++) {
		if (!finder_read(f, file->file, &other) || view_equal(text, other) ||
			(reader_of(f, file) == BY_SYSLINUX && reader_of(f, first) == BY_U_BOOT))
			continue;
		ret->doubt = arena_printf(f->arena,
			"there are %s and %s, and which of them is read is not known", first->file,
			file->file);
		if (!ret->doubt)
			return false;
	}
	return true;
}

bool extlinux_find(struct finder *f, struct finding *ret)
{
	struct view text;

	ret->first = ret->chosen = f->count;
	for (const struct extlinux_file *file = extlinux_files; file->file; file++) {
		struct menu m = { .f = f, .main = file };
		enum boot_loader reader = reader_of(f, file);

		if ((reader == BY_SYSLINUX && f->arch != ARCH_UNKNOWN &&
			    !cpu_arch_is_x86(f->arch)) ||
			!finder_read(f, file->file, &text))
			continue;
		if (!read_by(reader, &m, ret) || !doubt_others(f, file, text, ret))
			return false;
		if (!ret->count && !ret->doubt)
			ret->doubt = arena_printf(
				f->arena, "%s has no label that can be booted", file->file);
		return ret->count || ret->doubt;
	}
	return true;
}
