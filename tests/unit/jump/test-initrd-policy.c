/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decisions on a job's initrds, carried out: with real files in memory, and no kernel involved. */
#include "jump/initrd-job.h"

#include <errno.h>
#include <sys/stat.h>

#include "codec/pack.h"
#include "image/bzimage-file.h"
#include "initrd/cpio.h"
#include "machine/machine-folders.h"

/* Two megabytes of members. */
static struct view large_cpio(struct arena *a)
{
	struct cpio_member member = { .name = "lib/module.ko", .data = make_plain(a, 2000001) };

	return join(a, cpio_pack(a, &member), cpio_trailer(a));
}

static void every_codec_is_unpacked_and_given_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view cpio = large_cpio(&a), packed = packers[i].pack(&a, cpio);
		struct error full = { .fault = FAULT_FIT_MEMORY, .reason = "no room" };
		struct error other = { .fault = FAULT_SIGNATURE };
		struct job job;

		gather(&job, &packed, 1);
		job.wanted.initrd_form = INITRD_RAW;
		initrd_policy_apply(&job, CALL_LOAD);
		if (strcmp(packers[i].codec, "lz4") == 0) {
			/* Linux does not read that, and would then. */
			assert_true(has_note(&job, "is not followed"));
			assert_ptr_equal(job.inputs[0].bytes.p, packed.p);
		} else {
			assert_true(view_equal(job.inputs[0].bytes, cpio));
			assert_int_equal(job.inputs[0].fd, -1);
			assert_true(has_note(&job, "unpacked to 2.0 MB: "));
			assert_false(initrd_policy_undo(&job, &other));
			assert_true(initrd_policy_undo(&job, &full));
			assert_false(initrd_policy_undo(&job, &full));
			assert_true(has_note(&job, "as they are after all, since no room"));
		}
		assert_ptr_equal(job.inputs[0].bytes.p, packed.p);
		assert_int_equal(job.inputs[0].fd, -1);
		end(&job);
		arena_free(&a);
	}
}

static void a_call_that_reads_files_gets_one(void **state)
{
	struct arena a = { 0 };
	struct view cpio = large_cpio(&a), packed = pack_with("gzip", &a, cpio);
	struct stat st;
	struct job job;

	(void)state;
	gather(&job, &packed, 1);
	job.wanted.initrd_form = INITRD_RAW;
	initrd_policy_apply(&job, CALL_FILE_LOAD);
	assert_true(view_equal(job.inputs[0].bytes, cpio));
	assert_int_equal(fstat(job.inputs[0].fd, &st), 0);
	assert_int_equal(st.st_size, cpio.n);
	end(&job);
	arena_free(&a);
}

static void what_the_next_kernel_unpacks(void **state)
{
	static const struct {
		const char *config; /* NULL: none */
		enum initrd_form wish, form;
		bool refused;
	} rows[] = {
		{ NULL, INITRD_LZ4, INITRD_RAW, true },
		{ NULL, INITRD_ZSTD, INITRD_RAW, true },
		{ "CONFIG_RD_LZ4=y\n", INITRD_LZ4, INITRD_LZ4, false },
		{ "CONFIG_A=y\nCONFIG_RD_ZSTD=y", INITRD_ZSTD, INITRD_ZSTD, false },
		{ "CONFIG_RD_ZSTD=y\n", INITRD_LZ4, INITRD_RAW, true },
		{ "# CONFIG_RD_LZ4=y\n", INITRD_LZ4, INITRD_RAW, true },
		{ "CONFIG_RD_LZ4=yes\n", INITRD_LZ4, INITRD_RAW, true },
		{ "# CONFIG_RD_ZSTD is not set\n", INITRD_ZSTD, INITRD_RAW, true },
	};
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, large_cpio(&a));

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct job job;

		unlink(config_path);
		if (rows[i].config)
			write_file(config_path, view_of_string(rows[i].config));
		gather(&job, &packed, 1);
		job.wanted.initrd_form = rows[i].wish;
		initrd_policy_apply(&job, CALL_LOAD);
		if (job.decisions[0].choice.form != rows[i].form)
			fail_msg("row %zu: %s", i, initrd_form_name(job.decisions[0].choice.form));
		assert_int_equal(has_note(&job, "is not followed"), rows[i].refused);
		end(&job);
	}
	arena_free(&a);
}

static void what_is_damaged_is_passed_on(void **state)
{
	struct arena a = { 0 };
	struct view packed = pack_with("xz", &a, large_cpio(&a));
	struct view cut = view_first(packed, packed.n - 1000);
	struct job job;

	(void)state;
	write_file(config_path, view_of_string("CONFIG_RD_LZ4=y\n"));
	for (enum initrd_form wish = INITRD_AUTO; wish <= INITRD_RAW; wish++) {
		gather(&job, &cut, 1);
		job.wanted.initrd_form = wish;
		initrd_policy_apply(&job, CALL_LOAD);
		assert_ptr_equal(job.inputs[0].bytes.p, cut.p);
		assert_int_equal(job.decisions[0].choice.form, INITRD_KEEP);
		assert_int_equal(
			has_note(&job, "first is not rewritten as raw: xz data ends early"),
			wish != INITRD_KEEP);
		assert_false(has_note(&job, "rewritten as lz4"));
		assert_int_equal(has_note(&job, "is not followed"), wish == INITRD_RAW);
		end(&job);
	}
	arena_free(&a);
}

/* The size of its content is only seen by unpacking: that ends at the limit. */
static void a_bomb_is_passed_on(void **state)
{
	struct arena a = { 0 };
	struct view zeros = { arena_alloc(&a, 80 << 20), 80 << 20 };
	struct view bomb = pack_with("xz", &a, zeros);
	struct job job;

	(void)state;
	gather(&job, &bomb, 1);
	job.wanted.initrd_form = INITRD_RAW;
	initrd_policy_apply(&job, CALL_LOAD);
	assert_ptr_equal(job.inputs[0].bytes.p, bomb.p);
	assert_true(has_note(&job, "larger than the limit of 67108864 bytes"));
	assert_true(has_note(&job, "is not followed"));
	end(&job);
	arena_free(&a);
}

/* Too large for raw, as is seen on the way: by lz4 it fits. */
static void a_limit_leads_to_the_next_form(void **state)
{
	struct arena a = { 0 };
	struct view cpio = large_cpio(&a), packed = pack_with("gzip", &a, cpio);
	struct job job;

	(void)state;
	write_file(config_path, view_of_string("CONFIG_RD_LZ4=y\n"));
	gather(&job, &packed, 1);
	job.machine.memory_available = 3 * (cpio.n - 100000);
	initrd_policy_apply(&job, CALL_LOAD);
	assert_true(has_note(&job, "first is not rewritten as raw: "));
	assert_true(has_note(&job, "packed again by lz4 to "));
	assert_int_equal(job.decisions[0].choice.form, INITRD_LZ4);
	end(&job);
	arena_free(&a);
}

/* The second one has what the first one leaves. */
static void the_budget_is_shared(void **state)
{
	struct arena a = { 0 };
	struct view cpio = large_cpio(&a), packed = pack_with("gzip", &a, cpio);
	const struct view both[] = { packed, packed };
	struct job job;

	(void)state;
	gather(&job, both, 2);
	job.machine.memory_available = 3 * (cpio.n + 1000);
	initrd_policy_apply(&job, CALL_LOAD);
	assert_int_equal(job.decisions[0].choice.form, INITRD_RAW);
	assert_int_equal(job.decisions[1].choice.form, INITRD_KEEP);
	assert_int_equal(job.decisions[1].facts.memory_spent, 2 * cpio.n);
	assert_ptr_equal(job.inputs[1].bytes.p, packed.p);
	end(&job);
	arena_free(&a);
}

/* Another machine's numbers: they are told, and nothing is made. */
static void a_captured_machine_is_only_thought_about(void **state)
{
	struct arena a = { 0 };
	struct view packed = pack_with("xz", &a, large_cpio(&a));
	struct job job;

	(void)state;
	gather(&job, &packed, 1);
	job.wanted.root = "/somewhere";
	initrd_policy_apply(&job, CALL_LOAD);
	assert_int_equal(job.decisions[0].choice.form, INITRD_RAW);
	assert_ptr_equal(job.inputs[0].bytes.p, packed.p);
	assert_int_equal(job.notes.count, 0);
	end(&job);
	arena_free(&a);
}

static void facts_of_the_machine(void **state)
{
	static const struct {
		const char *release;
		enum kexec_call call;
		enum check_wanted check;
		bool sha, sse42;
		unsigned copies, holders;
		enum initrd_check by;
	} rows[] = {
		{ "6.12.9-amd64", CALL_LOAD, CHECK_AUTO, false, true, 3, 2, INITRD_CHECK_CRC32C },
		{ "6.13.0", CALL_LOAD, CHECK_AUTO, true, true, 3, 2, INITRD_CHECK_SHA_NI },
		{ "6.14.0-rc1", CALL_LOAD, CHECK_AUTO, false, false, 1, 2,
			INITRD_CHECK_CRC32C_PLAIN },
		{ "7.2.0", CALL_LOAD, CHECK_NONE, true, true, 1, 2, INITRD_CHECK_NONE },
		{ "", CALL_LOAD, CHECK_CRC32C, true, true, 3, 2, INITRD_CHECK_CRC32C },
		{ "x.y", CALL_LOAD, CHECK_SHA256, false, true, 3, 2, INITRD_CHECK_SHA_PLAIN },
		{ "6.12", CALL_FILE_LOAD, CHECK_AUTO, true, true, 3, 3, INITRD_CHECK_SHA_PLAIN },
	};
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, cpio_archive(&a, "a", "b"));

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct initrd_facts *facts;
		struct job job;

		gather(&job, &packed, 1);
		job.machine.uname_release = rows[i].release;
		job.machine.cpu = (struct cpu_facts){ .sha = rows[i].sha, .sse42 = rows[i].sse42 };
		job.wanted.check = rows[i].check;
		initrd_policy_apply(&job, rows[i].call);
		facts = &job.decisions[0].facts;
		assert_int_equal(facts->copies, rows[i].copies);
		assert_int_equal(facts->holders, rows[i].holders);
		assert_int_equal(facts->check, rows[i].by);
		assert_int_equal(facts->machine_ram, GiB(8));
		end(&job);
	}
	arena_free(&a);
}

static struct {
	unsigned loads;
	uint64_t largest[2]; /* segment of each load */
	int first_errno;
} fake;

static long fake_load(unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	unsigned load = fake.loads++;

	(void)entry, (void)flags;
	for (unsigned long i = 0; load < 2 && i < count; i++)
		fake.largest[load] = max_u64(fake.largest[load], segments[i].bufsz);
	errno = fake.first_errno;
	return load == 0 && fake.first_errno ? -1 : 0;
}

/* The running kernel has no room for the segments: it is asked once more, with smaller ones. */
static void a_refusal_for_memory_is_tried_as_given(void **state)
{
	const struct kexec_calls calls = { .load = fake_load };
	const char *const initrds[] = { initrd_path };
	struct arena a = { 0 };
	struct view cpio = large_cpio(&a), packed = pack_with("xz of kernels", &a, cpio);
	struct block kernel = bz_make(&a);
	struct job_request wanted = { .root = MACHINE_FOLDERS "/q35-1g.machine",
		.kernel = kernel_path,
		.initrds = initrds,
		.initrd_count = 1,
		.call = CALL_LOAD,
		.limits = { 0, PHYS_MAX } };
	struct error err = { 0 };
	struct job job;

	(void)state;
	write_file(kernel_path, (struct view){ kernel.p, kernel.n });
	write_file(initrd_path, packed);
	assert_true(job_prepare(&job, &wanted, &err));
	/* From now on the machine counts as this one. */
	job.wanted.root = NULL;
	job.decisions = NULL;
	initrd_policy_apply(&job, CALL_LOAD);
	assert_true(view_equal(job.inputs[0].bytes, cpio));
	fake.first_errno = ENOMEM;
	assert_true(job_load(&job, &calls, &err));
	assert_int_equal(fake.loads, 2);
	assert_ptr_equal(job.inputs[0].bytes.p, job.initrds[0].bytes.p);
	assert_in_range(fake.largest[1], packed.n, packed.n + 4096);
	assert_true(has_note(&job, "as they are after all"));
	job_free(&job);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_codec_is_unpacked_and_given_back, begin),
		cmocka_unit_test_setup(a_call_that_reads_files_gets_one, begin),
		cmocka_unit_test_setup(what_the_next_kernel_unpacks, begin),
		cmocka_unit_test_setup(what_is_damaged_is_passed_on, begin),
		cmocka_unit_test_setup(a_bomb_is_passed_on, begin),
		cmocka_unit_test_setup(a_limit_leads_to_the_next_form, begin),
		cmocka_unit_test_setup(the_budget_is_shared, begin),
		cmocka_unit_test_setup(a_captured_machine_is_only_thought_about, begin),
		cmocka_unit_test_setup(facts_of_the_machine, begin),
		cmocka_unit_test_setup(a_refusal_for_memory_is_tried_as_given, begin),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
