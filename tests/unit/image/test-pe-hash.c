/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a PE file its hash covers, and that no number in it leads anywhere else. */
#include "test.h"

#include "image/pe-file.h"
#include "image/pe-hash.h"

enum { CHECKSUM_AT = PEF_OPTIONAL + 64, HEADERS_SIZE_AT = PEF_OPTIONAL + 60, SECTIONS = 2 };

static const struct pef_section sections[SECTIONS] = {
	{ .name = ".text", .text = "kernel" },
	{ .name = ".data", .text = "data" },
};

static struct block make(struct arena *a, bool is_signed)
{
	return pef_make_signed(a, PEF_X86_64, sections, SECTIONS,
		is_signed ? view_of_string("a signature.....") : (struct view){ 0 });
}

static bool hash(struct view file, uint8_t ret[static DIGEST_SIZE], struct error *err)
{
	struct arena a = { 0 };
	struct pe pe;
	bool done = pe_parse(file, &pe, err) && pe_hash(&pe, &a, ret, err);

	arena_free(&a);
	return done;
}

static void hash_whole(struct view file, uint8_t ret[static DIGEST_SIZE])
{
	struct error err = { 0 };

	if (!hash(file, ret, &err))
		fail_msg("%s", err.reason);
}

/* Of a file whose sections lie in order without gaps it is the file without three parts. */
static void it_is_all_but_what_signing_changes(void **state)
{
	uint8_t found[DIGEST_SIZE], wanted[DIGEST_SIZE];
	struct arena a = { 0 };
	struct view file = pef_view(make(&a, true));
	struct digest digest;

	(void)state;
	digest_begin(&digest, DIGEST_SHA256);
	digest_add(&digest, view_first(file, CHECKSUM_AT));
	digest_add(&digest,
		view_first(view_from(file, CHECKSUM_AT + 4), PEF_CERTIFICATE - CHECKSUM_AT - 4));
	digest_add(&digest, view_from(view_first(file, file.n - 16), PEF_CERTIFICATE + 8));
	digest_end(&digest, wanted);
	hash_whole(file, found);
	assert_memory_equal(found, wanted, sizeof wanted);
	arena_free(&a);
}

static void a_signature_does_not_change_it(void **state)
{
	uint8_t with[DIGEST_SIZE], without[DIGEST_SIZE];
	struct arena a = { 0 };
	struct block file = make(&a, true);

	(void)state;
	block_put_le32(&file, CHECKSUM_AT, 0x12345678);
	hash_whole(pef_view(file), with);
	hash_whole(pef_view(make(&a, false)), without);
	assert_memory_equal(with, without, sizeof with);
	block_put_u8(&file, pef_blocks(pef_header(SECTIONS)), 'K');
	hash_whole(pef_view(file), with);
	assert_memory_not_equal(with, without, sizeof with);
	arena_free(&a);
}

/* By where they lie, whatever their order in the table. */
static void sections_are_taken_by_their_place(void **state)
{
	uint8_t in_order[DIGEST_SIZE], swapped[DIGEST_SIZE], headers[2 * PEF_SECTION_HEADER];
	struct arena a = { 0 };
	struct block file = make(&a, false);
	struct digest digest;
	struct view v = pef_view(file);

	(void)state;
	memcpy(headers, file.p + PEF_TABLE, sizeof headers);
	block_put_bytes(&file, PEF_TABLE,
		(struct view){ headers + PEF_SECTION_HEADER, PEF_SECTION_HEADER });
	block_put_bytes(&file, PEF_TABLE + PEF_SECTION_HEADER,
		(struct view){ headers, PEF_SECTION_HEADER });
	hash_whole(v, swapped);
	digest_begin(&digest, DIGEST_SHA256);
	digest_add(&digest, view_first(v, CHECKSUM_AT));
	digest_add(&digest,
		view_first(view_from(v, CHECKSUM_AT + 4), PEF_CERTIFICATE - CHECKSUM_AT - 4));
	digest_add(&digest, view_from(v, PEF_CERTIFICATE + 8));
	digest_end(&digest, in_order);
	assert_memory_equal(in_order, swapped, sizeof swapped);
	arena_free(&a);
}

static void sizes_of_headers_are_not_believed(void **state)
{
	static const uint32_t sizes[] = { 0, 1, CHECKSUM_AT, PEF_CERTIFICATE, UINT32_MAX };
	uint8_t ignored[DIGEST_SIZE];
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct block file = make(&a, true);
		struct error err = { 0 };

		block_put_le32(&file, HEADERS_SIZE_AT, sizes[i]);
		assert_false(hash(pef_view(file), ignored, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	}
	arena_free(&a);
}

static void cut_at_every_byte(void **state)
{
	uint8_t whole[DIGEST_SIZE], cut[DIGEST_SIZE];
	struct arena a = { 0 };
	struct view file = pef_view(make(&a, true));

	(void)state;
	hash_whole(file, whole);
	for (size_t n = 0; n < file.n; n++) {
		struct error err = { 0 };

		if (hash(view_first(file, n), cut, &err))
			assert_memory_not_equal(whole, cut, sizeof cut);
		else
			assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(it_is_all_but_what_signing_changes),
		CASE(a_signature_does_not_change_it),
		CASE(sections_are_taken_by_their_place),
		CASE(sizes_of_headers_are_not_believed),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
