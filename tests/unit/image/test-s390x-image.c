/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels for s390x: what their first page and their parameter area say, damaged and cut short. */
#include "test.h"

#include <stdlib.h>

#include "image/image.h"
#include "image/s390x-file.h"

static void what_a_kernel_says_is_read(void **state)
{
	struct arena a = { 0 };
	struct block file = sf_make(&a, 0);
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(sf_view(file), &a, &image, &err));
	assert_int_equal(image.format, IMAGE_S390X);
	assert_int_equal(image.arch, ARCH_S390X);
	assert_string_equal(image.name, "s390x bzImage");
	assert_string_equal(image.version, "6.1.0-50-s390x (debian) #1 SMP");
	assert_true(image_has_type(&image, "image"));
	assert_int_equal(image.s390x.command_line_size, 4096);
	arena_free(&a);
}

/* Before the kernel said how long its command line may be; and before it said its version. */
static void older_kernels_say_less(void **state)
{
	struct arena a = { 0 };
	struct block file = sf_make(&a, 0);
	struct error err = { 0 };
	struct image image;

	(void)state;
	block_put_be64(&file, SF_LINE_SIZE, 0);
	block_put_be64(&file, SF_VERSION_PLACE, 0);
	assert_true(image_parse(sf_view(file), &a, &image, &err));
	assert_int_equal(image.s390x.command_line_size, 896);
	assert_string_equal(image.version, "");
	arena_free(&a);
}

static void each_damaged_field_is_refused(void **state)
{
	static const struct {
		uint64_t at, value;
		enum fault fault;
		const char *reason;
	} damages[] = {
		{ SF_PSW, 0x0008000000000800, FAULT_IMAGE_CORRUPT, "which start no program in it" },
		{ SF_PSW, 0x0009000080000800, FAULT_IMAGE_CORRUPT,
			"its first 8 bytes are 0x90000 and 0x80000800" },
		{ SF_PSW, 0x0008000080000000 | SF_SIZE, FAULT_IMAGE_CORRUPT, "start no program" },
		{ SF_LINE_SIZE, 15, FAULT_IMAGE_CORRUPT, "its command line may have 15 bytes" },
		{ SF_LINE_SIZE, SF_SIZE + 1, FAULT_IMAGE_CORRUPT, "may have 98305 bytes" },
		{ SF_LINE_SIZE, UINT64_MAX, FAULT_IMAGE_CORRUPT, "18446744073709551615 bytes" },
		{ SF_LINE_SIZE, SF_SIZE - SF_LINE + 1, FAULT_IMAGE_TRUNCATED,
			"inside its command line" },
		{ SF_VERSION_PLACE, SF_SIZE, FAULT_IMAGE_CORRUPT, "found at 0x18000 of 98304" },
		{ SF_VERSION_PLACE, UINT64_MAX, FAULT_IMAGE_CORRUPT, "where no text ends" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		struct arena a = { 0 };
		struct block file = sf_make(&a, 0);
		struct error err = { 0 };
		struct s390x_image image;

		block_put_be64(&file, damages[i].at, damages[i].value);
		assert_false(s390x_image_parse(sf_view(file), &a, &image, &err));
		assert_int_equal(err.fault, damages[i].fault);
		assert_reason(err, damages[i].reason);
		arena_free(&a);
	}
}

/* A text that does not end is no version, however much of the file there is. */
static void a_version_is_no_longer_than_one_is(void **state)
{
	struct arena a = { 0 };
	struct block file = sf_make(&a, 0);
	struct error err = { 0 };
	struct s390x_image image;

	(void)state;
	memset(file.p + SF_VERSION - 1024, 'x', 1024);
	block_put_be64(&file, SF_VERSION_PLACE, SF_VERSION - 1024);
	assert_false(s390x_image_parse(sf_view(file), &a, &image, &err));
	assert_reason(err, "where no text ends");
	arena_free(&a);
}

/* Cut at every byte up to the end of its command line, and of its version: each is refused. */
static void a_truncated_file_is_refused(void **state)
{
	struct arena a = { 0 };
	struct block file = sf_make(&a, 0);
	struct s390x_image image;

	(void)state;
	for (size_t n = 0; n < SF_VERSION + 31; n++) {
		uint8_t *copy = NULL;
		struct view cut = { file.p, n };
		struct error err = { 0 };

		/* In memory of its own where it matters: a read behind the end is found. */
		if (n < 64 || (n >= SF_MAGIC && n < SF_LINE + 64) || n >= SF_VERSION) {
			copy = malloc(n ? n : 1);
			memcpy(copy, file.p, n);
			cut.p = copy;
		}
		assert_false(s390x_image_parse(cut, &a, &image, &err));
		free(copy);
	}
	arena_free(&a);
}

static void nothing_else_is_taken_for_one(void **state)
{
	struct arena a = { 0 };
	struct block file = sf_make(&a, 0);

	(void)state;
	assert_true(s390x_image_probe(sf_view(file)));
	for (size_t n = 0; n < SF_MAGIC + 6; n++)
		assert_false(s390x_image_probe((struct view){ file.p, n }));
	file.p[SF_MAGIC + 5] = 'Q';
	assert_false(s390x_image_probe(sf_view(file)));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_a_kernel_says_is_read),
		CASE(older_kernels_say_less),
		CASE(each_damaged_field_is_refused),
		CASE(a_version_is_no_longer_than_one_is),
		CASE(a_truncated_file_is_refused),
		CASE(nothing_else_is_taken_for_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
