/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry/names/table.h"

#include <string.h>

#include "machine/machine.h"

const char *const plain_kernels[] = { "bzImage", "vmlinux", "vmlinuz", "kernel", NULL };
static const char *const plain_initrds[] = { "initrd", "initramfs", "initrd.img", NULL };

/* Before the version, in Gentoo's order; %s is the machine as uname -m tells it. */
static const struct {
	const char *start;
	enum named_for until; /* the narrowest use that it has */
} kernels[] = {
	{ "bzImage-", NAMED_FOR_GENTOO },
	{ "vmlinux-", NAMED_FOR_GENTOO },
	{ "vmlinuz-", NAMED_FOR_GENTOO },
	{ "kernel-genkernel-%s-", NAMED_FOR_GENTOO },
	{ "kernel-genkernel-amd64-", NAMED_FOR_GENTOO },
	{ "kernel-genkernel-x86-", NAMED_FOR_GENTOO },
	{ "kernel-", NAMED_FOR_GENTOO },
	{ "Image-", NAMED_FOR_LISTS },
	{ "linux-", NAMED_FOR_RELEASE },
};

/* The parts before and behind the version. */
static const struct {
	const char *start, *end;
} initrds[] = {
	{ "initrd.img-", "" },
	{ "initrd-", ".img" },
	{ "initrd-", "" },
	{ "initramfs-", ".img" },
	{ "initramfs-genkernel-%s-", "" },
	{ "initramfs-genkernel-x86_64-", "" },
	{ "initramfs-genkernel-amd64-", "" },
	{ "initramfs-", "" },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* With uname -m in the place of "%s"; NULL when memory is out. */
static const char *with_machine(struct finder *f, const char *name)
{
	const char *at = strstr(name, "%s");

	if (!at)
		return name;
	return arena_printf(f->arena, "%.*s%s%s", (int)(at - name), name, f->uname_machine, at + 2);
}

/* The rest of the name behind a row's start; NULL: it does not begin so. */
static const char *rest_by(struct finder *f, size_t row, const char *name, enum named_for what)
{
	const char *start = with_machine(f, kernels[row].start);
	size_t n = start ? strlen(start) : 0;

	if (!n || kernels[row].until > what || strncmp(name, start, n) != 0 || !name[n])
		return NULL;
	if (what == NAMED_FOR_GENTOO && !(name[n] >= '0' && name[n] <= '9'))
		return NULL;
	return name + n;
}

const char *kernel_name_rest(struct finder *f, const char *name, enum named_for what)
{
	const char *rest = NULL;

	/* A list and a release take no more off than what all such names have. */
	for (size_t i = 0; i < COUNT(kernels) && !rest; i++)
		if (what == NAMED_FOR_GENTOO || !strstr(kernels[i].start, "genkernel"))
			rest = rest_by(f, i, name, what);
	return rest;
}

size_t kernel_name_rank(struct finder *f, const char *name)
{
	for (size_t i = 0; i < COUNT(kernels); i++)
		if (rest_by(f, i, name, NAMED_FOR_GENTOO))
			return i;
	return COUNT(kernels);
}

static const char *in_folder(struct finder *f, const char *folder, const char *start,
	const char *middle, const char *end)
{
	const char *whole = with_machine(f, start);
	const char *path =
		whole ? arena_printf(f->arena, "%s/%s%s%s", folder, whole, middle, end) : NULL;

	return path && finder_exists(f, path) ? path : NULL;
}

const char *initrd_of_version(struct finder *f, const char *folder, const char *version)
{
	const char *path = NULL;

	for (size_t i = 0; i < COUNT(initrds) && version[0] && !path; i++)
		path = in_folder(f, folder, initrds[i].start, version, initrds[i].end);
	return path;
}

const char *initrd_without_version(struct finder *f, const char *folder, const char *ending)
{
	const char *path = NULL;

	for (size_t i = 0; plain_initrds[i] && !path; i++)
		path = in_folder(f, folder, plain_initrds[i], ending, "");
	return path;
}

/* "Documentation/arch/x86/boot.rst": ramdisk_size; devicetree/usage-model.rst: linux,initrd-start. */
static enum answer came_with_initrd(struct finder *f)
{
	enum { RAMDISK_SIZE = 0x21c };
	struct view bytes;
	struct reader r;
	uint32_t size;

	if (finder_peek(f, "/proc/device-tree/chosen/linux,initrd-start", &bytes))
		return ANSWER_YES;
	if (!finder_peek(f, "/sys/kernel/boot_params/data", &bytes))
		return ANSWER_UNKNOWN;
	r = reader_at(bytes, RAMDISK_SIZE);
	size = reader_le32(&r);
	if (r.overrun)
		return ANSWER_UNKNOWN;
	return size ? ANSWER_YES : ANSWER_NO;
}

bool running_has_initrd(struct finder *f, const char *folder)
{
	enum answer answer = came_with_initrd(f);

	if (answer == ANSWER_UNKNOWN)
		return initrd_of_version(f, folder, f->release) != NULL;
	return answer == ANSWER_YES;
}
