/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/same-build.h"

#include <string.h>

enum { BOOT_PROTOCOL_MIN = 0x020b }; /* the first with all of these fields */

/*
 * What the build alone decides (Documentation/arch/x86/boot.rst, "Details of Header Fields"; their type
 * there is "read", so that no boot loader has changed them), as offsets in boot_params.
 */
static const struct {
	uint16_t offset, size;
} header_fields[] = {
	{ 0x248, 8 },  /* payload_offset, payload_length: that of the packed kernel, to the byte */
	{ 0x258, 16 }, /* pref_address, init_size, handover_offset */
};

enum { PAYLOAD_LENGTH = 0x24c };

/* A version ends with what tells builds apart, and begins with the release. */
static bool has_version(const char *text, const char *release, const char *version)
{
	const size_t n = strlen(text), head = strlen(release), tail = strlen(version);

	return n > head + tail + 1 && strncmp(text, release, head) == 0 && text[head] == ' ' &&
		strcmp(text + n - tail, version) == 0 && text[n - tail - 1] == ' ';
}

static bool has_id(struct view kernel, struct view id)
{
	return kernel.n >= id.n && memmem(kernel.p, kernel.n, id.p, id.n);
}

/* Whether the running kernel's boot loader has left its header to be compared. */
static bool header_is_known(struct view boot_params, const struct image *image)
{
	struct reader length = reader_at(boot_params, PAYLOAD_LENGTH);

	return image->format == IMAGE_BZIMAGE && image->bzimage.protocol >= BOOT_PROTOCOL_MIN &&
		reader_le32(&length) != 0;
}

static bool header_is_same(struct view boot_params, struct view header)
{
	for (size_t i = 0; i < sizeof header_fields / sizeof header_fields[0]; i++) {
		const uint16_t offset = header_fields[i].offset, size = header_fields[i].size;
		struct view own, next;

		if (!view_sub(boot_params, offset, size, &own) ||
			!view_sub(header, offset - SETUP_HEADER_OFFSET, size, &next) ||
			!view_equal(own, next))
			return false;
	}
	return true;
}

const char *build_difference(const struct build_grounds *grounds, struct arena *arena)
{
	const struct own_build *own = grounds->own;
	const struct image *image = grounds->image;
	const char *release = grounds->machine->uname_release, *text;

	if (!release[0] || !own->version[0])
		return "the running kernel's version is not known";
	if (!image->version[0])
		return "the next kernel does not tell its version";
	if (!has_version(image->version, release, own->version)) {
		text = arena_printf(arena, "it is Linux %s, and the running kernel is %s %s",
			image->version, release, own->version);
		return text ? text : "";
	}
	if (grounds->unpacked.n) {
		if (!own->id.n)
			return "the running kernel's build ID is not known";
		return has_id(grounds->unpacked, own->id)
			? NULL
			: "its build ID is not that of the running kernel";
	}
	if (!header_is_known(grounds->machine->boot_params, image))
		return "by its version alone it cannot be told from another build";
	return header_is_same(grounds->machine->boot_params, image->bzimage.setup_header)
		? NULL
		: "its header is not that of the running kernel";
}
