/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/s390x-image.h"

#include <string.h>

enum {
	MAGIC = 0x10008,
	VERSION_PLACE = 0x10428,    /* where its version is, as text */
	COMMAND_LINE_MAX = 0x10430, /* since Linux 5.14; before: nothing */
	COMMAND_LINE_LEGACY = 896,  /* as it was for all kernels before */
	COMMAND_LINE_LEAST = 16,    /* less is damage, as is more than the file has */
	VERSION_SIZE_MAX = 512,

	/* The first word of a short PSW (Principles of Operation, "program-status word"), and a bit of the second. */
	PSW_START = 0x00080000,
};

#define PSW_31_BIT 0x80000000u

bool s390x_image_probe(struct view bytes)
{
	return view_has_at(bytes, MAGIC, "S390EP");
}

static uint64_t number_at(struct view bytes, uint64_t offset)
{
	struct reader r = reader_at(bytes, offset);

	return reader_be64(&r);
}

/* As it would be started from a disk: what lies at address 0 has to lead to somewhere in it. */
static bool check_start(struct view bytes, struct error *err)
{
	struct reader r = reader_at(bytes, 0);
	uint32_t mask = reader_be32(&r), address = reader_be32(&r);

	if (mask != PSW_START || !(address & PSW_31_BIT) || (address & ~PSW_31_BIT) >= bytes.n)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its first 8 bytes are %#x and %#x, which start no program in it", mask,
			address);
	return true;
}

static bool read_command_line_size(struct view bytes, uint64_t *ret, struct error *err)
{
	uint64_t size = number_at(bytes, COMMAND_LINE_MAX);

	if (size == 0)
		size = COMMAND_LINE_LEGACY;
	if (size < COMMAND_LINE_LEAST || size > bytes.n)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it says that its command line may have %llu bytes",
			(unsigned long long)size);
	if (bytes.n - size < S390X_COMMAND_LINE)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its command line", bytes.n);
	*ret = size;
	return true;
}

static bool read_version(
	struct view bytes, struct arena *arena, const char **ret, struct error *err)
{
	uint64_t at = number_at(bytes, VERSION_PLACE);
	struct view text = view_first(view_from(bytes, at), VERSION_SIZE_MAX);
	const uint8_t *end = text.n ? memchr(text.p, '\0', text.n) : NULL;

	*ret = "";
	if (at == 0)
		return true;
	if (!end)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its version is to be found at %#llx of %zu bytes, where no text ends",
			(unsigned long long)at, bytes.n);
	*ret = arena_string(arena, view_first(text, (size_t)(end - text.p)));
	return *ret || fail_no_memory(err);
}

bool s390x_image_parse(
	struct view bytes, struct arena *arena, struct s390x_image *ret, struct error *err)
{
	struct s390x_image image = { 0 };

	if (bytes.n < S390X_COMMAND_LINE)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, before its command line", bytes.n);
	if (!check_start(bytes, err) ||
		!read_command_line_size(bytes, &image.command_line_size, err) ||
		!read_version(bytes, arena, &image.version, err))
		return false;
	*ret = image;
	return true;
}
