/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links on the file systems of boot loaders, in folders that are machines with such mounts. */
#include "fixture.h"

#include "entry/ground/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry/names/by-name.h"
#include "sys/snapshot.h"

#define ROOT "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"
#define BOOT "26 25 8:1 / /boot rw - ext4 /dev/sda1 rw\n"
#define USR  "27 25 8:5 / /usr rw - ext4 /dev/sda5 rw\n"

struct machine_folder {
	char root[64];
	struct snapshot snapshot;
	struct arena arena;
	struct entries entries;
	struct error err;
};

static char *path_in(struct machine_folder *m, const char *path)
{
	return arena_printf(&m->arena, "%s/%s", m->root, path);
}

static void make_folders(struct machine_folder *m, const char *path)
{
	char *whole = path_in(m, path);

	for (char *slash = whole + strlen(m->root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(whole, 0700);
		*slash = '/';
	}
}

static void put(struct machine_folder *m, const char *path, const char *text)
{
	FILE *file;

	make_folders(m, path);
	file = fopen(path_in(m, path), "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void put_link(struct machine_folder *m, const char *path, const char *target)
{
	make_folders(m, path);
	assert_int_equal(symlink(target, path_in(m, path)), 0);
}

static struct machine_folder *begin(const char *mounts)
{
	struct machine_folder *m = calloc(1, sizeof *m);

	assert_non_null(m);
	strcpy(m->root, "/tmp/saut-links-XXXXXX");
	assert_non_null(mkdtemp(m->root));
	put(m, "proc/self/mountinfo", mounts);
	put(m, "etc/shadow", "root:secret\n");
	return m;
}

/* The menu has an entry "a" of /vmlinuz and /initrd on the file system of /boot/grub. */
static void put_menu(struct machine_folder *m, const char *folder)
{
	put(m, "boot/grub/grub.cfg",
		arena_printf(&m->arena,
			"menuentry 'A' --id a {\n linux %s/vmlinuz quiet\n initrd %s/initrd\n}\n",
			folder, folder));
}

static const struct entry *find(struct machine_folder *m, const char *id)
{
	struct error err;

	assert_true(snapshot_open(m->root, &m->snapshot, &err));
	if (!entry_find(&m->snapshot.source, &m->arena, &m->entries, &m->err))
		fail_msg("%s", m->err.reason);
	for (size_t i = 0; i < m->entries.count; i++)
		if (strcmp(m->entries.items[i].id, id) == 0)
			return &m->entries.items[i];
	return NULL;
}

static void end(struct machine_folder *m)
{
	snapshot_close(&m->snapshot);
	assert_int_equal(system(arena_printf(&m->arena, "rm -rf %s", m->root)), 0);
	arena_free(&m->arena);
	free(m);
}

static void a_link_begins_at_the_top_of_its_own_file_system(void **state)
{
	struct machine_folder *m = begin(ROOT BOOT);
	const struct entry *e;

	(void)state;
	put_menu(m, "");
	put(m, "boot/vmlinuz-6.1", "k");
	put(m, "boot/images/initrd-6.1", "i");
	put_link(m, "boot/vmlinuz", "/vmlinuz-6.1");
	put_link(m, "boot/initrd", "../../images/initrd-6.1");
	e = find(m, "a");
	assert_loadable(e);
	assert_string_equal(e->kernel, "/boot/vmlinuz-6.1");
	assert_string_equal(e->initrds[0], "/boot/images/initrd-6.1");
	end(m);
}

static void no_link_of_a_boot_partition_means_a_file_of_the_running_system(void **state)
{
	static const char *const targets[] = { "/etc/shadow", "../etc/shadow",
		"../../../etc/shadow", "/../etc/shadow", "loop/etc/shadow" };

	(void)state;
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		struct machine_folder *m = begin(ROOT BOOT);

		put_menu(m, "");
		put(m, "boot/vmlinuz", "k");
		put_link(m, "boot/loop", "/../..");
		put_link(m, "boot/initrd", targets[i]);
		assert_obstacle(find(m, "a"), "its initrd /initrd is not there");
		end(m);
	}
}

static void links_that_go_round_end(void **state)
{
	struct machine_folder *m = begin(ROOT BOOT);

	(void)state;
	put_menu(m, "/x");
	put(m, "boot/x/vmlinuz", "k");
	put_link(m, "boot/x/initrd", "/x/other");
	put_link(m, "boot/x/other", "initrd");
	assert_obstacle(find(m, "a"), "too many links");
	end(m);
}

static void links_of_the_root_file_system_stay_as_they_are(void **state)
{
	struct machine_folder *m = begin(ROOT);
	const struct entry *e;

	(void)state;
	put_menu(m, "/boot");
	put(m, "boot/vmlinuz-6.1", "k");
	put(m, "usr/initrd", "i");
	put_link(m, "boot/vmlinuz", "vmlinuz-6.1");
	put_link(m, "boot/initrd", "/usr/initrd");
	e = find(m, "a");
	assert_loadable(e);
	assert_string_equal(e->kernel, "/boot/vmlinuz");
	assert_string_equal(e->initrds[0], "/boot/initrd");
	end(m);
}

/* GRUB reads the root file system, in which /usr is an empty folder. */
static void a_link_into_another_file_system_is_refused(void **state)
{
	struct machine_folder *m = begin(ROOT USR);

	(void)state;
	put_menu(m, "/boot");
	put(m, "boot/vmlinuz", "k");
	put(m, "usr/initrd", "i");
	put_link(m, "boot/initrd", "/usr/initrd");
	assert_obstacle(find(m, "a"),
		"its initrd /boot/initrd cannot be loaded: it is a link, and /usr/initrd is on the "
		"file system that is mounted at /usr");
	end(m);
}

/* The boot loader means the folder /boot of the root file system, over which another one is mounted. */
static void what_a_mount_hides_is_not_what_lies_over_it(void **state)
{
	struct machine_folder *m =
		begin(ROOT BOOT "28 25 8:3 /grub /boot/grub rw - ext4 /dev/sda3 rw\n");

	(void)state;
	put_menu(m, "/boot");
	put(m, "boot/vmlinuz", "another");
	put(m, "boot/initrd", "another");
	assert_obstacle(
		find(m, "a"), "/boot/vmlinuz is on the file system that is mounted at /boot");
	end(m);
}

static void a_subvolume_is_the_top_for_its_links(void **state)
{
	struct machine_folder *m = begin("25 1 0:30 /@ / rw - btrfs /dev/sda3 rw\n");
	const struct entry *e;

	(void)state;
	put_menu(m, "/@/boot");
	put(m, "boot/k", "k");
	put(m, "boot/initrd", "i");
	put_link(m, "boot/vmlinuz", "/@/boot/k");
	e = find(m, "a");
	assert_loadable(e);
	assert_string_equal(e->kernel, "/boot/k");
	end(m);
}

static void names_alone_are_followed_in_the_same_way(void **state)
{
	struct machine_folder *m = begin(ROOT BOOT);
	const struct entry *link, *file;

	(void)state;
	put(m, "boot/vmlinuz-6.1.0", "k");
	put_link(m, "vmlinuz", "boot/vmlinuz-6.1.0");
	put_link(m, "boot/initrd.img-6.1.0", "/etc/shadow");
	link = find(m, "/vmlinuz");
	assert_non_null(link);
	assert_loadable(link);
	assert_string_equal(link->kernel, "/vmlinuz");
	file = fixture_entry(&(struct fixture){ .entries = m->entries }, "/boot/vmlinuz-6.1.0");
	assert_loadable(file);
	assert_int_equal(file->initrd_count, 0);
	end(m);
}

/* The running system's own links may begin at its root: kernel-install(8), systemd's /proc. */
static void the_files_of_the_running_system_are_its_own(void **state)
{
	struct machine_folder *m = begin(ROOT USR);
	const struct entry *e;

	(void)state;
	put(m, "opt/kernel", "k");
	put_link(m, "usr/lib/modules/6.1.0/vmlinuz", "/opt/kernel");
	e = find(m, "/usr/lib/modules/6.1.0/vmlinuz");
	assert_non_null(e);
	assert_loadable(e);
	assert_string_equal(e->kernel, "/usr/lib/modules/6.1.0/vmlinuz");
	end(m);
}

static void a_folder_of_entries_may_be_a_link(void **state)
{
	struct machine_folder *m = begin(ROOT BOOT);

	(void)state;
	put(m, "boot/k", "k");
	put(m, "boot/real/entries/e.conf", "linux /k\n");
	put_link(m, "boot/loader", "/real");
	assert_loadable(find(m, "e"));
	end(m);
}

static struct named_kernel by_name(struct machine_folder *m, const char *image)
{
	const struct name_wish wish = { .boot = "/boot",
		.image = image,
		.image_by = "KNAME",
		.initrd = "",
		.initrd_by = "INITRD" };
	struct notes notes = { .arena = &m->arena };
	struct named_kernel named;

	assert_true(snapshot_open(m->root, &m->snapshot, &m->err));
	if (!entry_by_name(&m->snapshot.source, &wish, &notes, &m->arena, &named, &m->err))
		fail_msg("%s", m->err.reason);
	return named;
}

static void a_name_in_settings_is_looked_for_on_the_partition(void **state)
{
	struct machine_folder *m = begin(ROOT BOOT);
	struct named_kernel named;

	(void)state;
	put(m, "boot/vmlinuz-6.1.0", "k");
	put_link(m, "boot/vmlinuz", "/vmlinuz-6.1.0");
	put_link(m, "boot/initrd", "/etc/shadow");
	named = by_name(m, "");
	assert_string_equal(named.kernel, "/boot/vmlinuz-6.1.0");
	assert_null(named.initrd);
	end(m);
}

static void boot_loaders_file_systems_are_confines(void **state)
{
	struct table_source source = TABLE_SOURCE({ "proc/self/mountinfo",
		"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n"
		"2 1 8:3 / /usr rw - ext4 /dev/sda3 rw\n"
		"3 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n"
		"4 3 8:4 / /boot/efi rw - vfat /dev/sda4 rw\n" });
	struct arena arena = { 0 };
	struct places places;
	const char *const *points;

	(void)state;
	assert_true(places_read(&source.source, &arena, &places));
	points = follow_confines(&places, &arena);
	assert_string_equal(points[0], "/boot");
	assert_string_equal(points[1], "/boot/efi");
	assert_null(points[2]);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_link_begins_at_the_top_of_its_own_file_system),
		CASE(no_link_of_a_boot_partition_means_a_file_of_the_running_system),
		CASE(links_that_go_round_end),
		CASE(links_of_the_root_file_system_stay_as_they_are),
		CASE(a_link_into_another_file_system_is_refused),
		CASE(what_a_mount_hides_is_not_what_lies_over_it),
		CASE(a_subvolume_is_the_top_for_its_links),
		CASE(names_alone_are_followed_in_the_same_way),
		CASE(the_files_of_the_running_system_are_its_own),
		CASE(a_folder_of_entries_may_be_a_link),
		CASE(a_name_in_settings_is_looked_for_on_the_partition),
		CASE(boot_loaders_file_systems_are_confines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
