/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept ready is what is loaded, exactly as long as it is of the files that are given. */
#include "jump/initrd-job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "codec/pack.h"
#include "image/bzimage-file.h"
#include "image/vmlinux-file.h"
#include "initrd/cpio.h"
#include "jump/checked.h"
#include "jump/ready-make.h"
#include "jump/ready.h"
#include "machine/machine-folders.h"
#include "sys/snapshot.h"

static char cache[64], record[64], path[512];
static struct arena held;
static struct view plain, cpio;
static struct snapshot machine;

static const struct ready_room much = { true, 50 << 20 };

static void write_kernel(const char *packer)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct view payload = pack_with(packer, &a, plain);

	assert_true(payload.n <= BZ_KERNEL - BZ_PAYLOAD_OFFSET);
	block_put_bytes(&file, BZ_SETUP + BZ_PAYLOAD_OFFSET, payload);
	bz_set(&file, "payload_length", payload.n);
	write_file(kernel_path, (struct view){ file.p, file.n });
	arena_free(&a);
}

static void write_initrd(const char *packer)
{
	struct arena a = { 0 };

	write_file(initrd_path, pack_with(packer, &a, cpio));
	arena_free(&a);
}

static int set_up(void **state)
{
	struct cpio_member member = { .name = "lib/module.ko" };
	struct error err;

	if (make_folder(state) < 0 ||
		!snapshot_open(MACHINE_FOLDERS "/q35-1g.machine", &machine, &err))
		return -1;
	snprintf(cache, sizeof cache, "%s/cache", folder);
	snprintf(record, sizeof record, "%s/checked", folder);
	member.data = make_plain(&held, 2000001);
	cpio = join(&held, cpio_pack(&held, &member), cpio_trailer(&held));
	plain = vm_view(vm_make(&held, VM_TWO));
	write_kernel("gzip");
	write_initrd("gzip");
	write_file(config_path, view_of_string("CONFIG_RD_LZ4=y\n"));
	return 0;
}

static int tear_down(void **state)
{
	ready_forget(cache);
	rmdir(cache);
	unlink(record);
	snapshot_close(&machine);
	arena_free(&held);
	return remove_folder(state);
}

static struct job_request wanted(void)
{
	static const char *const initrds[] = { initrd_path };

	return (struct job_request){
		.source = &machine.source,
		.kernel = kernel_path,
		.initrds = initrds,
		.initrd_count = 1,
		.command_line = "quiet",
		.call = CALL_LOAD,
		.check = CHECK_CRC32C,
		.limits = { 0, PHYS_MAX },
		.checked = record,
		.ready = { .folder = cache },
		.aim = { .shorten = SHORTEN_OUTAGE },
	};
}

static void prepare(struct job *job, const struct job_request *want)
{
	struct error err = { 0 };

	if (!job_prepare(job, want, &err))
		fail_msg("%s", err.reason);
}

/* As the boot service does in time; the notes are the caller's. */
static void keep(struct ready_room room, struct notes *notes)
{
	struct job_request want = wanted();
	struct job job;

	want.ready.may_read = true;
	want.initrd_form = INITRD_KEEP;
	prepare(&job, &want);
	ready_make(&job, room, notes);
	job_free(&job);
}

static void keep_much(void)
{
	struct arena a = { 0 };
	struct notes notes = { .arena = &a };

	keep(much, &notes);
	if (notes.count)
		fail_msg("%s", notes.items[0]);
	arena_free(&a);
}

static unsigned count_kept(void)
{
	DIR *names = opendir(cache);
	unsigned n = 0;

	for (struct dirent *d; names && (d = readdir(names));)
		n += d->d_name[0] != '.' && strcmp(d->d_name, CHECKED_LASTING) != 0;
	if (names)
		closedir(names);
	return n;
}

static void expect_used(const struct job_request *want, bool kernel, bool initrd)
{
	struct job job;

	prepare(&job, want);
	if (!job.request.direct == kernel)
		fail_msg("the kernel is %sdirect", kernel ? "not " : "");
	if (job.decisions[0].is_ready != initrd)
		fail_msg("the initrd is %sready", initrd ? "not " : "");
	if (kernel)
		assert_int_equal(job.vmlinux.bytes.n, plain.n);
	if (want->ready.folder && want->call == CALL_LOAD && want->direct == DIRECT_AUTO)
		assert_int_equal(ready_bytes(&job) > 0, kernel || initrd);
	assert_true(has_note(&job, "kept ready, packed by lz4 to") == initrd);
	if (!initrd)
		assert_ptr_equal(job.request.initrds[0].bytes.p, job.initrds[0].bytes.p);
	job_free(&job);
}

static void expect(bool kernel, bool initrd)
{
	const struct job_request want = wanted();

	expect_used(&want, kernel, initrd);
}

static void what_was_kept_is_loaded(void **state)
{
	struct job_request want = wanted();
	struct job job;
	uint8_t *out;
	struct buffer_sink sink;
	struct error err;
	uint64_t used;

	(void)state;
	expect(false, false);
	keep_much();
	assert_int_equal(count_kept(), 2);
	expect(true, true);

	prepare(&job, &want);
	out = arena_alloc(&held, cpio.n);
	sink = buffer_sink_make(out, cpio.n);
	assert_true(codec_unpack(codec_by_name("lz4-legacy"), job.request.initrds[0].bytes,
		&sink.sink, &used, &err));
	assert_true(view_equal((struct view){ out, (size_t)sink.sink.taken }, cpio));
	job_free(&job);
}

/* Whoever wants it otherwise, or loads by a call that reads the files, gets those. */
static void what_is_wanted_otherwise_is_not(void **state)
{
	struct job_request want = wanted();

	(void)state;
	want.direct = DIRECT_OFF;
	want.initrd_form = INITRD_KEEP;
	expect_used(&want, false, false);
	want = wanted();
	want.ready.folder = NULL;
	expect_used(&want, false, false);
	want = wanted();
	want.checked = NULL;
	expect_used(&want, false, false);
	want = wanted();
	want.call = CALL_FILE_LOAD;
	expect_used(&want, false, false);
}

/* For a short jump alone it is as good. */
static void a_short_jump_takes_it_as_well(void **state)
{
	struct job_request want = wanted();

	(void)state;
	want.aim.shorten = SHORTEN_JUMP;
	want.initrd_form = INITRD_LZ4;
	expect_used(&want, true, true);
}

/* Each of the kept files, damaged at a byte or cut. */
static void what_is_damaged_is_not(void **state)
{
	DIR *names = opendir(cache);

	(void)state;
	assert_non_null(names);
	for (struct dirent *d; (d = readdir(names));) {
		const bool is_kernel = strstr(d->d_name, "." READY_OF_KERNEL);
		struct stat st;
		uint8_t byte;
		int fd;

		if (d->d_name[0] == '.' || strcmp(d->d_name, CHECKED_LASTING) == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", cache, d->d_name);
		fd = open(path, O_RDWR);
		assert_true(fd >= 0 && fstat(fd, &st) == 0);
		for (off_t at = 0; at < st.st_size; at += st.st_size / 9 + 1) {
			assert_int_equal(pread(fd, &byte, 1, at), 1);
			byte ^= 0x10;
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
			expect(!is_kernel, is_kernel);
			byte ^= 0x10;
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		expect(true, true);
		assert_int_equal(fchmod(fd, 0622), 0);
		expect(!is_kernel, is_kernel);
		assert_int_equal(fchmod(fd, 0600), 0);
		assert_int_equal(ftruncate(fd, st.st_size - 1), 0);
		expect(!is_kernel, is_kernel);
		assert_int_equal(ftruncate(fd, 0), 0);
		expect(!is_kernel, is_kernel);
		close(fd);
		/* It is made anew. */
		keep_much();
		expect(true, true);
	}
	closedir(names);
}

/* One that was changed in place, with its times of writing set back, and with the record that knows the old one. */
static void what_has_changed_is_loaded_itself(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(initrd_path, &st), 0);
	write_initrd("xz of kernels");
	assert_int_equal(
		utimensat(AT_FDCWD, initrd_path, (struct timespec[]){ st.st_atim, st.st_mtim }, 0),
		0);
	expect(true, false);
	keep_much();
	expect(true, true);
	assert_int_equal(count_kept(), 2);
	write_kernel("xz of kernels");
	expect(false, true);
	keep_much();
	expect(true, true);
	assert_int_equal(count_kept(), 2);
}

/* In the next boot nothing is known before somebody has read the files. */
static void a_boot_has_to_see_the_files(void **state)
{
	struct job_request want = wanted();

	(void)state;
	assert_int_equal(unlink(record), 0);
	expect(false, false);
	want.ready.may_read = true;
	expect_used(&want, true, true);
	expect(true, true);
}

/* The other's content under this one's name. */
static void what_is_of_another_file_is_not(void **state)
{
	char first[sizeof path] = "";
	DIR *names = opendir(cache);

	(void)state;
	for (struct dirent *d; (d = readdir(names));) {
		if (d->d_name[0] == '.' || strcmp(d->d_name, CHECKED_LASTING) == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", cache, d->d_name);
		if (first[0])
			break;
		snprintf(first, sizeof first, "%s", path);
	}
	closedir(names);
	assert_int_equal(renameat2(AT_FDCWD, first, AT_FDCWD, path, RENAME_EXCHANGE), 0);
	expect(false, false);
	assert_int_equal(renameat2(AT_FDCWD, first, AT_FDCWD, path, RENAME_EXCHANGE), 0);
	expect(true, true);
}

static void no_more_is_kept_than_may_be(void **state)
{
	struct arena a = { 0 };
	struct notes notes = { .arena = &a };

	(void)state;
	ready_forget(cache);
	keep((struct ready_room){ true, 100000 }, &notes);
	assert_int_equal(count_kept(), 1);
	assert_int_equal(notes.count, 1);
	assert_non_null(strstr(notes.items[0], "initrd is not kept ready: it would take too much"));
	expect(true, false);
	keep((struct ready_room){ true, 0 }, &notes);
	assert_int_equal(count_kept(), 0);
	arena_free(&a);
}

/* Nothing is gained by what the next kernel does not unpack, or what is packed so already. */
static void only_what_is_worth_it_is_kept(void **state)
{
	(void)state;
	write_file(config_path, view_of_string("# CONFIG_RD_LZ4 is not set\n"));
	keep_much();
	assert_int_equal(count_kept(), 1);
	write_file(config_path, view_of_string("CONFIG_RD_LZ4=y\n"));
	write_initrd("lz4 -l");
	keep_much();
	assert_int_equal(count_kept(), 1);
	expect(true, false);
}

/* Of the same bytes, whatever file has them; nothing else is recalled. */
static void what_an_earlier_boot_saw_is_known(void **state)
{
	struct job_request want = wanted();
	struct stat st;
	struct job job;

	(void)state;
	write_initrd("gzip");
	want.ready.may_read = true;
	prepare(&job, &want);
	checked_keep_answer(&job, "has it all?", "it has");
	job_free(&job);
	assert_int_equal(unlink(record), 0);
	snprintf(path, sizeof path, "%s/" CHECKED_LASTING, cache);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 022, 0);

	want.ready.may_read = false;
	prepare(&job, &want);
	assert_null(checked_answer(&job, "has it all?"));
	job_free(&job);

	assert_int_equal(unlink(record), 0);
	want.ready.may_read = true;
	prepare(&job, &want);
	assert_string_equal(checked_answer(&job, "has it all?"), "it has");
	assert_null(checked_answer(&job, "has it more?"));
	assert_true(checked_before(&job, 0));
	job_free(&job);

	/* From now on this boot knows it. */
	want.ready.may_read = false;
	prepare(&job, &want);
	assert_string_equal(checked_answer(&job, "has it all?"), "it has");
	job_free(&job);

	write_initrd("xz of kernels");
	want.ready.may_read = true;
	prepare(&job, &want);
	assert_null(checked_answer(&job, "has it all?"));
	job_free(&job);
}

static void note_step(void *context, const struct job_progress *progress)
{
	unsigned *unpacked = context;

	*unpacked += strcmp(progress->step, "checking the initrd") == 0;
}

/* A boot that finds it there need not unpack the initrd to know that it is whole. */
static void what_is_kept_was_whole(void **state)
{
	struct job_request want = wanted();
	unsigned unpacked = 0;
	struct job job;

	(void)state;
	write_initrd("gzip");
	keep_much();
	assert_int_equal(count_kept(), 2);
	snprintf(path, sizeof path, "%s/" CHECKED_LASTING, cache);
	want.watch = (struct job_watch){ note_step, &unpacked };
	want.initrd_form = INITRD_KEEP;
	want.ready.may_read = true;
	for (int is_kept = 1; is_kept >= 0; is_kept--) {
		unlink(record);
		unlink(path);
		prepare(&job, &want);
		job_free(&job);
		assert_int_equal(unpacked == 0, is_kept);
		ready_forget(cache);
	}
}

static struct {
	unsigned loads;
	uint64_t largest; /* segment of the last load */
} fake;

static long fake_load(unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	(void)entry, (void)flags;
	fake.largest = 0;
	for (unsigned long i = 0; i < count; i++)
		fake.largest = max_u64(fake.largest, segments[i].bufsz);
	errno = ENOMEM;
	return fake.loads++ == 0 ? -1 : 0;
}

/* Held while it is loaded; where the running kernel has no room for it, the file itself may have. */
static void it_may_be_given_back(void **state)
{
	const struct kexec_calls calls = { .load = fake_load };
	struct job_request want = wanted();
	struct error err = { 0 };
	struct stat st;
	struct job job;

	(void)state;
	keep_much();
	assert_int_equal(stat(initrd_path, &st), 0);
	prepare(&job, &want);
	assert_true(job.decisions[0].is_ready);
	if (!job_load(&job, &calls, &err))
		fail_msg("%s", err.reason);
	assert_int_equal(fake.loads, 2);
	assert_false(job.decisions[0].is_ready);
	assert_null(job.kept_initrds[0].file.bytes.p);
	assert_ptr_equal(job.request.initrds[0].bytes.p, job.initrds[0].bytes.p);
	assert_in_range(fake.largest, st.st_size, st.st_size + 4096);
	job_free(&job);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_was_kept_is_loaded),
		CASE(what_is_wanted_otherwise_is_not),
		CASE(a_short_jump_takes_it_as_well),
		CASE(what_is_damaged_is_not),
		CASE(what_has_changed_is_loaded_itself),
		CASE(a_boot_has_to_see_the_files),
		CASE(what_is_of_another_file_is_not),
		CASE(no_more_is_kept_than_may_be),
		CASE(only_what_is_worth_it_is_kept),
		CASE(what_an_earlier_boot_saw_is_known),
		CASE(what_is_kept_was_whole),
		CASE(it_may_be_given_back),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
