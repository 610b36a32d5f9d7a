/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of an initrd in a uImage becomes the job's. */
#include "jump/initrd-job.h"

#include "codec/pack.h"
#include "image/uimage-file.h"
#include "jump/initrd-wrapped.h"
#include "jump/inputs.h"

enum { INITRD_TYPE = 3, GZIP = 1 };

/* A name of another packing than that which it has, as Debian's flash-kernel writes it. */
static struct block wrap(struct arena *a, uint8_t cpu, struct view initrd)
{
	struct block file = uif_make(a, cpu, GZIP, initrd);

	block_put_u8(&file, UIF_TYPE, INITRD_TYPE);
	uif_sum(&file);
	return file;
}

/* What is in the file, for a kernel of this CPU. */
static bool open_file(struct job *job, struct view file, enum cpu_arch arch, struct error *err)
{
	static const char *const paths[] = { initrd_path };

	write_file(initrd_path, file);
	gather(job, NULL, 0);
	job->image.arch = arch;
	job->wanted.initrds = paths;
	job->wanted.initrd_count = 1;
	return inputs_open_rest(job, err);
}

static void close_file(struct job *job)
{
	inputs_close(job);
	end(job);
}

static void what_is_in_it_is_loaded(void **state)
{
	struct arena a = { 0 };
	struct view initrd = pack_with("zstd", &a, make_plain(&a, 3001));
	struct error err = { 0 };
	struct job job;

	(void)state;
	if (!open_file(&job, uif_view(wrap(&a, UIF_ARM, initrd)), ARCH_ARM, &err))
		fail_msg("%s", err.reason);
	assert_int_equal(job.request.initrd_count, 1);
	assert_true(view_equal(job.request.initrds[0].bytes, initrd));
	assert_int_equal(job.request.initrds[0].fd, -1);
	assert_string_equal(job.request.initrds[0].name, initrd_path);
	close_file(&job);
	/* Any other file is what it is. */
	assert_true(open_file(&job, initrd, ARCH_ARM, &err));
	assert_true(view_equal(job.request.initrds[0].bytes, initrd));
	assert_true(job.request.initrds[0].fd >= 0);
	close_file(&job);
	arena_free(&a);
}

static void the_kernels_cpu_is_asked(void **state)
{
	static const struct {
		uint8_t number;
		enum cpu_arch arch;
		const char *reason; /* NULL: it is taken */
	} rows[] = {
		{ UIF_ARM, ARCH_ARM, NULL },
		{ UIF_X86, ARCH_X86_64, NULL },
		{ UIF_X86, ARCH_I386, NULL },
		{ UIF_ARM, ARCH_UNKNOWN, NULL },
		{ UIF_ARM, ARCH_ARM64,
			"U-Boot uImage: it is for ARM, and the kernel is for arm64" },
		{ UIF_ARM64, ARCH_ARM,
			"U-Boot uImage: it is for ARM64, and the kernel is for armhf" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena a = { 0 };
		struct block file = wrap(&a, rows[i].number, view_of_string("an initrd"));
		struct error err = { 0 };
		struct job job;

		assert_int_equal(
			open_file(&job, uif_view(file), rows[i].arch, &err), !rows[i].reason);
		if (rows[i].reason) {
			assert_int_equal(err.fault, FAULT_INITRD_PACKING);
			assert_reason(err, rows[i].reason);
		}
		close_file(&job);
		arena_free(&a);
	}
}

static void damage_is_refused_by_name(void **state)
{
	struct arena a = { 0 };
	struct block file = wrap(&a, UIF_ARM, view_of_string("an initrd"));
	struct error err = { 0 };
	char wanted[128];
	struct job job;

	(void)state;
	file.p[UIF_HEADER + 3] ^= 1;
	assert_false(open_file(&job, uif_view(file), ARCH_ARM, &err));
	assert_int_equal(err.fault, FAULT_INITRD_DAMAGED);
	snprintf(wanted, sizeof wanted,
		"the initrd %s: U-Boot uImage: its payload's checksum is wrong", initrd_path);
	assert_string_equal(err.reason, wanted);
	close_file(&job);
	arena_free(&a);
}

static void what_has_no_initrd_in_it(void **state)
{
	struct arena a = { 0 };
	struct block file = uif_make(&a, UIF_ARM, 0, view_of_string("a kernel"));
	struct error err = { 0 };
	struct job job;

	(void)state;
	assert_false(open_file(&job, uif_view(file), ARCH_ARM, &err));
	assert_int_equal(err.fault, FAULT_INITRD_PACKING);
	assert_reason(err, "U-Boot uImage: in it is a kernel");
	close_file(&job);
	arena_free(&a);
}

static void unchecked_is_the_file_as_it_is(void **state)
{
	struct arena a = { 0 };
	struct block file = wrap(&a, UIF_ARM, view_of_string("an initrd"));
	struct error err = { 0 };
	struct input input = { "file", uif_view(file), 7 };
	struct job job;

	(void)state;
	gather(&job, NULL, 0);
	file.p[UIF_HEADER + 3] ^= 1;
	job.wanted.initrd_unchecked = true;
	assert_true(initrd_unwrap(&job, &input, &err));
	assert_true(view_equal(input.bytes, uif_view(file)));
	assert_int_equal(input.fd, 7);
	assert_true(has_note(&job,
		"the initrd file is loaded unchecked: U-Boot uImage: its payload's checksum is wrong"));
	end(&job);
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_it_is_loaded),
		cmocka_unit_test(the_kernels_cpu_is_asked),
		cmocka_unit_test(damage_is_refused_by_name),
		cmocka_unit_test(what_has_no_initrd_in_it),
		cmocka_unit_test(unchecked_is_the_file_as_it_is),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
