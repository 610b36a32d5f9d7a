/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "initrd/member.h"

#include "base/arith.h"
#include "initrd/initrd.h"

enum {
	HEADER_SIZE = 110, /* magic number and 13 fields of 8 hexadecimal digits */
	MAGIC_SIZE = 6,
	FIELD_SIZE = 8,
	FIELD_COUNT = 13,
	FIELD_FILESIZE = 6,
	FIELD_NAMESIZE = 11,
};

static bool field_read(struct view digits, uint32_t *ret)
{
	uint32_t value = 0;

	for (size_t i = 0; i < digits.n; i++) {
		uint8_t c = digits.p[i], letter = c | 0x20;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (letter >= 'a' && letter <= 'f')
			value = value << 4 | (uint32_t)(letter - 'a' + 10);
		else
			return false;
	}
	*ret = value;
	return digits.n == FIELD_SIZE;
}

static bool fields_read(struct view file, uint64_t at, uint32_t ret[FIELD_COUNT])
{
	struct reader r = reader_at(file, at + MAGIC_SIZE);

	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (!field_read(reader_bytes(&r, FIELD_SIZE), &ret[i]))
			return false;
	return true;
}

/* Of a file that ends in it only the beginning counts. */
static bool has_magic(struct view file, uint64_t at, const char *magic)
{
	struct view there = view_first(view_from(file, at), MAGIC_SIZE);

	return there.n && view_starts_with(view_of_string(magic), there);
}

/*
 * The last one's data may lack its padding. Sizes have 32 bits and at lies in a file, so that no sum
 * here wraps.
 */
static enum initrd_member_kind sizes_apply(struct view file, uint64_t at,
	const uint32_t fields[FIELD_COUNT], struct initrd_member *ret)
{
	struct view name = view_first(view_from(file, at + HEADER_SIZE), fields[FIELD_NAMESIZE]);
	uint64_t data, end;

	if (!ck_align_up(at + HEADER_SIZE + fields[FIELD_NAMESIZE], INITRD_ALIGN, &data))
		return MEMBER_NONE;
	end = data + fields[FIELD_FILESIZE];
	*ret = (struct initrd_member){
		.name = view_to_zero(name),
		.data = data,
		.size = fields[FIELD_FILESIZE],
	};
	if (name.n < fields[FIELD_NAMESIZE] || (end > file.n && ret->size != 0))
		return MEMBER_CUT;
	if (!ck_align_up(end, INITRD_ALIGN, &end))
		return MEMBER_NONE;
	ret->end = min_u64(end, file.n);
	return MEMBER_WHOLE;
}

enum initrd_member_kind initrd_member_read(struct view file, uint64_t at, struct initrd_member *ret)
{
	uint32_t fields[FIELD_COUNT];

	if (at % INITRD_ALIGN != 0)
		return MEMBER_NONE;
	if (!has_magic(file, at, "070701") && !has_magic(file, at, "070702"))
		return has_magic(file, at, "070707") ? MEMBER_OLD : MEMBER_NONE;
	if (file.n - at < HEADER_SIZE)
		return MEMBER_HEADER_CUT;
	if (!fields_read(file, at, fields))
		return MEMBER_NONE;
	return sizes_apply(file, at, fields, ret);
}
