/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a job's initrds is refused, by its bytes and by the next kernel's configuration. */
#include "jump/initrd-job.h"

#include "codec/pack.h"
#include "initrd/cpio.h"
#include "jump/initrd-check.h"

static struct view some_cpio(struct arena *a)
{
	const struct cpio_member init = { .name = "init", .data = make_plain(a, 300001) };

	return join(a, cpio_pack(a, &init), cpio_trailer(a));
}

static void gather_for(
	struct job *job, enum image_format format, const struct view *files, size_t n)
{
	gather(job, files, n);
	job->image.format = format;
}

static void damage_is_refused_by_name_and_place(void **state)
{
	struct arena a = { 0 };
	struct view whole = pack_with("zstd", &a, some_cpio(&a));
	const struct view files[] = { whole, view_first(whole, whole.n / 2) };
	char place[64];
	struct error err = { 0 };
	struct job job;

	(void)state;
	gather_for(&job, IMAGE_BZIMAGE, files, 2);
	assert_false(initrd_check_headers(&job, &err));
	assert_int_equal(err.fault, FAULT_INITRD_DAMAGED);
	snprintf(place, sizeof place, "the initrd second: zstd data ends early: at byte %zu of %zu",
		files[1].n, files[1].n);
	assert_reason(err, place);
	end(&job);

	gather_for(&job, IMAGE_BZIMAGE, files, 2);
	job.wanted.initrd_unchecked = true;
	assert_true(initrd_check_headers(&job, &err));
	assert_true(initrd_check_contents(&job, &err));
	assert_true(has_note(&job, "the initrd second is loaded unchecked: zstd data ends early"));
	end(&job);

	/* For another kernel it may be anything. */
	gather_for(&job, IMAGE_MULTIBOOT, files, 2);
	assert_true(initrd_check_headers(&job, &err));
	assert_int_equal(job.notes.count, 0);
	end(&job);
	arena_free(&a);
}

/* By unpacking, or by having been unpacked. */
static void what_headers_do_not_tell(void **state)
{
	struct arena a = { 0 };
	struct view whole = pack_with("gzip", &a, some_cpio(&a));
	const struct view cut = view_first(whole, whole.n - 9);
	struct error err = { 0 };
	struct job job;

	(void)state;
	for (int rewritten = 0; rewritten < 2; rewritten++) {
		gather_for(&job, IMAGE_RAW, &whole, 1);
		assert_true(initrd_check_headers(&job, &err));
		if (rewritten) {
			job.wanted.initrd_form = INITRD_RAW;
			initrd_policy_apply(&job, CALL_LOAD);
			assert_non_null(job.decisions[0].made.bytes.p);
		}
		assert_true(initrd_check_contents(&job, &err));
		end(&job);

		gather_for(&job, IMAGE_RAW, &cut, 1);
		assert_true(initrd_check_headers(&job, &err));
		if (rewritten)
			initrd_policy_apply(&job, CALL_LOAD);
		assert_false(initrd_check_contents(&job, &err));
		assert_int_equal(err.fault, FAULT_INITRD_DAMAGED);
		assert_reason(err, "the initrd first: gzip data ends early");
		end(&job);
	}
	arena_free(&a);
}

static void an_archive_without_an_end_is_noted(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_pack(&a, &(struct cpio_member){ .name = "init" });
	struct error err = { 0 };
	struct job job;

	(void)state;
	gather_for(&job, IMAGE_BZIMAGE, &cpio, 1);
	assert_true(initrd_check_headers(&job, &err));
	assert_true(has_note(&job, "the initrd first ends without a trailer"));
	end(&job);
	arena_free(&a);
}

static void what_the_kernel_does_not_unpack(void **state)
{
	static const struct {
		const char *config, *label, *reason;
	} rows[] = {
		{ "CONFIG_RD_ZSTD=y\n", "zstd", NULL },
		{ "# CONFIG_RD_ZSTD is not set\n", "zstd", "has no CONFIG_RD_ZSTD=y" },
		{ "# CONFIG_RD_ZSTD is not set\n", "gzip", NULL },
		{ "# CONFIG_RD_GZIP is not set\n", "gzip", "has no CONFIG_RD_GZIP=y" },
		{ "# CONFIG_RD_LZ4 is not set\nCONFIG_RD_ZSTD=y\n", "lz4 -l", "CONFIG_RD_LZ4=y" },
		{ "# CONFIG_RD_XZ is not set\n", "xz of kernels", "packed by xz" },
		/* Before Linux 5.9, and cut. */
		{ "CONFIG_RD_LZ4=y\nCONFIG_A=y\n", "zstd", "has no CONFIG_RD_ZSTD=y" },
		{ "CONFIG_RD_LZ4=y\n", "zstd", NULL },
		{ "CONFIG_RD_LZ4=y", "zstd", NULL },
		{ "# CONFIG_RD_ZSTD is not", "zstd", NULL },
		{ "# CONFIG_RD_ZSTD2 is not set\n", "zstd", NULL },
		{ "", "zstd", NULL },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct view packed = pack_with(rows[i].label, &a, some_cpio(&a));
		struct error err = { 0 };
		struct job job;

		write_file(config_path, view_of_string(rows[i].config));
		gather_for(&job, IMAGE_BZIMAGE, &packed, 1);
		assert_true(initrd_check_headers(&job, &err));
		assert_int_equal(initrd_check_packing(&job, &err), !rows[i].reason);
		if (rows[i].reason) {
			assert_int_equal(err.fault, FAULT_INITRD_PACKING);
			assert_reason(err, rows[i].reason);
			assert_reason(err, "/config-1.2-x");
			job.wanted.initrd_unchecked = true;
			assert_true(initrd_check_packing(&job, &err));
			assert_true(has_note(&job, "loaded unchecked: it is packed by"));
		}
		end(&job);
	}
	arena_free(&a);
}

/* What was unpacked for it needs nothing of it. */
static void an_unpacked_initrd_fits_any_kernel(void **state)
{
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, some_cpio(&a));
	struct error err = { 0 };
	struct job job;

	(void)state;
	write_file(config_path, view_of_string("# CONFIG_RD_GZIP is not set\n"));
	gather_for(&job, IMAGE_BZIMAGE, &packed, 1);
	job.wanted.initrd_form = INITRD_RAW;
	initrd_policy_apply(&job, CALL_LOAD);
	assert_true(initrd_check_packing(&job, &err));
	end(&job);
	arena_free(&a);
}

/* Unless they are unpacked here, which these are as soon as somebody wants them so. */
static void forms_that_no_linux_unpacks(void **state)
{
	static const struct {
		const char *label, *reason;
		bool may_be_rewritten;
	} rows[] = { { "xz", "xz --check=crc32", true }, { "lz4", "lz4 -l", false } };
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct view packed = pack_with(rows[i].label, &a, some_cpio(&a));
		struct error err = { 0 };
		struct job job;

		gather_for(&job, IMAGE_BZIMAGE, &packed, 1);
		assert_true(initrd_check_headers(&job, &err));
		assert_true(initrd_check_contents(&job, &err));
		assert_false(initrd_check_packing(&job, &err));
		assert_int_equal(err.fault, FAULT_INITRD_PACKING);
		assert_reason(err, rows[i].reason);
		job.wanted.initrd_form = INITRD_RAW;
		initrd_policy_apply(&job, CALL_LOAD);
		assert_int_equal(initrd_check_packing(&job, &err), rows[i].may_be_rewritten);
		end(&job);
	}
	arena_free(&a);
}

/* Where no file lies beside it, the kernel that is running tells of itself, and of no other. */
static void the_running_kernel_tells_of_itself(void **state)
{
	static const struct {
		const char *version;
		bool is_told;
	} rows[] = { { "6.1.0 (x@y) #1 SMP", true }, { "6.1.0", true }, { "6.1.0-2 (x@y)", false },
		{ "6.1", false }, { "", false } };
	struct table_source source =
		TABLE_SOURCE({ "boot/config-6.1.0", "# CONFIG_RD_ZSTD is not set\nCONFIG_A=y\n" },
			{ "saut/uname", "6.1.0 x86_64\n" });
	struct arena a = { 0 };
	struct view packed = pack_with("zstd", &a, some_cpio(&a));

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err = { 0 };
		struct job job;

		gather_for(&job, IMAGE_BZIMAGE, &packed, 1);
		job.wanted.source = &source.source;
		job.image.version = rows[i].version;
		job.machine.uname_release = "6.1.0";
		assert_int_equal(initrd_check_packing(&job, &err), !rows[i].is_told);
		if (rows[i].is_told)
			assert_reason(err, "/boot/config-6.1.0 has no CONFIG_RD_ZSTD=y");
		end(&job);
	}
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(damage_is_refused_by_name_and_place, begin),
		cmocka_unit_test_setup(what_headers_do_not_tell, begin),
		cmocka_unit_test_setup(an_archive_without_an_end_is_noted, begin),
		cmocka_unit_test_setup(what_the_kernel_does_not_unpack, begin),
		cmocka_unit_test_setup(an_unpacked_initrd_fits_any_kernel, begin),
		cmocka_unit_test_setup(forms_that_no_linux_unpacks, begin),
		cmocka_unit_test_setup(the_running_kernel_tells_of_itself, begin),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
