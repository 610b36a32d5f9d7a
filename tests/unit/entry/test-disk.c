/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "entry/ground/disk.h"

#define PARTITION(number, name, disk)                                                            \
	{ "sys/dev/block/" number "/uevent", "MAJOR=1\nDEVNAME=" name "\nDEVTYPE=partition\n" }, \
		{ "sys/class/block/" name "/dev", number "\n" },                                 \
		{ "sys/class/block/" name "/partition", "1\n" },                                 \
		{ "sys/class/block/" name "/../uevent", "DEVNAME=" disk "\n" }

static const struct {
	const char *what;
	struct table_file files[12];
	const char *disk; /* NULL: cannot be told */
} rows[] = {
	{ "a partition",
		{ { "proc/self/mountinfo", "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n" },
			PARTITION("8:2", "sda2", "sda") },
		"sda" },
	{ "an NVMe disk",
		{ { "proc/self/mountinfo", "1 0 259:2 / / rw - ext4 /dev/root rw\n" },
			PARTITION("259:2", "nvme0n1p2", "nvme0n1") },
		"nvme0n1" },
	{ "a disk without partitions",
		{ { "proc/self/mountinfo", "1 0 254:0 / / rw - ext4 /dev/vda rw\n" },
			{ "sys/dev/block/254:0/uevent", "DEVNAME=vda\n" },
			{ "sys/class/block/vda/dev", "254:0\n" } },
		"vda" },
	{ "btrfs, which has no number of its own",
		{ { "proc/self/mountinfo", "1 0 0:25 /@ / rw - btrfs /dev/sda2 rw\n" },
			PARTITION("8:2", "sda2", "sda") },
		"sda" },
	{ "btrfs in LUKS",
		{ { "proc/self/mountinfo", "1 0 0:25 /@ / rw - btrfs /dev/mapper/luks-1 rw\n" },
			{ "sys/class/block/dm-0/dev", "253:0\n" },
			{ "sys/class/block/dm-0/dm/name", "luks-1\n" },
			{ "sys/class/block/dm-0/slaves/sda2/dev", "8:2\n" },
			PARTITION("8:2", "sda2", "sda") },
		"sda" },
	{ "LVM in LUKS",
		{ { "proc/self/mountinfo", "1 0 253:1 / / rw - xfs /dev/mapper/vg-root rw\n" },
			{ "sys/dev/block/253:1/uevent", "DEVNAME=dm-1\n" },
			{ "sys/class/block/dm-1/dev", "253:1\n" },
			{ "sys/class/block/dm-1/slaves/dm-0/dev", "253:0\n" },
			{ "sys/class/block/dm-0/slaves/sda2/dev", "8:2\n" },
			PARTITION("8:2", "sda2", "sda") },
		"sda" },
	{ "a disk below itself",
		{ { "proc/self/mountinfo", "1 0 253:1 / / rw - xfs /dev/dm-1 rw\n" },
			{ "sys/class/block/dm-1/dev", "253:1\n" },
			{ "sys/class/block/dm-1/slaves/dm-1/dev", "253:1\n" } },
		"dm-1" },
	{ "the initramfs", { { "proc/self/mountinfo", "1 0 0:2 / / rw - rootfs rootfs rw\n" } },
		NULL },
	{ "NFS", { { "proc/self/mountinfo", "1 0 0:40 / / rw - nfs server:/root rw\n" } }, NULL },
	{ "overlay in a container",
		{ { "proc/self/mountinfo", "1 0 0:40 / / rw - overlay overlay rw\n" } }, NULL },
	{ "a name that leads elsewhere",
		{ { "proc/self/mountinfo", "1 0 0:40 / / rw - ext4 /dev/../etc rw\n" },
			{ "sys/class/block/../etc/dev", "8:2\n" } },
		NULL },
	{ "nothing", { { "x", "" } }, NULL },
};

static void the_disk_below_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source = { .source = { table_read, source_look_by_read,
						       table_list },
			.files = rows[i].files };
		struct arena arena = { 0 };
		struct places places;
		const char *disk;

		while (source.count < 12 && rows[i].files[source.count].path)
			source.count++;
		print_message("%s\n", rows[i].what);
		assert_true(places_read(&source.source, &arena, &places));
		disk = disk_of_root(&source.source, &arena, &places);
		assert_int_equal(disk != NULL, rows[i].disk != NULL);
		if (disk)
			assert_string_equal(disk, rows[i].disk);
		arena_free(&arena);
	}
}

static void partitions_are_named_as_the_kernel_does(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(disk_partition("sda", 1, &arena), "sda1");
	assert_string_equal(disk_partition("nvme0n1", 12, &arena), "nvme0n1p12");
	assert_string_equal(disk_partition("mmcblk0", 2, &arena), "mmcblk0p2");
	arena_free(&arena);
}

static void a_mounted_device_is_known_by_its_number(void **state)
{
	struct table_source source = TABLE_SOURCE(
		{ "proc/self/mountinfo",
			"1 0 8:2 / / rw - ext4 /dev/root rw\n"
			"2 1 8:17 / /x rw - ext4 /dev/sdb1 rw\n" },
		{ "sys/class/block/sda1/dev", "8:1\n" }, { "sys/class/block/sda2/dev", "8:2\n" });
	struct arena arena = { 0 };
	struct places places;

	(void)state;
	assert_true(places_read(&source.source, &arena, &places));
	assert_false(disk_is_mounted(&source.source, &arena, &places, "sda1"));
	assert_true(disk_is_mounted(&source.source, &arena, &places, "sda2"));
	assert_false(disk_is_mounted(&source.source, &arena, &places, "sdz"));
	arena_free(&arena);
}

static void folders_that_are_missing_come_in_order(void **state)
{
	struct table_source source = TABLE_SOURCE(
		{ "etc/fstab",
			"UUID=1 /boot/efi vfat noauto 0 0\nUUID=2 /efi vfat noauto 0 0\n"
			"/dev/sda1 /boot ext4 noauto 0 2\n" },
		{ "proc/self/mountinfo",
			"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n"
			"2 1 8:3 / /efi rw - vfat /dev/sda3 rw\n" });
	struct arena arena = { 0 };
	struct places places;
	size_t at = 0;

	(void)state;
	assert_true(places_read(&source.source, &arena, &places));
	assert_string_equal(places_next_missing(&places, &at)->point, "/boot");
	assert_string_equal(places_next_missing(&places, &at)->point, "/boot/efi");
	assert_null(places_next_missing(&places, &at));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(the_disk_below_is_found),
		CASE(partitions_are_named_as_the_kernel_does),
		CASE(a_mounted_device_is_known_by_its_number),
		CASE(folders_that_are_missing_come_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
