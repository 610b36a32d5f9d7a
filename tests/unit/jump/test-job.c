/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From names to system calls, with real files, a captured machine and a fake kernel. */
#include "image/bzimage-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "../machine/table-source.h"
#include "base/fields.h"
#include "jump/job.h"
#include "machine/machine-folders.h"

static char folder[] = "/tmp/saut-test-job-XXXXXX";
static char kernel_path[64], gzip_path[64], initrd_path[2][64];

/* What the fake kernel was asked, and what it answers. */
static struct {
	int load_errno, file_load_errno;
	unsigned loads, file_loads, unloads;
	size_t segments;
	int initrd_fd;
	off_t initrd_size;
	unsigned long flags;
	char command_line[256];
	const char *open; /* somebody tries to open it for writing while it loads */
	int open_errno;   /* what that ended with */
	int write_fd;     /* what is open for writing already is written to; 0: nothing */
	char segment[16]; /* the first bytes of the last but one, the initrd's, after that */
} fake;

static long answer(int errnum)
{
	errno = errnum;
	return errnum ? -1 : 0;
}

static void disturb(void)
{
	if (fake.open) {
		int fd = open(fake.open, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

		fake.open_errno = fd < 0 ? errno : 0;
		if (fd >= 0)
			close(fd);
	}
	if (fake.write_fd) {
		assert_int_equal(pwrite(fake.write_fd, "XXXXXXXXXXXXXXXXXXXX", 20, 0), 20);
		assert_int_equal(ftruncate(fake.write_fd, 20), 0);
	}
}

static long fake_load(unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	(void)entry, (void)flags;
	fake.loads++;
	fake.segments = count;
	disturb();
	for (unsigned long i = 0; i < count; i++)
		if (segments[i].bufsz == 5)
			memcpy(fake.segment, segments[i].buf, 5);
	return answer(fake.load_errno);
}

static long fake_file_load(int kernel_fd, int initrd_fd, unsigned long size,
	const char *command_line, unsigned long flags)
{
	struct stat st;

	if (flags & 1) {
		fake.unloads++;
		return 0;
	}
	fake.file_loads++;
	fake.flags = flags;
	fake.initrd_fd = initrd_fd;
	assert_int_equal(fstat(kernel_fd, &st), 0);
	assert_int_equal(st.st_size, BZ_SIZE);
	if (initrd_fd >= 0) {
		assert_int_equal(fstat(initrd_fd, &st), 0);
		fake.initrd_size = st.st_size;
	}
	assert_int_equal(strlen(command_line) + 1, size);
	snprintf(fake.command_line, sizeof fake.command_line, "%s", command_line);
	disturb();
	return answer(fake.file_load_errno);
}

static long fake_jump(void)
{
	return answer(EINVAL);
}

static const struct kexec_calls calls = {
	.load = fake_load, .file_load = fake_file_load, .jump = fake_jump
};

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

static void write_gzip(const char *path, const void *bytes, size_t size)
{
	gzFile f = gzopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(gzwrite(f, bytes, (unsigned)size), size);
	assert_int_equal(gzclose(f), Z_OK);
}

static int begin(void **state)
{
	struct arena a = { 0 };
	struct block kernel = bz_make(&a);

	(void)state;
	memset(&fake, 0, sizeof fake);
	write_file(kernel_path, kernel.p, kernel.n);
	write_gzip(gzip_path, kernel.p, kernel.n);
	write_file(initrd_path[0], "first", 5);
	write_file(initrd_path[1], "second initrd", 13);
	arena_free(&a);
	return 0;
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(kernel_path, sizeof kernel_path, "%s/vmlinuz", folder);
	snprintf(gzip_path, sizeof gzip_path, "%s/vmlinuz.gz", folder);
	snprintf(initrd_path[0], sizeof initrd_path[0], "%s/initrd0", folder);
	snprintf(initrd_path[1], sizeof initrd_path[1], "%s/initrd1", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(kernel_path);
	unlink(gzip_path);
	unlink(initrd_path[0]);
	unlink(initrd_path[1]);
	return rmdir(folder);
}

static struct job_request wanted(enum kexec_call call, size_t initrds)
{
	static const char *const paths[] = { initrd_path[0], initrd_path[1] };

	return (struct job_request){
		.root = MACHINE_FOLDERS "/q35-1g.machine",
		.kernel = kernel_path,
		.initrds = paths,
		.initrd_count = initrds,
		.command_line = "quiet",
		.call = call,
		.limits = { 0, PHYS_MAX },
	};
}

static bool has_note(const struct job *job, const char *words)
{
	for (size_t i = 0; i < job->notes.count; i++)
		if (strstr(job->notes.items[i], words))
			return true;
	return false;
}

static void initrds_are_segments_or_one_file(void **state)
{
	struct job_request want = wanted(CALL_LOAD, 2);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.segments, 5);
	assert_true(has_note(&job, "is no archive that the kernel unpacks"));
	job_free(&job);

	want.call = CALL_FILE_LOAD;
	assert_true(job_prepare(&job, &want, &err));
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.file_loads, 1);
	/* The first one padded to four bytes, with a gap behind it. */
	assert_int_equal(fake.initrd_size, 8 + INITRD_GAP + 13);
	assert_string_equal(fake.command_line, "quiet");
	job_free(&job);
}

/* x86: the file is not even looked for. */
static void a_device_tree_in_vain_is_noted(void **state)
{
	struct job_request want = wanted(CALL_AUTO, 0);
	struct error err = { 0 };
	struct job job;

	(void)state;
	want.device_tree = "/nowhere/tree.dtb";
	assert_true(job_prepare(&job, &want, &err));
	assert_true(has_note(&job, FIELD_DTB " has no effect: kernels for x86-64"));
	assert_int_equal(job.request.device_tree.bytes.n, 0);
	job_free(&job);
}

static void compressed_kernels_go_to_memory(void **state)
{
	struct job_request want = wanted(CALL_FILE_LOAD, 0);
	struct error err = { 0 };
	struct job job;

	(void)state;
	want.kernel = gzip_path;
	assert_true(job_prepare(&job, &want, &err));
	assert_int_equal(job.unpacked.bytes.n, BZ_SIZE);
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.initrd_fd, -1);
	job_free(&job);
}

static void the_running_kernels_line_is_reused(void **state)
{
	struct job_request want = wanted(CALL_FILE_LOAD, 0);
	struct error err = { 0 };
	struct job job;

	(void)state;
	want.reuse_command_line = true;
	assert_true(job_prepare(&job, &want, &err));
	assert_true(job_load(&job, &calls, &err));
	assert_string_equal(fake.command_line, "console=ttyS0 panic=-1 quiet");
	job_free(&job);
}

/* This machine has memory for one: crashkernel= is on its command line, and not on the new one. */
static void a_crash_kernel_is_loaded_beside_the_other(void **state)
{
	struct job_request want = wanted(CALL_FILE_LOAD, 1);
	struct error err = { 0 };
	struct job job;

	(void)state;
	want.crash = true;
	assert_false(job_prepare(&job, &want, &err));
	assert_int_equal(err.fault, FAULT_NO_CRASH_MEMORY);
	assert_int_equal(fake.file_loads + fake.loads, 0);
	job_free(&job);

	want.root = MACHINE_FOLDERS "/q35-5g.machine";
	want.reuse_command_line = true;
	err = (struct error){ 0 };
	assert_true(job_prepare(&job, &want, &err));
	assert_non_null(strstr(job.machine.command_line, "crashkernel="));
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.file_loads, 1);
	assert_int_equal(fake.flags, 2);
	assert_null(strstr(fake.command_line, "crashkernel"));
	assert_true(has_note(&job, "crashkernel="));
	job_free(&job);
}

static void the_fall_back_tells_what_is_lost_by_it(void **state)
{
	struct job_request want = wanted(CALL_AUTO, 1);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	job.machine.kexec.live_update = ANSWER_YES;
	job.plan.call = CALL_FILE_LOAD;
	fake.file_load_errno = EADDRNOTAVAIL;
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.loads, 1);
	assert_true(has_note(&job, "falling back to kexec_load"));
	assert_true(has_note(&job, "would be lost: only kexec_file_load hands it over"));
	job_free(&job);
}

static void the_fall_back_tries_the_other_call_once(void **state)
{
	struct job_request want = wanted(CALL_AUTO, 2);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	assert_int_equal(job.plan.call, CALL_LOAD);
	fake.load_errno = EPERM;
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.file_loads, 1);
	assert_int_equal(fake.initrd_size, 8 + INITRD_GAP + 13);
	assert_true(has_note(&job, "falling back to kexec_file_load"));
	job_free(&job);

	assert_true(job_prepare(&job, &want, &err));
	fake.file_load_errno = ENOEXEC;
	assert_false(job_load(&job, &calls, &err));
	assert_int_equal(fake.loads, 2);
	assert_int_equal(fake.file_loads, 2);
	assert_int_equal(err.fault, FAULT_FORMAT_REFUSED);
	job_free(&job);
}

static void a_refusal_that_is_final_is_told(void **state)
{
	struct job_request want = wanted(CALL_FILE_LOAD, 0);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	fake.file_load_errno = EKEYREJECTED;
	assert_false(job_load(&job, &calls, &err));
	assert_int_equal(err.fault, FAULT_SIGNATURE);
	assert_int_equal(fake.loads, 0);
	assert_non_null(strstr(err.attempt, kernel_path));
	job_free(&job);
}

static void a_file_that_shrinks_is_not_loaded(void **state)
{
	struct job_request want = wanted(CALL_LOAD, 1);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	assert_int_equal(truncate(initrd_path[0], 2), 0);
	assert_false(job_load(&job, &calls, &err));
	assert_int_equal(err.fault, FAULT_FILE_CHANGED);
	assert_int_equal(fake.loads, 0);
	job_free(&job);
}

/* Whoever wants to write waits until the kernel has it all. */
static void nobody_writes_during_the_load(void **state)
{
	static const enum kexec_call both[] = { CALL_LOAD, CALL_FILE_LOAD };
	struct error ignored = { 0 };
	struct file file;
	bool has_leases;

	(void)state;
	assert_true(file_open(initrd_path[0], &file, &ignored));
	has_leases = file_lease(&file);
	file_close(&file);
	if (!has_leases)
		skip();
	for (size_t i = 0; i < 2; i++) {
		struct job_request want = wanted(both[i], 1);
		struct error err = { 0 };
		struct job job;

		assert_true(job_prepare(&job, &want, &err));
		fake.open = initrd_path[0];
		assert_true(job_load(&job, &calls, &err));
		assert_int_equal(fake.open_errno, EWOULDBLOCK);
		job_free(&job);
	}
}

/* Somebody has it open already: what is loaded is a copy of what was planned for. */
static void what_may_be_written_to_is_loaded_from_a_copy(void **state)
{
	struct job_request want = wanted(CALL_LOAD, 1);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	fake.write_fd = open(initrd_path[0], O_WRONLY | O_CLOEXEC);
	assert_true(fake.write_fd >= 0);
	assert_true(job_load(&job, &calls, &err));
	assert_string_equal(fake.segment, "first");
	assert_int_equal(fake.unloads, 0);
	close(fake.write_fd);
	job_free(&job);
}

/* The running kernel reads the file itself then: all that is left is to look afterwards. */
static void what_changed_during_the_load_is_unloaded(void **state)
{
	struct job_request want = wanted(CALL_FILE_LOAD, 1);
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_true(job_prepare(&job, &want, &err));
	fake.write_fd = open(initrd_path[0], O_WRONLY | O_CLOEXEC);
	assert_true(fake.write_fd >= 0);
	assert_false(job_load(&job, &calls, &err));
	assert_int_equal(err.fault, FAULT_FILE_CHANGED);
	assert_reason(err, "; nothing is loaded now");
	assert_int_equal(fake.unloads, 1);
	close(fake.write_fd);
	job_free(&job);
}

/* Sparse: nothing of it is on the disk, and nothing of it is read. */
static void make_sparse(const char *path, uint64_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	close(fd);
}

static void assert_does_not_fit(const struct job_request *want, const char *words)
{
	struct error err = { 0 };
	struct job job;

	assert_false(job_prepare(&job, want, &err));
	assert_int_equal(err.fault, FAULT_FIT_MEMORY);
	assert_reason(err, words);
	assert_int_equal(fake.loads + fake.file_loads, 0);
	job_free(&job);
}

static void files_larger_than_the_memory_are_refused_unread(void **state)
{
	struct job_request want = wanted(CALL_AUTO, 2);

	(void)state;
	make_sparse(initrd_path[1], TiB(1));
	assert_does_not_fit(&want, "the file has ");
	make_sparse(initrd_path[0], MiB(600));
	make_sparse(initrd_path[1], MiB(500));
	assert_does_not_fit(&want,
		"the file has 500 MiB, those before it have 601 MiB, and the machine has 1024 MiB of "
		"memory");
	make_sparse(kernel_path, GiB(1) + 1);
	assert_does_not_fit(&want, "the file has 1025 MiB, and the machine has 1024 MiB of memory");
}

static void bad_input_never_reaches_the_kernel(void **state)
{
	static const struct {
		const char *kernel, *type;
		enum fault fault;
		const char *words;
	} cases[] = {
		{ "/nowhere/vmlinuz", NULL, FAULT_FILE_MISSING, "No such file" },
		{ "/dev/zero", NULL, FAULT_FILE_NOT_REGULAR, "character device" },
		{ initrd_path[0], NULL, FAULT_IMAGE_UNKNOWN, "5 bytes" },
		{ kernel_path, "multiboot-x86", FAULT_IMAGE_WRONG_TYPE,
			"bzImage, not multiboot-x86" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct job_request want = wanted(CALL_AUTO, 0);
		struct error err = { 0 };
		struct job job;

		want.kernel = cases[i].kernel;
		want.type = cases[i].type;
		assert_false(job_prepare(&job, &want, &err));
		assert_int_equal(err.fault, cases[i].fault);
		assert_reason(err, cases[i].words);
		assert_non_null(strstr(err.attempt, cases[i].kernel));
		job_free(&job);
	}
}

/* A captured machine, but for one with neither of the system calls. */
static void write_machine_without_calls(const char *path)
{
	static char text[1 << 20];
	FILE *f = fopen(MACHINE_FOLDERS "/q35-1g.machine", "rb");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	for (char *at; (at = strstr(text, "load yes"));)
		memcpy(at, "load no\n", 8);
	write_file(path, text, n);
}

/* The kernel here could not even be unpacked. */
static void without_system_calls_nothing_is_unpacked(void **state)
{
	char machine[80];
	struct job_request want = wanted(CALL_AUTO, 0);
	struct error err = { 0 };
	struct job job;

	(void)state;
	snprintf(machine, sizeof machine, "%s/machine", folder);
	write_machine_without_calls(machine);
	assert_int_equal(truncate(gzip_path, 100), 0);
	want.kernel = gzip_path;
	want.root = machine;
	assert_false(job_prepare(&job, &want, &err));
	assert_int_equal(err.fault, FAULT_NO_KEXEC);
	assert_null(job.unpacked.bytes.p);
	job_free(&job);

	/* A wrong name comes first. */
	want.kernel = "/nowhere/vmlinuz";
	assert_false(job_prepare(&job, &want, &err));
	assert_int_equal(err.fault, FAULT_FILE_MISSING);
	job_free(&job);
	unlink(machine);
}

/* The captured machine, to whose end more files are put. */
static void write_machine_with(const char *path, const char *more)
{
	static char text[1 << 20];
	FILE *f = fopen(MACHINE_FOLDERS "/q35-1g.machine", "rb");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text, f);
	fclose(f);
	assert_true(n + strlen(more) < sizeof text);
	memcpy(text + n, more, strlen(more));
	write_file(path, text, n + strlen(more));
}

#define FILE_OF_PCI "=== sys/bus/pci/devices/0000:00:04.0/"

/* A watchdog, and the lists of a kernel's modules. */
#define WATCHDOG                                                                  \
	FILE_OF_PCI "vendor\n0x8086\n" FILE_OF_PCI "device\n0x25ab\n" FILE_OF_PCI \
		    "class\n0x088000\n" FILE_OF_PCI                               \
		    "resource\n0xfebd1000 0xfebd100f 0x40200\n" FILE_OF_PCI       \
		    "config hex 256\n86 80 ab 25 03\n"
#define MODULES(release, name)                                                              \
	"=== lib/modules/" release "/modules.dep\nx/" name ".ko:\n=== lib/modules/" release \
	"/modules.builtin\nx/x.ko\n"

static void a_watchdog_is_started_or_that_is_refused(void **state)
{
	static const struct {
		const char *more;
		enum kexec_call call;
		bool any_kernel, crash;
		const char *refusal; /* NULL: it is started */
	} cases[] = {
		{ WATCHDOG MODULES("6.12.1-test", "i6300esb"), CALL_LOAD, false, false, NULL },
		{ WATCHDOG MODULES("6.12.1-test", "other"), CALL_LOAD, false, false,
			"6.12.1-test, has no driver i6300esb" },
		{ WATCHDOG MODULES("6.11.0", "i6300esb"), CALL_LOAD, false, false,
			"/lib/modules/6.12.1-test does not tell" },
		{ WATCHDOG, CALL_LOAD, true, false, NULL },
		{ WATCHDOG, CALL_FILE_LOAD, true, false, "only kexec_load brings" },
		{ "", CALL_LOAD, true, false, "no hardware watchdog" },
		{ WATCHDOG, CALL_LOAD, true, true, "does not go with a crash kernel" },
	};
	char machine[80];

	(void)state;
	snprintf(machine, sizeof machine, "%s/machine", folder);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int may_miss = 0; may_miss < 2; may_miss++) {
			struct job_request want = wanted(cases[i].call, 0);
			struct error err = { 0 };
			struct job job;
			bool done;

			write_machine_with(machine, cases[i].more);
			want.root = machine;
			want.crash = cases[i].crash;
			want.watchdog = (struct watchdog_wish){ 60, cases[i].any_kernel, may_miss };
			done = job_prepare(&job, &want, &err);
			if (!cases[i].refusal) {
				assert_true(done && job.request.recipe);
				assert_true(has_note(&job, "(i6300esb) resets the machine 60 s"));
				assert_null(job.watchdog_obstacle);
			} else if (may_miss && cases[i].crash) {
				assert_true(has_note(&job, "does not go with a crash kernel"));
			} else if (may_miss) {
				assert_true(done && !job.request.recipe && job.watchdog_obstacle);
				assert_true(has_note(&job, "no watchdog is started: "));
			} else {
				assert_false(done);
				assert_reason(err, cases[i].refusal);
			}
			job_free(&job);
		}
	unlink(machine);
}

/* Hardware that counts less than is wanted will do where the wish says down to what. */
static void a_watchdog_may_count_less(void **state)
{
	static const struct {
		unsigned seconds_wanted, least;
		unsigned seconds; /* 0: none is started */
	} cases[] = {
		{ 300, 180, 300 },
		{ 3600, 180, 2080 },
		{ 3600, 2080, 2080 },
		{ 3600, 2081, 0 },
		{ 3600, 0, 0 },
	};
	char machine[80];

	(void)state;
	snprintf(machine, sizeof machine, "%s/machine", folder);
	write_machine_with(machine, WATCHDOG);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct job_request want = wanted(CALL_LOAD, 0);
		struct error err = { 0 };
		struct job job;

		want.root = machine;
		want.watchdog = (struct watchdog_wish){ .seconds = cases[i].seconds_wanted,
			.any_kernel = true,
			.may_miss = true,
			.least = cases[i].least };
		assert_true(job_prepare(&job, &want, &err));
		assert_int_equal(job.watchdog.kind != NULL, cases[i].seconds != 0);
		if (cases[i].seconds)
			assert_int_equal(job.watchdog_setting.seconds, cases[i].seconds);
		if (cases[i].seconds == 2080)
			assert_true(has_note(&job, "counts to 2080 s at most, not to 3600 s"));
		job_free(&job);
	}
	unlink(machine);
}

#define DEVICE(name, what, text) "=== sys/class/watchdog/" name "/" what "\n" text "\n"

/* What starts by itself must be able to be stopped, and must leave what others have started. */
static void a_watchdog_that_could_not_be_stopped_is_not_started(void **state)
{
	static const struct {
		const char *more, *line, *obstacle; /* NULL: it is started */
		bool has_timeout;
	} cases[] = {
		{ "", "quiet", NULL, true },
		{ DEVICE("watchdog0", "identity", "i6300ESB timer"), "quiet", NULL, true },
		{ DEVICE("watchdog0", "identity", "i6300ESB timer")
				DEVICE("watchdog0", "nowayout", "1"),
			"quiet", "(nowayout)", false },
		{ DEVICE("watchdog0", "identity", "another"), "quiet", NULL, false },
		{ "", "quiet module_blacklist=i6300esb", "module_blacklist", false },
		{ "=== etc/modprobe.d/x.conf\ninstall i6300esb /bin/true\n", "quiet",
			"/etc/modprobe.d/x.conf", false },
	};
	char machine[80], more[1200];

	(void)state;
	snprintf(machine, sizeof machine, "%s/machine", folder);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct job_request want = wanted(CALL_LOAD, 0);
		struct error err = { 0 };
		struct job job;

		snprintf(more, sizeof more, "%s%s", WATCHDOG MODULES("6.12.1-test", "i6300esb"),
			cases[i].more);
		write_machine_with(machine, more);
		want.root = machine;
		want.command_line = cases[i].line;
		want.watchdog = (struct watchdog_wish){ .seconds = 60, .may_miss = true };
		want.come_back = (struct come_back_parameters){ .id = "a", .open_timeout = 45 };
		assert_true(job_prepare(&job, &want, &err));
		assert_int_equal(job.watchdog.kind != NULL, cases[i].obstacle == NULL);
		if (cases[i].obstacle && !strstr(job.watchdog_obstacle, cases[i].obstacle))
			fail_msg("%s", job.watchdog_obstacle);
		assert_int_equal(strstr(job.request.command_line, "open_timeout") != NULL,
			cases[i].has_timeout);
		job_free(&job);
	}
	unlink(machine);
}

/* Only then is there somebody who opens it: else the word would reset a machine that is well. */
static void the_word_for_a_watchdog_goes_with_it(void **state)
{
	struct job_request want = wanted(CALL_AUTO, 0);
	struct error err = { 0 };
	char machine[80];
	struct job job;

	(void)state;
	snprintf(machine, sizeof machine, "%s/machine", folder);
	want.root = machine;
	want.watchdog = (struct watchdog_wish){ 60, true, true };
	want.come_back = (struct come_back_parameters){ .id = "a", .open_timeout = 45 };
	write_machine_with(machine, "");
	assert_true(job_prepare(&job, &want, &err));
	assert_null(strstr(job.request.command_line, "open_timeout"));
	assert_non_null(strstr(job.request.command_line, "panic=10"));
	job_free(&job);
	write_machine_with(machine, WATCHDOG);
	fake.load_errno = EINVAL;
	assert_true(job_prepare(&job, &want, &err));
	assert_non_null(strstr(job.request.command_line, "watchdog.open_timeout=45"));
	/* What falls back to the other call has none. */
	assert_true(job_load(&job, &calls, &err));
	assert_null(strstr(fake.command_line, "open_timeout"));
	assert_non_null(strstr(fake.command_line, "rd.emergency=reboot saut.trial=a"));
	job_free(&job);
	unlink(machine);
}

/* Better without it than not at all, where the wish says so. */
static void the_fall_back_does_without_a_watchdog(void **state)
{
	struct job_request want = wanted(CALL_AUTO, 0);
	struct error err = { 0 };
	char machine[80];
	struct job job;

	(void)state;
	snprintf(machine, sizeof machine, "%s/machine", folder);
	write_machine_with(machine, WATCHDOG);
	want.root = machine;
	fake.load_errno = EINVAL;
	for (int may_miss = 0; may_miss < 2; may_miss++) {
		want.watchdog = (struct watchdog_wish){ 60, true, may_miss };
		assert_true(job_prepare(&job, &want, &err));
		assert_true(job.request.recipe && job.watchdog.kind);
		assert_int_equal(job_load(&job, &calls, &err), may_miss);
		assert_int_equal(fake.file_loads, may_miss);
		assert_int_equal(job.watchdog.kind == NULL, may_miss);
		job_free(&job);
	}
	unlink(machine);
}

/* Without it the next kernel would be told nothing, not even its root file system. */
static void a_line_that_is_not_known_is_not_reused(void **state)
{
	struct table_source machine = TABLE_SOURCE(
		{ "proc/iomem", "100000-3fffffff : System RAM\n" },
		{ "proc/cmdline", .is_unreadable = true }, { "saut/uname", "6.1.0 x86_64\n" });
	struct job_request wanted = { .source = &machine.source,
		.kernel = kernel_path,
		.reuse_command_line = true,
		.limits = { 0, PHYS_MAX } };
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_false(job_prepare(&job, &wanted, &err));
	assert_reason(err, "/proc/cmdline cannot be read");
	job_free(&job);
	wanted.reuse_command_line = false;
	if (!job_prepare(&job, &wanted, &err))
		fail_msg("%s", err.reason);
	job_free(&job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_line_that_is_not_known_is_not_reused, begin),
		cmocka_unit_test_setup(initrds_are_segments_or_one_file, begin),
		cmocka_unit_test_setup(a_device_tree_in_vain_is_noted, begin),
		cmocka_unit_test_setup(compressed_kernels_go_to_memory, begin),
		cmocka_unit_test_setup(the_running_kernels_line_is_reused, begin),
		cmocka_unit_test_setup(a_crash_kernel_is_loaded_beside_the_other, begin),
		cmocka_unit_test_setup(the_fall_back_tries_the_other_call_once, begin),
		cmocka_unit_test_setup(the_fall_back_tells_what_is_lost_by_it, begin),
		cmocka_unit_test_setup(a_refusal_that_is_final_is_told, begin),
		cmocka_unit_test_setup(a_file_that_shrinks_is_not_loaded, begin),
		cmocka_unit_test_setup(nobody_writes_during_the_load, begin),
		cmocka_unit_test_setup(what_may_be_written_to_is_loaded_from_a_copy, begin),
		cmocka_unit_test_setup(what_changed_during_the_load_is_unloaded, begin),
		cmocka_unit_test_setup(without_system_calls_nothing_is_unpacked, begin),
		cmocka_unit_test_setup(a_watchdog_is_started_or_that_is_refused, begin),
		cmocka_unit_test_setup(a_watchdog_may_count_less, begin),
		cmocka_unit_test_setup(a_watchdog_that_could_not_be_stopped_is_not_started, begin),
		cmocka_unit_test_setup(the_word_for_a_watchdog_goes_with_it, begin),
		cmocka_unit_test_setup(the_fall_back_does_without_a_watchdog, begin),
		cmocka_unit_test_setup(files_larger_than_the_memory_are_refused_unread, begin),
		cmocka_unit_test_setup(bad_input_never_reaches_the_kernel, begin),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
