/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that are none, files that change, and files in memory. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/memfd.h"

static char folder[] = "/tmp/saut-test-file-XXXXXX";
static char path[sizeof folder + 16];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/file", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void assert_refused(const char *name, enum fault fault, const char *words)
{
	struct error err = { 0 };
	struct file file;

	assert_false(file_open(name, &file, &err));
	assert_int_equal(err.fault, fault);
	assert_reason(err, words);
}

static void what_is_no_file_is_named(void **state)
{
	(void)state;
	assert_refused("/nowhere/vmlinuz", FAULT_FILE_MISSING, "No such file");
	assert_refused("/", FAULT_FILE_NOT_REGULAR, "a directory");
	assert_refused("/dev/zero", FAULT_FILE_NOT_REGULAR, "a character device");
	write_file("");
	assert_refused(path, FAULT_FILE_EMPTY, "empty");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, FAULT_FILE_NOT_REGULAR, "a FIFO");
	unlink(path);
}

/* Its first bytes would be a kernel; a program of 32 bits cannot even map it. */
static void a_file_of_more_than_the_addresses_is_refused(void **state)
{
	struct error err = { 0 };
	struct file file;

	(void)state;
	write_file("first");
	if (truncate(path, ((off_t)1 << 32) + 5) != 0)
		skip();
	if (sizeof(void *) > 4) {
		assert_true(file_open(path, &file, &err));
		assert_int_equal(file.bytes.n, ((uint64_t)1 << 32) + 5);
		file_close(&file);
	} else {
		assert_refused(path, FAULT_FIT_MEMORY, "4294967301 bytes");
	}
	unlink(path);
}

/* As /sys/firmware/fdt is, which this machine may not have. */
static void a_file_of_sysfs_is_read(void **state)
{
	static const char notes[] = "/sys/kernel/notes";
	uint8_t first[16];
	struct error err = { 0 };
	struct file file;
	FILE *f = fopen(notes, "rb");

	(void)state;
	if (!f)
		skip();
	assert_int_equal(fread(first, 1, sizeof first, f), sizeof first);
	fclose(f);
	assert_true(file_open(notes, &file, &err));
	assert_true(file.bytes.n >= sizeof first);
	assert_memory_equal(file.bytes.p, first, sizeof first);
	assert_true(file_check(&file, &err));
	file_close(&file);
}

static void a_file_that_changes_is_noticed(void **state)
{
	struct error err = { 0 };
	struct file file;

	(void)state;
	write_file("twelve bytes");
	assert_true(file_open(path, &file, &err));
	assert_int_equal(file.bytes.n, 12);
	assert_memory_equal(file.bytes.p, "twelve bytes", 12);
	assert_true(file_check(&file, &err));

	assert_int_equal(truncate(path, 5), 0);
	assert_false(file_check(&file, &err));
	assert_int_equal(err.fault, FAULT_FILE_CHANGED);
	assert_reason(err, "from 12 to 5 bytes");
	file_close(&file);
	assert_null(file.bytes.p);
	file_close(&file);
}

static void rewriting_in_place_is_noticed(void **state)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1 } };
	struct error err = { 0 };
	struct file file;

	(void)state;
	write_file("twelve bytes");
	assert_true(file_open(path, &file, &err));
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_false(file_check(&file, &err));
	assert_int_equal(err.fault, FAULT_FILE_CHANGED);
	file_close(&file);
}

/* The same size, and the time of writing set back: the time of the change is not. */
static void rewriting_in_secret_is_noticed(void **state)
{
	struct timespec times[2];
	struct error err = { 0 };
	struct file file;
	struct stat st;

	(void)state;
	write_file("twelve bytes");
	assert_true(file_open(path, &file, &err));
	assert_int_equal(stat(path, &st), 0);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	/* Times of files have the resolution of a tick. */
	usleep(30000);
	write_file("other twelve");
	assert_int_equal(truncate(path, 12), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_false(file_check(&file, &err));
	assert_int_equal(err.fault, FAULT_FILE_CHANGED);
	file_close(&file);
}

static void nobody_writes_to_a_leased_file(void **state)
{
	struct error err = { 0 };
	struct file file;
	int fd;

	(void)state;
	write_file("twelve bytes");
	assert_true(file_open(path, &file, &err));
	if (!file_lease(&file)) {
		file_close(&file);
		skip();
	}
	assert_true(file_lease(&file));
	assert_int_equal(open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	file_release(&file);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	/* Whoever is at it already cannot be kept from it. */
	assert_false(file_lease(&file));
	close(fd);
	assert_true(file_lease(&file));
	file_close(&file);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	close(fd);
}

/* A lease would be one of the caller's descriptor. */
static void a_descriptor_of_others_gets_no_lease(void **state)
{
	struct error err = { 0 };
	struct file file;
	int fd;

	(void)state;
	write_file("twelve bytes");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(file_open_descriptor(path, fd, &file, &err));
	assert_false(file_lease(&file));
	assert_int_equal(fcntl(fd, F_GETLEASE), F_UNLCK);
	file_close(&file);
	close(fd);
}

static void a_copy_stays_as_it_is(void **state)
{
	struct error err = { 0 };
	struct file file;
	const uint8_t *before;

	(void)state;
	write_file("twelve bytes");
	assert_true(file_open(path, &file, &err));
	before = file.bytes.p;
	assert_true(file_copy(&file, &err));
	assert_ptr_equal(file.bytes.p, before);
	assert_true(file_check(&file, &err));
	write_file("other");
	assert_memory_equal(file.bytes.p, "twelve bytes", 12);
	assert_false(file_check(&file, &err));
	assert_true(file_copy(&file, &err));
	assert_memory_equal(file.bytes.p, "twelve bytes", 12);
	file_close(&file);
}

static void a_file_in_memory_is_sealed(void **state)
{
	struct error err = { 0 };
	struct memfd memfd;
	struct file file;

	(void)state;
	assert_true(memfd_begin("test", 10, &memfd, &err));
	assert_true(sink_put(&memfd.sink, view_of_string("0123456"), &err));
	assert_true(memfd_finish(&memfd, "the kernel", &file, &err));
	assert_int_equal(file.bytes.n, 7);
	assert_memory_equal(file.bytes.p, "0123456", 7);
	assert_int_equal(write(file.fd, "x", 1), -1);
	assert_int_equal(ftruncate(file.fd, 1), -1);
	file_close(&file);
}

static void a_file_in_memory_has_a_limit(void **state)
{
	struct error err = { 0 };
	struct memfd memfd;

	(void)state;
	assert_true(memfd_begin("test", 10, &memfd, &err));
	assert_true(sink_put(&memfd.sink, view_of_string("0123456789"), &err));
	assert_false(sink_put(&memfd.sink, view_of_string("x"), &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	memfd_drop(&memfd);
}

static void make_link(const char *target, const char *name)
{
	char link[sizeof folder + 32];

	snprintf(link, sizeof link, "%s/%s", folder, name);
	unlink(link);
	assert_int_equal(symlink(target, link), 0);
}

static void remove_name(const char *name)
{
	char at[sizeof folder + 32];

	snprintf(at, sizeof at, "%s/%s", folder, name);
	assert_int_equal(unlink(at), 0);
}

/* As a boot loader reads a partition: nothing on it can mean a file of the running system. */
static void a_link_does_not_lead_out_of_its_folder(void **state)
{
	const char *const folders[] = { "/proc", folder, NULL };
	char link[sizeof folder + 16];
	struct file file;
	struct error err = { 0 };

	(void)state;
	write_file("bytes");
	snprintf(link, sizeof link, "%s/link", folder);
	/* It was a file when it was found, and is a link when it is opened. */
	make_link("/etc/passwd", "link");
	assert_true(file_open(link, &file, &err));
	file_close(&file);
	assert_false(file_open_within(folders, link, &file, &err));
	assert_int_equal(err.fault, FAULT_FILE_MISSING);
	make_link("../../../../../etc/passwd", "link");
	assert_false(file_open_within(folders, link, &file, &err));
	/* The folder is the root of the one that it is not let out of. */
	make_link("/file", "link");
	assert_true(file_open_within(folders, link, &file, &err));
	assert_int_equal(file.bytes.n, 5);
	file_close(&file);
	make_link("file", "link");
	assert_true(file_open_within(folders, link, &file, &err));
	file_close(&file);
	assert_true(file_open_within(folders, "/etc/passwd", &file, &err));
	file_close(&file);
	remove_name("link");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_no_file_is_named),
		CASE(a_file_of_more_than_the_addresses_is_refused),
		CASE(a_file_of_sysfs_is_read),
		CASE(a_file_that_changes_is_noticed),
		CASE(rewriting_in_place_is_noticed),
		CASE(rewriting_in_secret_is_noticed),
		CASE(nobody_writes_to_a_leased_file),
		CASE(a_descriptor_of_others_gets_no_lease),
		CASE(a_copy_stays_as_it_is),
		CASE(a_file_in_memory_is_sealed),
		CASE(a_file_in_memory_has_a_limit),
		CASE(a_link_does_not_lead_out_of_its_folder),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
