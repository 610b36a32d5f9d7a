/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two made machines: one on a partition of an NVMe disk, one on LVM over LUKS over RAID. */
#include <stdio.h>

#include "codec/pack.h"

#include "checked.h"

#include "check/root-drivers.h"
#include "initrd/cpio.h"

struct linked_source {
	struct table_source table;
	const char *const (*links)[2];
	size_t link_count;
};

static enum presence linked_link(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	const struct linked_source *l = (const struct linked_source *)(const void *)source;

	(void)err;
	for (size_t i = 0; i < l->link_count; i++) {
		if (strcmp(l->links[i][0], path) != 0)
			continue;
		*ret = arena_printf(arena, "%s", l->links[i][1]);
		return IS_THERE;
	}
	return IS_ABSENT;
}

#define PCI     "devices/pci0000:00/0000:00:1d.0"
#define MODULES "lib/modules/6.1.0/"

static const char *const links[][2] = {
	{ "sys/dev/block/259:2", "../../" PCI "/nvme/nvme0/nvme0n1/nvme0n1p2" },
	{ "sys/" PCI "/driver/module", "../../../../module/nvme" },
	{ "sys/dev/block/253:1", "../../devices/virtual/block/dm-1" },
	{ "sys/class/block/dm-0", "../../devices/virtual/block/dm-0" },
	{ "sys/class/block/md0", "../../devices/virtual/block/md0" },
	{ "sys/class/block/sda1", "../../devices/pci0000:00/0000:00:02.0/ata1/block/sda/sda1" },
	{ "sys/devices/pci0000:00/0000:00:02.0/driver/module", "../../module/ahci" },
	{ "sys/devices/pci0000:00/0000:00:02.0/ata1/driver/module", "../../module/sd_mod" },
};

static const char mounts[] = "1 0 0:2 / / rw - rootfs rootfs rw\n"
			     "29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n"
			     "30 29 8:1 / /boot rw - vfat /dev/sda1 rw\n";

static const struct table_file nvme[] = {
	{ "proc/self/mountinfo", mounts },
	{ MODULES "modules.builtin", "kernel/fs/ext4/ext4.ko\n" },
	{ MODULES "modules.dep", "kernel/drivers/nvme/host/nvme.ko.xz:\n" },
};

static const struct table_file layers[] = {
	{ "proc/self/mountinfo", "29 1 253:1 / / rw - btrfs /dev/mapper/vg-root rw\n" },
	{ MODULES "modules.builtin", "kernel/drivers/scsi/sd_mod.ko\n" },
	{ MODULES "modules.dep",
		"kernel/fs/btrfs/btrfs.ko:\nkernel/drivers/md/dm-mod.ko:\n"
		"kernel/drivers/md/dm-crypt.ko:\nkernel/drivers/md/raid1.ko:\n"
		"kernel/drivers/ata/ahci.ko:\n" },
	{ "sys/devices/virtual/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-root\n" },
	{ "sys/devices/virtual/block/dm-0/slaves/md0", "" },
	{ "sys/devices/virtual/block/dm-1/dm/uuid", "LVM-abcd\n" },
	{ "sys/devices/virtual/block/dm-1/slaves/dm-0", "" },
	{ "sys/devices/virtual/block/md0/md/level", "raid1\n" },
	{ "sys/devices/virtual/block/md0/slaves/sda1", "" },
};

#define LINKED(files)                                                            \
	{ { { table_read, source_look_by_read, table_list, linked_link }, files, \
		  sizeof(files) / sizeof *(files) },                             \
		links, sizeof links / sizeof *links }

static const struct linked_source nvme_machine = LINKED(nvme), layers_machine = LINKED(layers);

struct made {
	struct arena arena;
	struct machine machine;
	struct input initrd;
	struct check_subject subject;
};

/* With an initrd of members with these names, NULL behind them; without any, without an initrd. */
static void make(struct made *m, const struct linked_source *files, const char *const *names)
{
	struct view cpio = { 0 };

	*m = (struct made){ 0 };
	for (size_t i = 0; names[i]; i++)
		cpio = join(&m->arena, cpio,
			cpio_pack(&m->arena, &(struct cpio_member){ .name = names[i] }));
	cpio = join(&m->arena, cpio, cpio_trailer(&m->arena));
	m->initrd = (struct input){ "initrd.img", pack_with("zstd", &m->arena, cpio), -1 };
	m->machine.command_line = "root=/dev/a quiet";
	m->subject = (struct check_subject){
		.source = &files->table.source,
		.arena = &m->arena,
		.machine = &m->machine,
		.release = "6.1.0",
		.command_line = "quiet root=/dev/a",
		.initrds = &m->initrd,
		.initrd_count = names[0] != NULL,
		.has_initrds = true,
	};
}

#define MAKE(m, files, ...) make(m, files, (const char *const[]){ __VA_ARGS__, NULL })

static void end(struct made *m)
{
	arena_free(&m->arena);
}

static void drivers_of_the_root(void **state)
{
	static const char *const wanted[] = { "btrfs", "dm_mod", "dm_crypt", "raid1", "ahci",
		"sd_mod" };
	struct arena arena = { 0 };
	struct root_drivers found;
	struct error err = { 0 };

	(void)state;
	assert_true(root_drivers_find(&nvme_machine.table.source, &arena, &found, &err));
	assert_string_equal(found.file_system, "ext4");
	assert_int_equal(found.count, 2);
	assert_string_equal(found.names[0], "ext4");
	assert_string_equal(found.names[1], "nvme");
	assert_true(found.is_whole);
	assert_true(root_drivers_find(&layers_machine.table.source, &arena, &found, &err));
	assert_int_equal(found.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(found.names[i], wanted[i]);
	assert_true(found.is_whole);
	arena_free(&arena);
}

static void an_initrd_of_this_kernel(void **state)
{
	struct made m;

	(void)state;
	MAKE(&m, &nvme_machine, "init", "usr/lib/modules/6.1.0/kernel/drivers/nvme.ko.zst");
	assert_finding(check_initrd(&m.subject), CHECK_PASS,
		"it has modules of this kernel, and all that the root needs");
	end(&m);
	MAKE(&m, &layers_machine, "./lib/modules/6.1.0/btrfs.ko", "lib/modules/6.1.0/dm-mod.ko",
		"lib/modules/6.1.0/dm-crypt.ko", "lib/modules/6.1.0/raid1.ko",
		"lib/modules/6.1.0/ahci.ko");
	assert_finding(check_initrd(&m.subject), CHECK_PASS, "all that the root needs");
	end(&m);
}

static void an_initrd_that_lacks_something(void **state)
{
	struct made m;

	(void)state;
	MAKE(&m, &layers_machine, "lib/modules/6.1.0/btrfs.ko", "lib/modules/6.1.0/dm-mod.ko");
	assert_finding(check_initrd(&m.subject), CHECK_WARN,
		"it lacks modules that the root needs: dm_crypt, raid1, ahci");
	/* For another root nothing is known of what it needs. */
	m.subject.command_line = "root=/dev/b";
	assert_finding(check_initrd(&m.subject), CHECK_PASS, "it has modules of this kernel");
	end(&m);
	MAKE(&m, &nvme_machine, "init");
	assert_finding(check_initrd(&m.subject), CHECK_FAIL, "the root needs: nvme");
	end(&m);
}

static void an_initrd_of_another_kernel(void **state)
{
	struct made m;

	(void)state;
	MAKE(&m, &nvme_machine, "lib/modules/6.0.9/kernel/drivers/nvme.ko");
	assert_finding(check_initrd(&m.subject), CHECK_FAIL,
		"it has modules of 6.0.9, and the kernel is 6.1.0; the root needs nvme");
	m.subject.command_line = "root=/dev/b";
	assert_finding(check_initrd(&m.subject), CHECK_WARN, "modules of 6.0.9");
	end(&m);
}

static void no_initrd(void **state)
{
	static const struct table_file builtin[] = { { "proc/self/mountinfo", mounts },
		{ MODULES "modules.builtin", "kernel/fs/ext4/ext4.ko\nkernel/nvme.ko\n" },
		{ MODULES "modules.dep", "kernel/a.ko:\n" } };
	static const struct linked_source whole = LINKED(builtin);
	struct made m;

	(void)state;
	make(&m, &nvme_machine, (const char *const[]){ NULL });
	assert_finding(check_initrd(&m.subject), CHECK_FAIL, "is a module: nvme");
	m.subject.release = "6.2.0";
	assert_finding(check_initrd(&m.subject), CHECK_UNKNOWN, "is not known");
	end(&m);
	make(&m, &whole, (const char *const[]){ NULL });
	assert_finding(check_initrd(&m.subject), CHECK_PASS, "its drivers are built in");
	m.subject.has_initrds = false;
	assert_finding(check_initrd(&m.subject), CHECK_UNKNOWN, "is not known");
	end(&m);
}

static void what_cannot_be_listed(void **state)
{
	struct made m;
	uint8_t *bytes;

	(void)state;
	MAKE(&m, &nvme_machine, "init");
	m.initrd.bytes = view_first(m.initrd.bytes, m.initrd.bytes.n - 1);
	assert_finding(check_initrd(&m.subject), CHECK_FAIL, "initrd.img: zstd data ends early");
	m.initrd.bytes = view_of_string("a RAM disk");
	assert_finding(check_initrd(&m.subject), CHECK_UNKNOWN, "cannot be unpacked here");
	/* Its checksum is looked at. */
	bytes = arena_alloc(&m.arena, 300);
	m.initrd.bytes = pack_with("zstd", &m.arena, make_plain(&m.arena, 200));
	memcpy(bytes, m.initrd.bytes.p, m.initrd.bytes.n);
	bytes[m.initrd.bytes.n - 1] ^= 1;
	m.initrd.bytes.p = bytes;
	assert_false(check_initrd(&m.subject).result == CHECK_PASS);
	end(&m);
}

struct remembered {
	char question[80], answer[80];
	int kept;
};

static const char *recall(void *context, const char *question)
{
	const struct remembered *r = context;

	return strcmp(r->question, question) == 0 ? r->answer : NULL;
}

static void keep(void *context, const char *question, const char *answer)
{
	struct remembered *r = context;

	snprintf(r->question, sizeof r->question, "%s", question);
	snprintf(r->answer, sizeof r->answer, "%s", answer);
	r->kept++;
}

/* Bytes that nothing could be told of show that nobody looked at them. */
static void what_was_well_is_not_asked_again(void **state)
{
	struct remembered remembered = { 0 };
	const struct check_memory memory = { recall, keep, &remembered };
	struct made m;

	(void)state;
	MAKE(&m, &nvme_machine, "usr/lib/modules/6.1.0/kernel/drivers/nvme.ko.zst");
	m.subject.memory = &memory;
	assert_finding(check_initrd(&m.subject), CHECK_PASS, "all that the root needs");
	assert_int_equal(remembered.kept, 1);
	m.initrd.bytes = view_of_string("a RAM disk");
	assert_finding(check_initrd(&m.subject), CHECK_PASS,
		"it has modules of this kernel, and all that the root needs");
	/* Each asks another question. */
	m.subject.release = "6.1.1";
	assert_finding(check_initrd(&m.subject), CHECK_UNKNOWN, "cannot be unpacked here");
	m.subject.release = "6.1.0";
	m.subject.command_line = "root=/dev/b";
	assert_finding(check_initrd(&m.subject), CHECK_UNKNOWN, "cannot be unpacked here");
	m.subject.command_line = "root=/dev/a";
	m.subject.source = &layers_machine.table.source;
	assert_finding(check_initrd(&m.subject), CHECK_UNKNOWN, "cannot be unpacked here");
	assert_int_equal(remembered.kept, 1);
	end(&m);
}

static void what_is_not_well_is_asked_again(void **state)
{
	struct remembered remembered = { 0 };
	const struct check_memory memory = { recall, keep, &remembered };
	struct made m;

	(void)state;
	MAKE(&m, &nvme_machine, "init");
	m.subject.memory = &memory;
	assert_finding(check_initrd(&m.subject), CHECK_FAIL, "the root needs: nvme");
	end(&m);
	MAKE(&m, &nvme_machine, "lib/modules/6.0.9/kernel/drivers/nvme.ko");
	m.subject.memory = &memory;
	m.subject.command_line = "root=/dev/b";
	assert_finding(check_initrd(&m.subject), CHECK_WARN, "modules of 6.0.9");
	assert_int_equal(remembered.kept, 0);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(drivers_of_the_root),
		CASE(an_initrd_of_this_kernel),
		CASE(an_initrd_that_lacks_something),
		CASE(an_initrd_of_another_kernel),
		CASE(no_initrd),
		CASE(what_cannot_be_listed),
		CASE(what_was_well_is_not_asked_again),
		CASE(what_is_not_well_is_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
