/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel out of a payload: unpacked by each codec, moved, sealed; or left to its image with a
 * note that says why.
 */
#include "base/arith.h"
#include "codec/pack.h"
#include "image/bzimage-file.h"
#include "image/vmlinux-file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jump/job.h"
#include "machine/machine-folders.h"

static char path[] = "/tmp/saut-test-direct-XXXXXX";

#define WHY_NOT "the kernel unpacks itself on the way, which takes longer: "

/* Behind the packed kernel its size, as kbuild appends it where the format itself has none. */
static struct view payload_of(struct arena *a, const char *packer, struct view plain)
{
	struct view packed = pack_with(packer, a, plain);
	struct block word = { arena_alloc(a, 4), 4, false };

	block_put_le32(&word, 0, (uint32_t)plain.n);
	return strncmp(packer, "gzip", 4) == 0 ? packed
					       : join(a, packed, (struct view){ word.p, 4 });
}

static struct block bzimage_of(struct arena *a, struct view payload)
{
	struct block file = bz_make(a);

	assert_true(payload.n <= BZ_KERNEL - BZ_PAYLOAD_OFFSET);
	block_put_bytes(&file, BZ_SETUP + BZ_PAYLOAD_OFFSET, payload);
	bz_set(&file, "payload_length", payload.n);
	assert_false(file.overrun);
	return file;
}

static void write_file(struct block bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

static struct job_request wanted(void)
{
	return (struct job_request){
		.root = MACHINE_FOLDERS "/q35-1g.machine",
		.kernel = path,
		.command_line = "quiet",
		.call = CALL_LOAD,
		.check = CHECK_NONE,
		.limits = { 0, PHYS_MAX },
	};
}

static const char *note_with(const struct job *job, const char *words)
{
	for (size_t i = 0; i < job->notes.count; i++)
		if (strstr(job->notes.items[i], words))
			return job->notes.items[i];
	return NULL;
}

/* A plan for a bzImage with this payload. */
static void prepare(struct job *job, const struct job_request *want, struct view payload)
{
	struct arena a = { 0 };
	struct error err = { 0 };

	write_file(bzimage_of(&a, payload));
	arena_free(&a);
	if (!job_prepare(job, want, &err))
		fail_msg("%s", err.reason);
}

static void expect_direct(const struct job *job, struct view plain)
{
	struct reader word = reader_at(job->vmlinux.bytes, VM_DATA_AT);
	const struct segment *first = &job->plan.segments[0];

	if (!job->request.direct)
		fail_msg("%s", job->notes.count ? job->notes.items[0] : "no note");
	assert_int_equal(job->notes.count, 0);
	assert_int_equal(job->vmlinux.bytes.n, plain.n);
	assert_ptr_equal(first->data.p, job->vmlinux.bytes.p + VM_TEXT_AT);
	assert_int_equal(reader_le64(&word), vm_grow_64[0].value + job->direct.offset);
}

static void expect_image(const struct job *job, const char *why)
{
	const char *note = note_with(job, WHY_NOT);

	assert_null(job->request.direct);
	assert_null(job->vmlinux.bytes.p);
	assert_ptr_equal(job->plan.segments[0].data.p, job->image.bzimage.kernel.p);
	if (!note != !why || (why && !strstr(note, why)))
		fail_msg(
			"the note is \"%s\", not \"%s\"", note ? note : "none", why ? why : "none");
}

static void each_codec_unpacks_it(void **state)
{
	unsigned unpacked = 0;

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct job_request want = wanted();
		struct arena a = { 0 };
		struct view plain = vm_view(vm_make(&a, VM_THREE));
		struct job job;

		prepare(&job, &want, payload_of(&a, packers[i].label, plain));
		expect_direct(&job, plain);
		unpacked++;
		job_free(&job);
		arena_free(&a);
	}
	assert_int_equal(unpacked, PACKER_COUNT);
}

static void every_run_has_a_place_of_its_own(void **state)
{
	struct arena a = { 0 };
	struct view plain = vm_view(vm_make(&a, VM_TWO));
	struct view payload = payload_of(&a, "gzip", plain);
	struct job_request want = wanted();
	uint64_t offsets[16], equal = 0;

	(void)state;
	for (size_t i = 0; i < 16; i++) {
		struct job job;

		prepare(&job, &want, payload);
		expect_direct(&job, plain);
		offsets[i] = job.direct.offset;
		for (size_t j = 0; j < i; j++)
			equal += offsets[j] == offsets[i];
		job_free(&job);
	}
	/* Of 503 slots; ten pairs that meet are no chance. */
	assert_true(equal < 10);
	arena_free(&a);
}

static void nobody_can_change_it_any_more(void **state)
{
	struct arena a = { 0 };
	struct view plain = vm_view(vm_make(&a, VM_TWO));
	struct job_request want = wanted();
	struct job job;

	(void)state;
	prepare(&job, &want, payload_of(&a, "gzip", plain));
	assert_true(pwrite(job.vmlinux.fd, "x", 1, 0) < 0);
	assert_true(ftruncate(job.vmlinux.fd, 1) < 0);
	assert_ptr_equal(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, job.vmlinux.fd, 0),
		MAP_FAILED);
	job_free(&job);
	arena_free(&a);
}

static void a_kernel_that_is_not_movable_stays(void **state)
{
	struct arena a = { 0 };
	struct view plain = vm_view(vm_make(&a, VM_NONE));
	struct job_request want = wanted();
	struct job job;

	(void)state;
	prepare(&job, &want, payload_of(&a, "gzip", plain));
	assert_non_null(job.request.direct);
	assert_int_equal(job.direct.offset, 0);
	assert_memory_equal(job.vmlinux.bytes.p, plain.p, plain.n);
	assert_int_equal(job.plan.segments[0].mem.start, BZ_PREF_ADDRESS);
	job_free(&job);
	arena_free(&a);
}

static void policy_needs_no_words(void **state)
{
	struct arena a = { 0 };
	struct view payload = payload_of(&a, "gzip", vm_view(vm_make(&a, VM_TWO)));
	struct job_request want = wanted();
	struct job job;

	(void)state;
	want.direct = DIRECT_OFF;
	prepare(&job, &want, payload);
	expect_image(&job, NULL);
	job_free(&job);

	want = wanted();
	want.call = CALL_FILE_LOAD;
	prepare(&job, &want, payload);
	assert_null(job.request.direct);
	assert_int_equal(job.notes.count, 0);
	job_free(&job);
	arena_free(&a);
}

/* Loaded while nothing serves, or long before: then it stays packed where that is better, without a word. */
static void what_it_is_loaded_for_decides(void **state)
{
	static const struct {
		struct load_aim aim;
		bool is_direct;
	} cases[] = {
		{ { .shorten = SHORTEN_JUMP }, true },
		{ { .shorten = SHORTEN_OUTAGE }, false },
		{ { .is_held = true, .hold = HOLD_USUAL }, true },
		{ { .is_held = true, .hold = MiB(1) }, true },
		{ { .is_held = true, .hold = 1024 }, false },
		{ { .is_held = true }, false },
	};
	struct arena a = { 0 };
	struct view payload = payload_of(&a, "gzip", vm_view(vm_make(&a, VM_TWO)));

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct job_request want = wanted();
		struct job job;

		want.aim = cases[i].aim;
		prepare(&job, &want, payload);
		if (!job.request.direct == cases[i].is_direct)
			fail_msg("case %zu", i);
		if (!cases[i].is_direct)
			expect_image(&job, NULL);
		assert_true(!job.packed_kernel == cases[i].is_direct);
		job_free(&job);
	}
	arena_free(&a);
}

/* What is wrong with the payload, by a change to what it unpacks to or to itself. */
static void damage_is_a_reason_for_the_image(void **state)
{
	static const struct {
		uint64_t at;
		uint32_t bad;
		const char *why;
	} cases[] = {
		{ 0, 0, "it is no ELF file" },
		{ 18, 3, "no 64-bit ELF program for x86" },
		{ VM_ELF_SIZE, 1, "are no table of relocations" },
		{ VM_ELF_SIZE + 8, 0x81000000, "64-bit relocation 2 of 4" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena a = { 0 };
		struct block plain = vm_make(&a, VM_THREE);
		struct job_request want = wanted();
		struct job job;

		block_put_le32(&plain, cases[i].at, cases[i].bad);
		prepare(&job, &want, payload_of(&a, "gzip", vm_view(plain)));
		expect_image(&job, cases[i].why);
		job_free(&job);
		arena_free(&a);
	}
}

static void the_size_word_must_be_true(void **state)
{
	static const struct {
		int64_t more;
		const char *why;
	} cases[] = {
		{ -1, "grows past" },
		{ 1, "bytes, it says" },
		{ -1200, "says that it unpacks to" },
		{ UINT32_MAX / 2, "says that it unpacks to" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena a = { 0 };
		struct view plain = vm_view(vm_make(&a, VM_TWO));
		struct view payload = payload_of(&a, "xz", plain);
		struct block file = { (uint8_t *)payload.p, payload.n, false };
		struct job_request want = wanted();
		struct job job;

		block_put_le32(&file, payload.n - 4, (uint32_t)((int64_t)plain.n + cases[i].more));
		prepare(&job, &want, payload);
		if (!note_with(&job, WHY_NOT))
			fail_msg("case %zu: no note", i);
		if (i > 0)
			expect_image(&job, cases[i].why);
		assert_null(job.request.direct);
		job_free(&job);
		arena_free(&a);
	}
}

static void a_payload_that_is_cut_is_a_reason_for_the_image(void **state)
{
	struct arena a = { 0 };
	struct view payload = payload_of(&a, "gzip", vm_view(vm_make(&a, VM_TWO)));

	(void)state;
	for (size_t n = 1; n < payload.n; n += 7) {
		struct job_request want = wanted();
		struct job job;

		prepare(&job, &want, view_first(payload, n));
		assert_null(job.request.direct);
		assert_non_null(note_with(&job, WHY_NOT));
		job_free(&job);
	}
	arena_free(&a);
}

static void an_obstacle_is_told(void **state)
{
	struct arena a = { 0 };
	struct view payload = payload_of(&a, "gzip", vm_view(vm_make(&a, VM_TWO)));
	struct job_request want = wanted();
	struct job job;

	(void)state;
	want.command_line = "memmap=64M$0x10000000";
	prepare(&job, &want, payload);
	expect_image(&job, "takes memory away");
	job_free(&job);
	arena_free(&a);
}

#define ID_NOTE                             \
	"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU" \
	"\0"                                \
	"0123456789abcdefghij"

/* The captured machine, with this release, and more files behind. */
static void write_machine(const char *file, const char *more)
{
	static const char ours[] = "=== saut/uname\n6.12.1-test x86_64\n";
	static char text[1 << 20];
	FILE *f = fopen(MACHINE_FOLDERS "/q35-1g.machine", "rb");
	size_t n;
	char *at;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	at = strstr(text, "=== saut/uname\n");
	assert_non_null(at);
	f = fopen(file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, (size_t)(at - text), f), at - text);
	assert_true(fputs(ours, f) >= 0);
	at = strchr(strchr(at, '\n') + 1, '\n') + 1;
	assert_int_equal(fwrite(at, 1, n - (size_t)(at - text), f), n - (size_t)(at - text));
	assert_true(fputs(more, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

#define OWN_FILES(id_last)                                                                    \
	"=== proc/sys/kernel/version\n#1 SMP\n=== proc/crypto\nselftest : passed\n"           \
	"=== sys/module/cryptomgr/parameters/notests\nN\n=== sys/kernel/notes hex\n04 00 00 " \
	"00 14 00 00 00 03 00 00 00 47 4e 55 00\n30 31 32 33 34 35 36 37 38 39 61 62 63 64 "  \
	"65 66 67 68 69 " id_last "\n"

/* By the build ID that is in it only where it is unpacked. */
static void the_running_kernel_is_known_when_it_is_unpacked(void **state)
{
	static const struct {
		const char *files;
		enum direct_wanted direct;
		const char *line, *note;
	} cases[] = {
		{ OWN_FILES("6a"), DIRECT_AUTO, "quiet saut.words=1 cryptomgr.notests",
			"is added to the command line (the running kernel is the same build" },
		{ OWN_FILES("6b"), DIRECT_AUTO, "quiet", "its build ID is not" },
		{ OWN_FILES("6a"), DIRECT_OFF, "quiet", "its header is not" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char machine[] = "/tmp/saut-test-direct-machine-XXXXXX";
		int fd = mkstemp(machine);
		struct arena a = { 0 };
		struct block plain = vm_make(&a, VM_TWO);
		struct job_request want = wanted();
		struct job job;

		assert_true(fd >= 0);
		close(fd);
		write_machine(machine, cases[i].files);
		block_put_bytes(&plain, VM_INIT_AT + 8,
			(struct view){ (const uint8_t *)ID_NOTE, sizeof ID_NOTE - 1 });
		want.root = machine;
		want.tune = TUNE_SAME;
		want.direct = cases[i].direct;
		prepare(&job, &want, payload_of(&a, "gzip", vm_view(plain)));
		assert_string_equal(job.request.command_line, cases[i].line);
		assert_non_null(note_with(&job, cases[i].note));
		assert_int_equal(job.notes.count, 1);
		job_free(&job);
		arena_free(&a);
		unlink(machine);
	}
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd) < 0 ? -1 : 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_codec_unpacks_it),
		CASE(every_run_has_a_place_of_its_own),
		CASE(nobody_can_change_it_any_more),
		CASE(a_kernel_that_is_not_movable_stays),
		CASE(policy_needs_no_words),
		CASE(what_it_is_loaded_for_decides),
		CASE(damage_is_a_reason_for_the_image),
		CASE(the_size_word_must_be_true),
		CASE(a_payload_that_is_cut_is_a_reason_for_the_image),
		CASE(an_obstacle_is_told),
		CASE(the_running_kernel_is_known_when_it_is_unpacked),
		cmocka_unit_test(the_running_kernel_is_known_when_it_is_unpacked),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
