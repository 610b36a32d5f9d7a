/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images of disks, written by hand: UEFI Specification, "GUID Partition Table (GPT) Disk Layout". */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/bytes.h"
#include "sys/partitions.h"

enum { SECTOR = 512, SECTORS = 4096, ENTRIES = 4, ENTRY = 128 };

/* The types as a table has them: the first three numbers little-endian. */
static const uint8_t linux_data[16] = { 0xaf, 0x3d, 0xc6, 0x0f, 0x83, 0x84, 0x72, 0x47, 0x8e, 0x79,
	0x3d, 0x69, 0xd8, 0x47, 0x7d, 0xe4 };
static const uint8_t esp[16] = { 0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11, 0xba, 0x4b, 0x00,
	0xa0, 0xc9, 0x3e, 0xc9, 0x3b };
static const uint8_t xbootldr[16] = { 0xff, 0xc2, 0x13, 0xbc, 0xe6, 0x59, 0x62, 0x42, 0xa3, 0x52,
	0xb2, 0x75, 0xfd, 0x6f, 0x71, 0x72 };

struct image {
	char path[64];
	uint8_t *p;
};

static struct image begin(void)
{
	struct image image = { "/tmp/saut-disk-XXXXXX", calloc(SECTORS, SECTOR) };

	assert_non_null(image.p);
	image.p[510] = 0x55;
	image.p[511] = 0xaa;
	return image;
}

static void finish(struct image *image)
{
	int fd = mkstemp(image->path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, image->p, SECTORS * SECTOR), SECTORS * SECTOR);
	close(fd);
	free(image->p);
}

static void put_mbr(struct image *image, unsigned index, uint8_t type)
{
	struct block b = { image->p + 446 + 16 * index, 16, false };

	block_put_u8(&b, 4, type);
	block_put_le32(&b, 8, 64 + 64 * index);
	block_put_le32(&b, 12, 64);
}

static void put_gpt(struct image *image, const uint8_t *const types[ENTRIES])
{
	struct block header = { image->p + SECTOR, SECTOR, false };
	struct block entries = { image->p + 2 * SECTOR, ENTRIES * ENTRY, false };

	put_mbr(image, 0, 0xee);
	for (unsigned i = 0; i < ENTRIES && types[i]; i++) {
		block_put_bytes(&entries, i * ENTRY, (struct view){ types[i], 16 });
		block_put_u8(&entries, i * ENTRY + 16, (uint8_t)(i + 1));
		block_put_le64(&entries, i * ENTRY + 32, 64 + 64 * i);
		block_put_le64(&entries, i * ENTRY + 40, 127 + 64 * i);
	}
	block_put_bytes(&header, 0, view_of_string("EFI PART"));
	block_put_le32(&header, 8, 0x10000);
	block_put_le32(&header, 12, 92);
	block_put_le64(&header, 24, 1);
	block_put_le64(&header, 32, SECTORS - 1);
	block_put_le64(&header, 40, 34);
	block_put_le64(&header, 48, SECTORS - 34);
	block_put_u8(&header, 56, 1);
	block_put_le64(&header, 72, 2);
	block_put_le32(&header, 80, ENTRIES);
	block_put_le32(&header, 84, ENTRY);
	block_put_le32(&header, 88, (uint32_t)crc32(0, entries.p, ENTRIES * ENTRY));
	block_put_le32(&header, 16, (uint32_t)crc32(0, header.p, 92));
}

static void types_of_a_gpt(void **state)
{
	const uint8_t *const types[ENTRIES] = { linux_data, xbootldr, esp, esp };
	struct image image = begin();
	unsigned found[PARTITION_USES];

	(void)state;
	put_gpt(&image, types);
	finish(&image);
	partitions_find(image.path, found);
	assert_int_equal(found[PARTITION_XBOOTLDR], 2);
	assert_int_equal(found[PARTITION_ESP], 3);
	unlink(image.path);
}

static void types_of_an_mbr(void **state)
{
	struct image image = begin();
	unsigned found[PARTITION_USES];

	(void)state;
	put_mbr(&image, 0, 0x83);
	put_mbr(&image, 2, 0xef);
	finish(&image);
	partitions_find(image.path, found);
	assert_int_equal(found[PARTITION_ESP], 3);
	assert_int_equal(found[PARTITION_XBOOTLDR], 0);
	unlink(image.path);
}

static void disks_without_one(void **state)
{
	const uint8_t *const types[ENTRIES] = { linux_data };
	struct image image = begin(), empty = begin();
	unsigned found[PARTITION_USES];

	(void)state;
	put_gpt(&image, types);
	finish(&image);
	finish(&empty);
	for (size_t i = 0; i < 3; i++) {
		const char *const paths[] = { image.path, empty.path, "/no/such/disk" };

		memset(found, 0xff, sizeof found);
		partitions_find(paths[i], found);
		assert_int_equal(found[PARTITION_ESP], 0);
		assert_int_equal(found[PARTITION_XBOOTLDR], 0);
	}
	unlink(image.path);
	unlink(empty.path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(types_of_a_gpt),
		CASE(types_of_an_mbr),
		CASE(disks_without_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
