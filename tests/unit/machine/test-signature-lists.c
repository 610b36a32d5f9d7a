/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What firmware lists: whole, cut at every byte, and with sizes that cannot be. */
#include "test.h"

#include "machine/signature-list-file.h"
#include "machine/signature-lists.h"
#include "machine/table-source.h"

#define DB        "sys/firmware/efi/efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define MOK       "sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"
#define MOK_TABLE "sys/firmware/efi/mok-variables/MokListRT"

enum { HASH = 32, HASH_AND_TIME = 48 };

static struct view hashes(struct arena *a)
{
	uint8_t *p = arena_alloc(a, 2 * HASH_AND_TIME);

	for (size_t i = 0; i < 2 * HASH_AND_TIME; i++)
		p[i] = (uint8_t)i;
	return (struct view){ p, 2 * HASH_AND_TIME };
}

/* A list of two hashes, then one of a certificate, then one of a hash and a time. */
static struct view sample(struct arena *a)
{
	struct view two = slf_list(a, SLF_SHA256, HASH, view_first(hashes(a), 2 * HASH));
	struct view one = slf_list(a, SLF_X509, 11, view_of_string("certificate"));
	struct view timed =
		slf_list(a, SLF_X509_SHA256, HASH_AND_TIME, view_first(hashes(a), HASH_AND_TIME));

	return slf_join(a, 0, slf_join(a, 0, two, one), timed);
}

static size_t count(struct view bytes, bool *ret_damaged)
{
	struct signature_lists lists = { .rest = bytes };
	struct listed entry;
	size_t n = 0;

	while (signature_lists_next(&lists, &entry))
		n++;
	assert_false(signature_lists_next(&lists, &entry));
	*ret_damaged = lists.is_damaged;
	return n;
}

static void all_entries_are_told(void **state)
{
	struct arena a = { 0 };
	struct signature_lists lists = { .rest = sample(&a) };
	struct view wanted = hashes(&a);
	struct listed entry;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_true(signature_lists_next(&lists, &entry));
		assert_int_equal(entry.kind, LISTED_IMAGE_HASH);
		assert_true(view_equal(entry.data, view_first(view_from(wanted, i * HASH), HASH)));
	}
	assert_true(signature_lists_next(&lists, &entry));
	assert_int_equal(entry.kind, LISTED_CERTIFICATE);
	assert_true(view_equal(entry.data, view_of_string("certificate")));
	assert_true(signature_lists_next(&lists, &entry));
	assert_int_equal(entry.kind, LISTED_CERTIFICATE_HASH);
	assert_true(view_equal(entry.data, view_first(wanted, HASH)));
	assert_false(signature_lists_next(&lists, &entry));
	assert_false(lists.is_damaged);
	arena_free(&a);
}

/* Only between two lists it is whole. */
static void cut_at_every_byte_it_is_damaged(void **state)
{
	struct arena a = { 0 };
	struct view whole = sample(&a);
	const size_t first = SLF_HEADER + 2 * (SLF_OWNER + HASH);
	const size_t second = first + SLF_HEADER + SLF_OWNER + 11;

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		bool is_damaged;
		size_t found = count(view_first(whole, n), &is_damaged);

		assert_int_equal(found, n < first ? 0 : n < second ? 2 : 3);
		assert_int_equal(is_damaged, n != 0 && n != first && n != second);
	}
	arena_free(&a);
}

static void sizes_are_not_believed(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
	} cases[] = {
		{ 16, 0 },
		{ 16, 27 },
		{ 16, UINT32_MAX },
		{ 16, SLF_HEADER + 7 },
		{ 20, 1 },
		{ 20, UINT32_MAX },
		{ 24, 0 },
		{ 24, SLF_OWNER },
		{ 24, SLF_OWNER + 1 },
		{ 24, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = { 0 };
		struct view whole = sample(&a);
		struct block list = { arena_alloc(&a, whole.n), whole.n, false };
		bool is_damaged;

		block_put_bytes(&list, 0, whole);
		block_put_le32(&list, cases[i].at, cases[i].value);
		assert_int_equal(count((struct view){ list.p, list.n }, &is_damaged), 0);
		assert_true(is_damaged);
		arena_free(&a);
	}
}

/* Of another kind: told as that. A list may be empty. */
static void other_lists_are_passed_over(void **state)
{
	struct arena a = { 0 };
	struct view other = slf_list(&a, "0123456789abcdef", 4, view_of_string("what"));
	struct view none = slf_list(&a, SLF_X509, 4, (struct view){ 0 });
	struct signature_lists lists = { .rest = slf_join(&a, 0, none, other) };
	struct listed entry;

	(void)state;
	assert_true(signature_lists_next(&lists, &entry));
	assert_int_equal(entry.kind, LISTED_OTHER);
	assert_false(signature_lists_next(&lists, &entry));
	assert_false(lists.is_damaged);
	arena_free(&a);
}

static size_t read_from(const struct table_source *files, enum signature_variable which)
{
	struct arena a = { 0 };
	struct signature_lists lists;
	struct listed entry;
	struct error err = { 0 };
	size_t n = 0;

	assert_true(signature_variable_read(&files->source, which, &a, &lists, &err));
	while (signature_lists_next(&lists, &entry))
		n++;
	assert_false(lists.is_damaged);
	arena_free(&a);
	return n;
}

/* shim hands its list over whole in a table, where the variable has a part of it. */
static void variables_are_read_where_they_are(void **state)
{
	struct arena a = { 0 };
	struct view whole = sample(&a), part = slf_list(&a, SLF_SHA256, HASH, hashes(&a));
	struct view variable = slf_join(&a, 4, part, (struct view){ 0 });
	const struct table_source files =
		TABLE_SOURCE({ DB, (const char *)variable.p, variable.n, false },
			{ MOK, (const char *)variable.p, variable.n, false },
			{ MOK_TABLE, (const char *)whole.p, whole.n, false });
	const struct table_source secret = TABLE_SOURCE({ DB, .is_unreadable = true });
	struct signature_lists lists;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(read_from(&files, SIGNATURES_DB), 3);
	assert_int_equal(read_from(&files, SIGNATURES_MOK), 4);
	assert_int_equal(read_from(&files, SIGNATURES_DBX), 0);
	assert_false(signature_variable_read(&secret.source, SIGNATURES_DB, &a, &lists, &err));
	assert_reason(err, "cannot be read");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(all_entries_are_told),
		CASE(cut_at_every_byte_it_is_damaged),
		CASE(sizes_are_not_believed),
		CASE(other_lists_are_passed_over),
		CASE(variables_are_read_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
