/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks the tables as the MMU does, and asks what each address is mapped as. */
#include "test.h"

#include "arch/arm64/page-tables.h"
#include "base/arith.h"

enum { PAGE = 4096 };

#define AT        UINT64_C(0x48a000) /* where the tables lie */
#define ADDRESSES UINT64_C(0x0000fffffffff000)
#define NORMAL    UINT64_C(0x700)              /* shared, accessed, attribute 0 */
#define DEVICE    UINT64_C(0x0060000000000404) /* accessed, attribute 1, never executed */

struct fixture {
	struct arena arena;
	struct arm64_page_tables tables;
};

static uint64_t entry_at(const struct arm64_page_tables *t, phys_t table, uint64_t index)
{
	struct reader r;

	assert_in_range(table, AT, AT + t->bytes.n - PAGE);
	assert_int_equal(table % PAGE, 0);
	r = reader_at(t->bytes, table - AT + index * 8);
	return reader_le64(&r);
}

/* The attributes under which an address is found at itself; 0: not at all. The leaf's size. */
static uint64_t look_up(const struct arm64_page_tables *t, phys_t address, uint64_t *ret_size)
{
	phys_t table = t->root;

	for (int level = 0; level < 4; level++) {
		uint64_t size = (uint64_t)PAGE << 9 * (3 - level);
		uint64_t entry = entry_at(t, table, address / size % 512);

		if (!(entry & 1))
			return 0;
		if (level < 3 && entry & 2) {
			table = entry & ADDRESSES;
			continue;
		}
		assert_true(level > 0);
		assert_int_equal(entry & 2, level == 3 ? 2 : 0);
		assert_int_equal(entry & ADDRESSES, address & ~(size - 1));
		*ret_size = size;
		return entry & ~ADDRESSES & ~UINT64_C(3);
	}
	fail_msg("the walk does not end");
	return 0;
}

static void make(struct fixture *f, const struct ranges *memory, const struct ranges *devices)
{
	struct error err = { 0 };

	*f = (struct fixture){ 0 };
	assert_true(arm64_page_tables_make(&(struct arm64_page_tables_request){ memory, devices },
		AT, &f->arena, &f->tables, &err));
	assert_int_equal(f->tables.root, AT);
	assert_int_equal(f->tables.bytes.n % PAGE, 0);
}

static void assert_mapped(const struct fixture *f, phys_t address, uint64_t wanted, uint64_t size)
{
	uint64_t found_size = 0;

	assert_int_equal(look_up(&f->tables, address, &found_size), wanted);
	assert_int_equal(found_size, wanted ? size : 0);
}

static void each_part_by_the_largest_block(void **state)
{
	struct range memory[] = { { GiB(1) + MiB(2), GiB(2) } };
	struct range devices[] = { { 0x9000000, PAGE } };
	struct fixture f;

	(void)state;
	make(&f, &(struct ranges){ memory, 1 }, &(struct ranges){ devices, 1 });
	assert_mapped(&f, GiB(1), 0, 0);
	assert_mapped(&f, GiB(1) + MiB(2) - 1, 0, 0);
	assert_mapped(&f, GiB(1) + MiB(2), NORMAL, MiB(2));
	assert_mapped(&f, GiB(2) - 1, NORMAL, MiB(2));
	assert_mapped(&f, GiB(2), NORMAL, GiB(1));
	assert_mapped(&f, GiB(3) - 1, NORMAL, GiB(1));
	assert_mapped(&f, GiB(3), NORMAL, MiB(2));
	assert_mapped(&f, GiB(3) + MiB(2), 0, 0);
	assert_mapped(&f, 0x9000000 - 1, 0, 0);
	assert_mapped(&f, 0x9000000, DEVICE, PAGE);
	assert_mapped(&f, 0x9000000 + PAGE, 0, 0);
	/* Levels 0 and 1; two of level 2 for the first and the last part; 2 and 3 for the device. */
	assert_int_equal(f.tables.bytes.n, 6 * PAGE);
	arena_free(&f.arena);
}

static void no_byte_more_than_whole_pages(void **state)
{
	struct range memory[] = { { 0x40200800, 1 }, { 0x40205000, 0x1001 } };
	struct fixture f;

	(void)state;
	make(&f, &(struct ranges){ memory, 2 }, &(struct ranges){ 0 });
	assert_mapped(&f, 0x401fffff, 0, 0);
	assert_mapped(&f, 0x40200000, NORMAL, PAGE);
	assert_mapped(&f, 0x40201000, 0, 0);
	assert_mapped(&f, 0x40204fff, 0, 0);
	assert_mapped(&f, 0x40205000, NORMAL, PAGE);
	assert_mapped(&f, 0x40206000, NORMAL, PAGE);
	assert_mapped(&f, 0x40207000, 0, 0);
	arena_free(&f.arena);
}

static void a_device_in_memory_stays_one(void **state)
{
	struct range memory[] = { { GiB(4), GiB(1) } };
	struct range devices[] = { { GiB(4) + MiB(3), 8 } };
	struct fixture f;

	(void)state;
	make(&f, &(struct ranges){ memory, 1 }, &(struct ranges){ devices, 1 });
	assert_mapped(&f, GiB(4), NORMAL, MiB(2));
	assert_mapped(&f, GiB(4) + MiB(3) - 1, NORMAL, PAGE);
	assert_mapped(&f, GiB(4) + MiB(3), DEVICE, PAGE);
	assert_mapped(&f, GiB(4) + MiB(3) + PAGE, NORMAL, PAGE);
	arena_free(&f.arena);
}

static void memory_far_apart(void **state)
{
	struct range memory[] = { { 0, PAGE }, { TiB(256) - GiB(1), GiB(1) } };
	struct fixture f;

	(void)state;
	make(&f, &(struct ranges){ memory, 2 }, &(struct ranges){ 0 });
	assert_mapped(&f, 0, NORMAL, PAGE);
	assert_mapped(&f, TiB(256) - 1, NORMAL, GiB(1));
	assert_mapped(&f, TiB(128), 0, 0);
	arena_free(&f.arena);
}

static void what_48_bits_do_not_reach(void **state)
{
	struct range memory[] = { { TiB(256), PAGE } };
	struct arm64_page_tables tables;
	struct arena arena = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_false(arm64_page_tables_make(
		&(struct arm64_page_tables_request){
			&(struct ranges){ memory, 1 }, &(struct ranges){ 0 } },
		AT, &arena, &tables, &err));
	assert_int_equal(err.fault, FAULT_MACHINE_UNSUPPORTED);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_part_by_the_largest_block),
		CASE(no_byte_more_than_whole_pages),
		CASE(a_device_in_memory_stays_one),
		CASE(memory_far_apart),
		CASE(what_48_bits_do_not_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
