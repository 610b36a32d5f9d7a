/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept ready is read as it was written, and in no other way. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "ready/ready-file.h"

static struct view payload(void)
{
	return view_of_string("what is loaded sooner");
}

static struct ready_form form_of(const char *source)
{
	return (struct ready_form){ .kind = READY_INITRD,
		.source = ready_source_of(view_of_string(source)),
		.unpacked = 12345 };
}

static void it_is_read_as_it_was_written(void **state)
{
	const struct ready_form form = form_of("the source");
	struct arena a = { 0 };
	struct ready_form is;
	struct error err;

	(void)state;
	assert_true(ready_form_parse(ready_file(&a, &form, payload()), &is, &err));
	assert_int_equal(is.kind, READY_INITRD);
	assert_int_equal(is.unpacked, 12345);
	assert_true(view_equal(is.payload, payload()));
	assert_true(ready_form_is_of(&is, &form.source));
	arena_free(&a);
}

static void it_is_of_one_file(void **state)
{
	const struct ready_form form = form_of("the source");
	struct ready_source other = ready_source_of(view_of_string("the sourcf"));

	(void)state;
	assert_false(ready_form_is_of(&form, &other));
	for (int i = 0; i < 3; i++) {
		other = form.source;
		other.size += i == 0;
		other.sha256[31] ^= i == 1;
		other.crc32c[0] ^= i == 2;
		assert_false(ready_form_is_of(&form, &other));
	}
}

static void no_byte_may_be_missing_or_more(void **state)
{
	const struct ready_form form = form_of("the source");
	struct arena a = { 0 };
	struct view file = ready_file(&a, &form, payload());
	uint8_t *more = arena_alloc(&a, file.n + 1);
	struct ready_form is;
	struct error err;

	(void)state;
	for (size_t n = 0; n < file.n; n++) {
		assert_false(ready_form_parse(view_first(file, n), &is, &err));
		assert_int_equal(err.fault, FAULT_FILE_CHANGED);
	}
	memcpy(more, file.p, file.n);
	more[file.n] = 0;
	assert_false(ready_form_parse((struct view){ more, file.n + 1 }, &is, &err));
	arena_free(&a);
}

static void no_bit_may_be_another(void **state)
{
	const struct ready_form form = form_of("the source");
	struct arena a = { 0 };
	struct view file = ready_file(&a, &form, payload());
	struct ready_form is;
	struct error err;

	(void)state;
	for (size_t bit = 0; bit < 8 * file.n; bit++) {
		uint8_t *byte = (uint8_t *)file.p + bit / 8;

		*byte ^= (uint8_t)(1 << bit % 8);
		assert_false(ready_form_parse(file, &is, &err));
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	assert_true(ready_form_parse(file, &is, &err));
	arena_free(&a);
}

/* A payload of another kind, or of nothing, whose digests are right. */
static void what_is_not_known_is_none(void **state)
{
	struct ready_form form = form_of("the source"), is;
	struct arena a = { 0 };
	struct error err;

	(void)state;
	assert_false(ready_form_parse(ready_file(&a, &form, (struct view){ 0 }), &is, &err));
	form.kind = (enum ready_kind)3;
	assert_false(ready_form_parse(ready_file(&a, &form, payload()), &is, &err));
	form.kind = (enum ready_kind)0;
	assert_false(ready_form_parse(ready_file(&a, &form, payload()), &is, &err));
	arena_free(&a);
}

static void a_source_is_one_word(void **state)
{
	const struct ready_source source = ready_source_of(view_of_string("abc"));
	char text[READY_SOURCE_TEXT], bad[READY_SOURCE_TEXT];
	struct ready_source is;

	(void)state;
	ready_source_text(&source, text);
	/* FIPS 180-2, appendix B.1; the last eight are the other digest, lowest byte first. */
	assert_string_equal(
		text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015adb73f4b36");
	assert_true(ready_source_parse(text, 3, &is));
	assert_memory_equal(is.sha256, source.sha256, sizeof is.sha256);
	assert_memory_equal(is.crc32c, source.crc32c, sizeof is.crc32c);
	assert_int_equal(is.size, 3);
	for (size_t n = 0; n < strlen(text); n++) {
		snprintf(bad, sizeof bad, "%.*s", (int)n, text);
		assert_false(ready_source_parse(bad, 3, &is));
		memcpy(bad, text, sizeof bad);
		bad[n] = n % 2 ? 'g' : ' ';
		assert_false(ready_source_parse(bad, 3, &is));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(it_is_read_as_it_was_written),
		CASE(it_is_of_one_file),
		CASE(no_byte_may_be_missing_or_more),
		CASE(no_bit_may_be_another),
		CASE(what_is_not_known_is_none),
		CASE(a_source_is_one_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
