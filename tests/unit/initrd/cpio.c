/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "initrd/cpio.h"

#include <string.h>

#include "codec/pack.h"

enum { ALIGN = 4, HEADER_SIZE = 110 };

static size_t padded(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

struct view cpio_pack(struct arena *a, const struct cpio_member *member)
{
	size_t name = strlen(member->name) + 1;
	char *filesize = arena_printf(a, "%08zx", member->data.n);
	char *namesize = arena_printf(a, "%08zX", name);
	size_t data = padded(HEADER_SIZE + name);
	struct block b = { .n = padded(data + member->data.n) };
	char *header = arena_printf(a,
		"%s" /* magic number */
		"00000001"
		"000081a4"
		"00000000" /* inode, mode, uid */
		"00000000"
		"00000001"
		"65000000"
		"%s" /* gid, links, time, size of the file */
		"00000000"
		"00000000"
		"00000000" /* devices */
		"00000000"
		"%s"
		"00000000", /* size of the name, sum */
		member->magic ? member->magic : "070701",
		member->filesize ? member->filesize : filesize,
		member->namesize ? member->namesize : namesize);

	b.p = arena_alloc(a, b.n);
	block_put_bytes(&b, 0, view_of_string(header));
	block_put_bytes(&b, HEADER_SIZE, view_of_string(member->name));
	block_put_bytes(&b, data, member->data);
	assert_int_equal(strlen(header), HEADER_SIZE);
	assert_false(b.overrun);
	return (struct view){ b.p, b.n };
}

struct view cpio_trailer(struct arena *a)
{
	return cpio_pack(a, &(struct cpio_member){ .name = "TRAILER!!!" });
}

struct view cpio_archive(struct arena *a, const char *name, const char *text)
{
	struct cpio_member member = { .name = name, .data = view_of_string(text) };

	return join(a, cpio_pack(a, &member), cpio_trailer(a));
}

struct view cpio_zeros(struct arena *a, size_t n)
{
	return (struct view){ arena_alloc(a, n + 1), n };
}
