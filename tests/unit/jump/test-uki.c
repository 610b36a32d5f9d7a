/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs with unified kernel images: what is loaded of them, and in which order it is tried. */
#include "image/pe-file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "image/bzimage-file.h"
#include "jump/job.h"
#include "machine/machine-folders.h"

static char folder[] = "/tmp/saut-test-uki-XXXXXX";
static char uki_path[64], initrd_path[64];

enum { CONTENT_MAX = 16384 };

/* What the fake kernel was asked, and what it answers: for files first to last, then as at last. */
static struct {
	int load_errno, file_load_errno[4];
	unsigned loads, file_loads;
	uint8_t kernel[CONTENT_MAX], initrd[CONTENT_MAX];
	size_t kernel_size, initrd_size;
	char command_line[256];
} fake;

static long answer(int errnum)
{
	errno = errnum;
	return errnum ? -1 : 0;
}

static long fake_load(unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	(void)entry, (void)count, (void)segments, (void)flags;
	fake.loads++;
	return answer(fake.load_errno);
}

static size_t content_of(int fd, uint8_t *content)
{
	ssize_t n = fd < 0 ? 0 : pread(fd, content, CONTENT_MAX, 0);

	assert_true(n >= 0 && n < CONTENT_MAX);
	return (size_t)n;
}

static long fake_file_load(int kernel_fd, int initrd_fd, unsigned long size,
	const char *command_line, unsigned long flags)
{
	(void)flags;
	assert_true(fake.file_loads < 4);
	fake.kernel_size = content_of(kernel_fd, fake.kernel);
	fake.initrd_size = content_of(initrd_fd, fake.initrd);
	assert_int_equal(strlen(command_line) + 1, size);
	snprintf(fake.command_line, sizeof fake.command_line, "%s", command_line);
	return answer(fake.file_load_errno[fake.file_loads++]);
}

static long fake_jump(void)
{
	return answer(EINVAL);
}

static const struct kexec_calls calls = {
	.load = fake_load, .file_load = fake_file_load, .jump = fake_jump
};

static void write_file(const char *path, struct view bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(uki_path, sizeof uki_path, "%s/uki.efi", folder);
	snprintf(initrd_path, sizeof initrd_path, "%s/initrd", folder);
	write_file(initrd_path, view_of_string("given"));
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(uki_path);
	unlink(initrd_path);
	return rmdir(folder);
}

/* A UKI on the disk, and the job that loads it. */
struct fixture {
	struct arena a;
	struct view kernel, uki;
	struct job_request want;
	struct job job;
	struct error err;
};

static void write_uki(struct fixture *f, const struct pef_section *sections, size_t count)
{
	f->uki = pef_view(pef_make(&f->a, PEF_X86_64, sections, count));
	write_file(uki_path, f->uki);
}

static int begin(void **state)
{
	static const char *const initrds[] = { initrd_path };
	struct fixture *f = calloc(1, sizeof *f);

	if (!f)
		return -1;
	memset(&fake, 0, sizeof fake);
	f->kernel = bz_view(bz_make(&f->a));
	f->want = (struct job_request){
		.root = MACHINE_FOLDERS "/q35-1g.machine",
		.kernel = uki_path,
		.initrds = initrds,
		.initrd_count = 1,
		.call = CALL_LOAD,
		.limits = { 0, PHYS_MAX },
	};
	write_uki(f,
		(const struct pef_section[]){
			{ ".cmdline", "from=uki quiet\n", { 0 } },
			{ ".initrd", "embedded", { 0 } },
			{ ".linux", NULL, f->kernel },
			{ ".ucode", "microcode", { 0 } },
		},
		4);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	job_free(&f->job);
	arena_free(&f->a);
	free(f);
	return 0;
}

static void prepare(struct fixture *f)
{
	job_free(&f->job);
	f->err = (struct error){ 0 };
	if (!job_prepare(&f->job, &f->want, &f->err))
		fail_msg("%s: %s", f->err.attempt, f->err.reason);
}

static size_t notes_with(const struct job *job, const char *words)
{
	size_t count = 0;

	for (size_t i = 0; i < job->notes.count; i++)
		count += strstr(job->notes.items[i], words) != NULL;
	return count;
}

static void assert_kernel_is(struct view expected)
{
	assert_true(view_equal((struct view){ fake.kernel, fake.kernel_size }, expected));
}

static void its_parts_are_segments_without_a_copy(void **state)
{
	static const char *const texts[] = { "microcode", "embedded", "given" };
	struct fixture *f = *state;
	size_t initrds = 0;

	prepare(f);
	assert_int_equal(f->job.request.initrd_count, 3);
	assert_string_equal(f->job.request.command_line, "from=uki quiet");
	for (size_t i = 0; i < f->job.plan.segment_count; i++) {
		const struct segment *s = &f->job.plan.segments[i];

		if (strcmp(s->name, "kernel") == 0)
			assert_true(pef_inside(s->data, f->job.kernel.bytes));
		if (strcmp(s->name, "initrd") != 0)
			continue;
		assert_true(view_equal(s->data, view_of_string(texts[initrds])));
		assert_int_equal(pef_inside(s->data, f->job.kernel.bytes), initrds < 2);
		initrds++;
	}
	assert_int_equal(initrds, 3);
	assert_true(job_load(&f->job, &calls, &f->err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.file_loads, 0);
	assert_int_equal(notes_with(&f->job, "the command line is the one in the UKI"), 1);
}

static void which_command_line(void **state)
{
	static const struct {
		const char *given, *expected, *note;
		bool reuse;
	} rows[] = {
		{ NULL, "from=uki quiet", "is the one in the UKI", false },
		{ "mine", "mine", "in the UKI is replaced", false },
		{ "", "", "in the UKI is replaced", false },
		{ NULL, "console=ttyS0 panic=-1 quiet", "in the UKI is replaced", true },
		{ "more", "console=ttyS0 panic=-1 quiet more", "in the UKI is replaced", true },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		f->want.command_line = rows[i].given;
		f->want.reuse_command_line = rows[i].reuse;
		prepare(f);
		assert_string_equal(f->job.request.command_line, rows[i].expected);
		assert_int_equal(notes_with(&f->job, "command line"), 1);
		assert_int_equal(notes_with(&f->job, rows[i].note), 1);
	}
}

static void a_uki_with_a_kernel_only(void **state)
{
	struct fixture *f = *state;

	write_uki(f, (const struct pef_section[]){ { ".linux", NULL, f->kernel } }, 1);
	f->want.initrd_count = 0;
	f->want.call = CALL_FILE_LOAD;
	fake.file_load_errno[0] = ENOEXEC;
	prepare(f);
	assert_true(job_load(&f->job, &calls, &f->err));
	assert_kernel_is(f->kernel);
	assert_int_equal(fake.initrd_size, 0);
	assert_string_equal(fake.command_line, "");
	assert_int_equal(notes_with(&f->job, "command line"), 0);
}

/* As every x86 kernel of today answers. */
static void a_kernel_that_takes_no_uki(void **state)
{
	static const int errnums[] = { ENOEXEC, EINVAL, EOPNOTSUPP, ENOMEM, EFBIG };
	static const uint8_t joined[] = "microcode\0\0\0\0\0\0\0embedded\0\0\0\0given";
	struct fixture *f = *state;

	f->want.call = CALL_FILE_LOAD;
	for (size_t i = 0; i < sizeof errnums / sizeof errnums[0]; i++) {
		memset(&fake, 0, sizeof fake);
		fake.file_load_errno[0] = errnums[i];
		prepare(f);
		assert_true(job_load(&f->job, &calls, &f->err));
		assert_int_equal(fake.file_loads, 2);
		assert_int_equal(fake.loads, 0);
		assert_kernel_is(f->kernel);
		assert_true(view_equal((struct view){ fake.initrd, fake.initrd_size },
			(struct view){ joined, sizeof joined - 1 }));
		assert_string_equal(fake.command_line, "from=uki quiet");
		assert_int_equal(notes_with(&f->job, "falling back to the kernel in the UKI"), 1);
	}
}

static void a_kernel_that_takes_ukis(void **state)
{
	struct fixture *f = *state;

	f->want.call = CALL_FILE_LOAD;
	prepare(f);
	assert_true(job_load(&f->job, &calls, &f->err));
	assert_int_equal(fake.file_loads, 1);
	assert_kernel_is(f->uki);
	assert_int_equal(notes_with(&f->job, "falling back"), 0);
}

/* A kernel that takes UKIs has verified this one, and found it wanting. */
static void a_bad_signature_is_final(void **state)
{
	struct fixture *f = *state;

	f->want.call = CALL_FILE_LOAD;
	fake.file_load_errno[0] = EKEYREJECTED;
	prepare(f);
	assert_false(job_load(&f->job, &calls, &f->err));
	assert_int_equal(fake.file_loads, 1);
	assert_int_equal(f->err.fault, FAULT_SIGNATURE);
	assert_null(strstr(f->err.reason, "takes no UKI"));
}

static void the_kernel_in_it_must_be_signed_itself(void **state)
{
	static const int errnums[] = { EKEYREJECTED, ENODATA, ENOKEY, EBADMSG };
	struct fixture *f = *state;

	f->want.call = CALL_FILE_LOAD;
	for (size_t i = 0; i < sizeof errnums / sizeof errnums[0]; i++) {
		memset(&fake, 0, sizeof fake);
		fake.file_load_errno[0] = ENOEXEC;
		fake.file_load_errno[1] = errnums[i];
		prepare(f);
		assert_false(job_load(&f->job, &calls, &f->err));
		assert_int_equal(fake.file_loads, 2);
		assert_int_equal(f->err.fault, FAULT_SIGNATURE);
		assert_int_equal(f->err.errnum, errnums[i]);
		assert_reason(f->err,
			"the running kernel takes no UKI, and the kernel in it is not "
			"signed: kexec_file_load: ");
		assert_non_null(strstr(f->err.attempt, uki_path));
	}
}

/* The whole, the kernel in it, the other call: each step is noted. */
static void every_fall_back_in_its_order(void **state)
{
	struct fixture *f = *state;

	f->want.call = CALL_AUTO;
	prepare(f);
	f->job.plan.call = CALL_FILE_LOAD; /* whatever the plan prefers */
	f->job.request.initrd_count = 1;
	fake.file_load_errno[0] = fake.file_load_errno[1] = ENOEXEC;
	assert_true(job_load(&f->job, &calls, &f->err));
	assert_int_equal(fake.file_loads, 2);
	assert_int_equal(fake.loads, 1);
	assert_kernel_is(f->kernel);
	assert_int_equal(f->job.request.initrd_count, 3);
	assert_int_equal(notes_with(&f->job, "falling back to the kernel in the UKI"), 1);
	assert_int_equal(notes_with(&f->job, "falling back to kexec_load"), 1);
}

static void the_other_way_round(void **state)
{
	struct fixture *f = *state;

	f->want.call = CALL_AUTO;
	prepare(f);
	assert_int_equal(f->job.plan.call, CALL_LOAD);
	fake.load_errno = EADDRNOTAVAIL;
	fake.file_load_errno[0] = ENOEXEC;
	assert_true(job_load(&f->job, &calls, &f->err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.file_loads, 2);
	assert_kernel_is(f->kernel);
	assert_string_equal(fake.command_line, "from=uki quiet");
}

static void a_compressed_uki(void **state)
{
	struct fixture *f = *state;
	gzFile file = gzopen(uki_path, "wb");

	assert_non_null(file);
	assert_int_equal(gzwrite(file, f->uki.p, (unsigned)f->uki.n), f->uki.n);
	assert_int_equal(gzclose(file), Z_OK);
	f->want.call = CALL_FILE_LOAD;
	fake.file_load_errno[0] = ENOEXEC;
	prepare(f);
	assert_true(pef_inside(f->job.image.bytes, f->job.unpacked.bytes));
	assert_true(job_load(&f->job, &calls, &f->err));
	assert_int_equal(fake.file_loads, 2);
	assert_kernel_is(f->kernel);
}

static void its_type(void **state)
{
	struct fixture *f = *state;

	f->want.type = "uki";
	prepare(f);
	job_free(&f->job);
	f->want.type = "bzImage";
	assert_false(job_prepare(&f->job, &f->want, &f->err));
	assert_int_equal(f->err.fault, FAULT_IMAGE_WRONG_TYPE);
	assert_reason(f->err, "unified kernel image (UKI), not bzImage");
}

static void what_is_left_out_is_noted(void **state)
{
	struct fixture *f = *state;

	write_uki(f,
		(const struct pef_section[]){
			{ ".linux", NULL, f->kernel },
			{ ".dtb", "tree", { 0 } },
			{ ".profile", "ID=one", { 0 } },
			{ ".cmdline", "one", { 0 } },
			{ ".profile", "ID=two", { 0 } },
			{ ".cmdline", "two", { 0 } },
		},
		6);
	prepare(f);
	assert_string_equal(f->job.request.command_line, "one");
	assert_int_equal(notes_with(&f->job, "has 2 profiles; the first one is taken"), 1);
	assert_int_equal(notes_with(&f->job, "has 1 device tree, not passed on"), 1);
}

static void kernels_that_cannot_be_started(void **state)
{
	struct fixture *f = *state;
	struct block arm64 = { arena_alloc(&f->a, 64), 64, false };
	const struct {
		struct view kernel;
		enum fault fault;
		const char *text;
	} rows[] = {
		{ view_of_string("a letter"), FAULT_IMAGE_UNKNOWN,
			"the kernel in this UKI: its 8 bytes" },
		{ view_first(f->kernel, BZ_SIZE - 1), FAULT_IMAGE_TRUNCATED,
			"the kernel in this UKI: bzImage: " },
		{ f->uki, FAULT_IMAGE_CORRUPT, "the kernel in this UKI is a UKI itself" },
		{ { arm64.p, arm64.n }, FAULT_IMAGE_OTHER_ARCH, "arm64" },
	};

	block_put_bytes(&arm64, 56, view_of_string("ARM\x64"));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		write_uki(f, (const struct pef_section[]){ { ".linux", NULL, rows[i].kernel } }, 1);
		job_free(&f->job);
		f->err = (struct error){ 0 };
		assert_false(job_prepare(&f->job, &f->want, &f->err));
		assert_int_equal(f->err.fault, rows[i].fault);
		assert_reason(f->err, rows[i].text);
		assert_non_null(strstr(f->err.attempt, uki_path));
	}
}

#define UKI_CASE(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UKI_CASE(its_parts_are_segments_without_a_copy),
		UKI_CASE(which_command_line),
		UKI_CASE(a_uki_with_a_kernel_only),
		UKI_CASE(a_kernel_that_takes_no_uki),
		UKI_CASE(a_kernel_that_takes_ukis),
		UKI_CASE(a_bad_signature_is_final),
		UKI_CASE(the_kernel_in_it_must_be_signed_itself),
		UKI_CASE(every_fall_back_in_its_order),
		UKI_CASE(the_other_way_round),
		UKI_CASE(a_compressed_uki),
		UKI_CASE(its_type),
		UKI_CASE(what_is_left_out_is_noted),
		UKI_CASE(kernels_that_cannot_be_started),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
