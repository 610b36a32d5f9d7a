/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vmlinux of CPUs whose kernels are raw images: what the header in it says, and it put together. */
#include "image/raw-file.h"

#include "image/elf-file.h"
#include "image/elf-raw.h"
#include "image/image.h"

enum {
	BYTES = EF_DATA - EF_CODE + EF_DATA_SIZE, /* put together, without BSS */
	MEMORY = EF_END - EF_CODE,
};

enum { CPUS = RF_KERNELS };

struct fixture {
	struct arena arena;
	const struct rf_kernel *kernel;
	struct block file;
	struct image image;
	struct error err;
};

static struct fixture make(int cpu)
{
	struct fixture f = { .kernel = &rf_kernels[cpu] };
	uint64_t start = f.kernel->elf.start;

	f.file = ef_make(&f.arena, true);
	ef_set(&f.file, "machine", f.kernel->elf.machine);
	ef_set(&f.file, "entry", start + EF_ENTRY - EF_CODE);
	ef_set_in(&f.file, 0, "p_paddr", start + EF_DATA - EF_CODE);
	ef_set_in(&f.file, 1, "p_paddr", start);
	return f;
}

/* The raw image's header, and what of a PE header it takes to be recognised. */
static struct fixture make_linux(int cpu)
{
	struct fixture f = make(cpu);
	const struct rf_kernel *kernel = f.kernel;
	struct block first = { f.file.p + EF_CODE_AT, EF_CODE_SIZE, false };

	memset(first.p, 0, RAW_IMAGE_HEADER_SIZE);
	block_put_bytes(&first, 0, view_of_string("MZ"));
	for (const struct rf_field *field = kernel->fields; field->name; field++)
		rf_set(&first, kernel, field->name, field->good);
	block_put_le32(&first, 60, PEF_SIGNATURE_AT);
	block_put_le32(&first, PEF_SIGNATURE_AT, 0x4550);
	block_put_le16(&first, PEF_COFF, kernel->machine);
	assert_false(first.overrun);
	ef_add_banner(&f.file);
	return f;
}

static bool parse(struct fixture *f)
{
	f->err = (struct error){ 0 };
	return image_parse(ef_view(f->file), &f->arena, &f->image, &f->err);
}

static void set_header(struct fixture *f, const char *field, uint64_t value)
{
	struct block first = { f->file.p + EF_CODE_AT, EF_CODE_SIZE, false };

	rf_set(&first, f->kernel, field, value);
}

static void linux_is_what_its_raw_image_would_be(void **state)
{
	(void)state;
	for (int i = 0; i < CPUS; i++) {
		struct fixture f = make_linux(i);
		const struct raw_image *raw = &f.image.raw;

		if (!parse(&f))
			fail_msg("%s: %s", rf_kernels[i].elf.name, f.err.reason);
		assert_int_equal(f.image.format, IMAGE_ELF);
		assert_int_equal(f.image.arch, rf_kernels[i].arch);
		assert_string_equal(f.image.name, rf_kernels[i].elf.name);
		assert_string_equal(f.image.version, "6.1.0-test (x@y) #1");
		assert_true(image_has_type(&f.image, rf_kernels[i].elf.type));
		assert_false(image_has_type(&f.image, "elf-x86_64"));
		assert_int_equal(raw->memory_size, RF_MEMORY);
		assert_int_equal(raw->alignment, MiB(2));
		assert_int_equal(raw->text_offset, rf_kernels[i].elf.text_offset);
		assert_int_equal(raw->link_address, rf_kernels[i].elf.link_address);
		assert_int_equal(raw->entry_offset, EF_ENTRY - EF_CODE);
		arena_free(&f.arena);
	}
}

/* The program headers may know of more BSS than the header. */
static void the_larger_size_counts(void **state)
{
	(void)state;
	for (int i = 0; i < CPUS; i++) {
		struct fixture f = make_linux(i);

		set_header(&f, "memory", BYTES);
		assert_true(parse(&f));
		assert_int_equal(f.image.raw.memory_size, MEMORY);
		set_header(&f, "memory", BYTES - 1);
		assert_false(parse(&f));
		assert_int_equal(f.err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(f.err, rf_kernels[i].elf.name);
		assert_reason(f.err, "8319 bytes of memory, 8320 of it are in the file");
		arena_free(&f.arena);
	}
}

static void others_lie_where_they_were_linked(void **state)
{
	static const uint64_t links[CPUS] = { UINT64_C(0xffff800008000000), 0, 0x200000 };

	(void)state;
	for (int i = 0; i < CPUS; i++) {
		struct fixture f = make(i);
		const struct raw_image *raw = &f.image.raw;

		assert_true(parse(&f));
		assert_string_equal(f.image.version, "");
		assert_int_equal(raw->link_address, links[i]);
		assert_int_equal(raw->text_offset, 0);
		assert_int_equal(raw->memory_size, MEMORY);
		assert_int_equal(raw->entry_offset, EF_ENTRY - EF_CODE);
		arena_free(&f.arena);
	}
}

static void put_together(void **state)
{
	(void)state;
	for (int i = 0; i < CPUS; i++) {
		struct fixture f = make_linux(i);
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&f.arena, BYTES), BYTES);

		assert_true(parse(&f));
		assert_true(elf_raw_write(&f.image.elf, &sink.sink, &f.err));
		assert_int_equal(sink.sink.taken, BYTES);
		assert_memory_equal(sink.p, f.file.p + EF_CODE_AT, EF_CODE_SIZE);
		for (size_t k = EF_CODE_SIZE; k < EF_DATA - EF_CODE; k++)
			assert_int_equal(sink.p[k], 0);
		assert_memory_equal(
			sink.p + EF_DATA - EF_CODE, f.file.p + EF_DATA_AT, EF_DATA_SIZE);
		sink = buffer_sink_make(sink.p, BYTES - 1);
		assert_false(elf_raw_write(&f.image.elf, &sink.sink, &f.err));
		assert_int_equal(f.err.fault, FAULT_COMPRESSION_BOMB);
		arena_free(&f.arena);
	}
}

/* A part of BSS only takes no room in the file, wherever it is. */
static void bss_is_not_written(void **state)
{
	struct fixture f = make_linux(0);
	struct buffer_sink sink = buffer_sink_make(arena_alloc(&f.arena, BYTES), BYTES);

	(void)state;
	ef_set_in(&f.file, 0, "p_filesz", 0);
	assert_true(parse(&f));
	assert_true(elf_raw_write(&f.image.elf, &sink.sink, &f.err));
	assert_int_equal(sink.sink.taken, EF_CODE_SIZE);
	arena_free(&f.arena);
}

/* Two parts with nothing between them but a claim. */
static void parts_far_from_each_other(void **state)
{
	static const uint64_t distances[] = { UINT64_C(1) << 31, UINT64_C(1) << 40,
		UINT64_C(1) << 46 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof distances / sizeof distances[0]; i++) {
		struct fixture f = i % 2 ? make(0) : make_linux(0);

		ef_set_in(&f.file, 0, "p_paddr", rf_kernels[0].elf.start + distances[i / 2]);
		assert_false(parse(&f));
		assert_int_equal(f.err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(f.err, "bytes of memory");
		arena_free(&f.arena);
	}
}

static void each_byte_of_the_headers(void **state)
{
	(void)state;
	for (int i = 0; i < CPUS; i++) {
		struct fixture f = make_linux(i);

		for (size_t at = 0; at < EF_CODE_AT + RAW_IMAGE_HEADER_SIZE; at++) {
			uint8_t good = f.file.p[at];

			for (unsigned value = 0; value < 256; value += at < EF_CODE_AT ? 17 : 5) {
				const struct raw_image *raw = &f.image.raw;

				f.file.p[at] = (uint8_t)value;
				if (!parse(&f)) {
					assert_int_equal(fault_class(f.err.fault), CLASS_IMAGE);
				} else if (raw->memory_size) {
					assert_true(raw->memory_size <= GiB(2));
					assert_true(raw->entry_offset < raw->memory_size);
				}
			}
			f.file.p[at] = good;
		}
		arena_free(&f.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(linux_is_what_its_raw_image_would_be),
		CASE(the_larger_size_counts),
		CASE(others_lie_where_they_were_linked),
		CASE(put_together),
		CASE(bss_is_not_written),
		CASE(parts_far_from_each_other),
		CASE(each_byte_of_the_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
