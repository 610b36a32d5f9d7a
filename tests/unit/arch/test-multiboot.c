/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a Multiboot kernel and its modules lie, and every word of what it is told. */
#include "arch/planned.h"

#include "base/fields.h"
#include "image/elf-file.h"
#include "stub/abi.h"

static const struct module modules[] = {
	{ { "one", { (const uint8_t *)"0123456789", 10 }, -1 }, "/boot/one with words" },
	{ { "two", { (const uint8_t *)"ab", 2 }, -1 }, "two" },
};

static void begin(struct planned *p, unsigned version, const char *machine)
{
	planned_begin(p, machine);
	p->kernel = ef_make(&p->arena, false);
	if (version == 1)
		ef_add_multiboot_1(&p->kernel, 3);
	else
		ef_add_multiboot_2(&p->kernel, 16 + 24 + 8);
	if (version == 2) {
		ef_add_tag(&p->kernel, EF_HEADER_AT + 16, 1, 0, 12);
		ef_add_tag(&p->kernel, EF_HEADER_AT + 32, 4, 0, 8);
	}
	p->request.modules = modules;
	p->request.module_count = 2;
}

static uint32_t word_at(struct view v, uint64_t at)
{
	struct reader r = reader_at(v, at);
	uint32_t word = reader_le32(&r);

	assert_false(r.overrun);
	return word;
}

static uint64_t long_at(struct view v, uint64_t at)
{
	return word_at(v, at) | (uint64_t)word_at(v, at + 4) << 32;
}

/* The string that a word of the information points to. */
static const char *string_at(const struct segment *info, uint64_t at)
{
	uint64_t offset = word_at(info->data, at) - info->mem.start;

	assert_true(offset < info->data.n);
	return (const char *)info->data.p + offset;
}

static const struct segment *module_segment(const struct planned *p, unsigned index)
{
	for (size_t i = 0; i < p->plan.segment_count; i++)
		if (strcmp(p->plan.segments[i].name, "module") == 0 && index-- == 0)
			return &p->plan.segments[i];
	return NULL;
}

/* An entry of the memory map as both versions have it, against that of the machine. */
static void assert_map_entry(struct view v, uint64_t at, const struct memory_entry *entry)
{
	assert_int_equal(long_at(v, at), entry->range.start);
	assert_int_equal(long_at(v, at + 8), entry->range.size);
	assert_int_equal(word_at(v, at + 16), entry->type > 5 ? 2 : entry->type);
}

static void the_state_at_the_entry(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 2; version++) {
		struct stub_args args;
		struct planned p;

		begin(&p, version, "q35-5g");
		assert_true(planned_make(&p));
		args = planned_args(&p);
		assert_int_equal(args.mode, STUB_MODE_32);
		assert_int_equal(args.entry, EF_ENTRY);
		assert_int_equal(args.registers[0], version == 1 ? 0x2badb002 : 0x36d76289);
		assert_int_equal(args.registers[1], planned_segment(&p, "boot data")->mem.start);
		assert_int_equal(args.registers[2] | args.registers[3], 0);
		assert_int_equal(args.record, 0);
		for (size_t i = 0; i < p.plan.segment_count; i++)
			assert_true(range_end(p.plan.segments[i].mem) <= GiB(4));
		arena_free(&p.arena);
	}
}

static void information_of_version_1(void **state)
{
	const struct segment *info;
	const struct memory_map *map;
	struct planned p;
	uint64_t at;

	(void)state;
	begin(&p, 1, "q35-5g");
	map = &p.machine.memory;
	assert_true(planned_make(&p));
	info = planned_segment(&p, "boot data");
	assert_int_equal(word_at(info->data, 0) & 0x24d, 0x24d);
	assert_int_equal(word_at(info->data, 4), 639);
	assert_int_equal(word_at(info->data, 8), (0x7ffdf000 - MiB(1)) / 1024);
	assert_string_equal(string_at(info, 16), "vmlinuz root=/dev/vda1 quiet");
	assert_true(strncmp(string_at(info, 64), "Saut ", 5) == 0);
	assert_int_equal(word_at(info->data, 44), 24 * map->count);
	at = word_at(info->data, 48) - info->mem.start;
	for (size_t i = 0; i < map->count; i++, at += 24) {
		assert_int_equal(word_at(info->data, at), 20);
		assert_map_entry(info->data, at + 4, &map->items[i]);
	}
	assert_int_equal(word_at(info->data, 20), 2);
	at = word_at(info->data, 24) - info->mem.start;
	for (unsigned i = 0; i < 2; i++, at += 16) {
		const struct segment *module = module_segment(&p, i);

		assert_int_equal(word_at(info->data, at), module->mem.start);
		assert_int_equal(
			word_at(info->data, at + 4), module->mem.start + modules[i].file.bytes.n);
		assert_string_equal(string_at(info, at + 8), modules[i].line);
		assert_ptr_equal(module->data.p, modules[i].file.bytes.p);
		assert_int_equal(module->mem.start % 4096, 0);
	}
	arena_free(&p.arena);
}

/* The offset of the next tag of a type; 0: none. The first tag is at 8. */
static uint64_t find_tag(struct view info, uint32_t type, uint64_t from)
{
	for (uint64_t at = from; word_at(info, at) != 0; at += (word_at(info, at + 4) + 7) & ~7u)
		if (word_at(info, at) == type && (at > from || from == 8))
			return at;
	return 0;
}

static void information_of_version_2(void **state)
{
	const struct memory_map *map;
	struct view info;
	struct planned p;
	uint64_t at;

	(void)state;
	begin(&p, 2, "q35-5g");
	map = &p.machine.memory;
	assert_true(planned_make(&p));
	info = planned_segment(&p, "boot data")->data;
	assert_int_equal(word_at(info, 0), info.n);
	assert_int_equal(word_at(info, info.n - 8), 0);
	assert_int_equal(word_at(info, info.n - 4), 8);
	at = find_tag(info, 1, 8);
	assert_string_equal((const char *)info.p + at + 8, "vmlinuz root=/dev/vda1 quiet");
	at = find_tag(info, 2, 8);
	assert_true(view_has_at(info, at + 8, "Saut "));
	at = find_tag(info, 4, 8);
	assert_int_equal(word_at(info, at + 8), 639);
	at = find_tag(info, 6, 8);
	assert_int_equal(word_at(info, at + 4), 16 + 24 * map->count);
	assert_int_equal(word_at(info, at + 8), 24);
	assert_int_equal(word_at(info, at + 12), 0);
	for (size_t i = 0; i < map->count; i++)
		assert_map_entry(info, at + 16 + 24 * i, &map->items[i]);
	at = 8;
	for (unsigned i = 0; i < 2; i++) {
		at = find_tag(info, 3, at);
		assert_int_equal(word_at(info, at + 8), module_segment(&p, i)->mem.start);
		assert_int_equal(
			word_at(info, at + 12) - word_at(info, at + 8), modules[i].file.bytes.n);
		assert_string_equal((const char *)info.p + at + 16, modules[i].line);
	}
	assert_int_equal(find_tag(info, 21, 8), 0);
	arena_free(&p.arena);
}

static void no_command_line_leaves_the_name(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, 1, "q35-1g");
	p.request.command_line = "";
	p.request.module_count = 0;
	assert_true(planned_make(&p));
	assert_string_equal(string_at(planned_segment(&p, "boot data"), 16), "vmlinuz");
	assert_null(module_segment(&p, 0));
	assert_int_equal(word_at(planned_segment(&p, "boot data")->data, 20), 0);
	arena_free(&p.arena);
}

static void set_screen(struct planned *p, uint8_t *params, uint8_t kind)
{
	struct block b = { params, 4096, false };

	memset(params, 0, 4096);
	block_put_u8(&b, 0x07, 80);
	block_put_u8(&b, 0x0e, 25);
	block_put_u8(&b, 0x0f, kind);
	block_put_le16(&b, 0x12, 1024);
	block_put_le16(&b, 0x14, 768);
	block_put_le16(&b, 0x16, 32);
	block_put_le32(&b, 0x18, 0xe0000000);
	block_put_le16(&b, 0x24, 4096);
	memcpy(params + 0x26, "\x8\x10\x8\x8\x8\x0", 6); /* size and position of red, green, blue */
	block_put_le32(&b, 0x36, 2);
	block_put_le32(&b, 0x3a, 5);
	p->machine.boot_params = (struct view){ params, 4096 };
	p->machine.framebuffer.owner = FRAMEBUFFER_FIRMWARE;
}

static void the_screen_as_it_is(void **state)
{
	static const uint8_t text[] = { 0, 0x80, 0xb, 0, 0, 0, 0, 0, 160, 0, 0, 0, 80, 0, 0, 0, 25,
		0, 0, 0, 16, 2 };
	static const uint8_t pixels[] = { 0, 0, 0, 0xe0, 5, 0, 0, 0, 0, 16, 0, 0, 0, 4, 0, 0, 0, 3,
		0, 0, 32, 1 };
	static const uint8_t colours[] = { 16, 8, 8, 8, 0, 8 };
	uint8_t params[4096];

	(void)state;
	for (unsigned version = 1; version <= 2; version++) {
		struct view info;
		struct planned p;
		uint64_t at;

		begin(&p, version, "q35-1g");
		set_screen(&p, params, 1);
		assert_true(planned_make(&p));
		info = planned_segment(&p, "boot data")->data;
		at = version == 1 ? 88 : find_tag(info, 8, 8) + 8;
		assert_memory_equal(info.p + at, text, sizeof text);
		if (version == 1)
			assert_true(word_at(info, 0) & 1 << 12);
		set_screen(&p, params, 0x23);
		assert_true(planned_make(&p));
		info = planned_segment(&p, "boot data")->data;
		at = version == 1 ? 88 : find_tag(info, 8, 8) + 8;
		assert_memory_equal(info.p + at, pixels, sizeof pixels);
		assert_memory_equal(
			info.p + at + (version == 1 ? 22 : 24), colours, sizeof colours);
		/* A driver has changed its mode. */
		p.machine.framebuffer.owner = FRAMEBUFFER_DRIVER;
		assert_true(planned_make(&p));
		info = planned_segment(&p, "boot data")->data;
		if (version == 1)
			assert_false(word_at(info, 0) & 1 << 12);
		else
			assert_int_equal(find_tag(info, 8, 8), 0);
		arena_free(&p.arena);
	}
}

static void begin_movable(struct planned *p, uint32_t first, uint32_t last, uint32_t align)
{
	begin(p, 2, "q35-1g");
	ef_add_tag(&p->kernel, EF_HEADER_AT + 16, 10, 0, 24);
	block_put_le32(&p->kernel, EF_HEADER_AT + 24, first);
	block_put_le32(&p->kernel, EF_HEADER_AT + 28, last);
	block_put_le32(&p->kernel, EF_HEADER_AT + 32, align);
	ef_add_tag(&p->kernel, EF_HEADER_AT + 40, 0, 0, 8);
}

static void a_kernel_that_can_be_moved(void **state)
{
	struct planned p;
	struct view info;

	(void)state;
	begin_movable(&p, MiB(1), UINT32_MAX, 4096);
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segments[0].mem.start, EF_CODE);
	/* Where it was linked is not free, and then not allowed, and then not aligned. */
	p.request.limits = range_between(MiB(16), PHYS_MAX);
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segments[0].mem.start, MiB(16));
	assert_int_equal(p.plan.segments[1].mem.start, MiB(16) + 0x2000);
	assert_int_equal(planned_args(&p).entry, MiB(16) + EF_ENTRY - EF_CODE);
	info = planned_segment(&p, "boot data")->data;
	assert_int_equal(word_at(info, find_tag(info, 21, 8) + 8), MiB(16));
	arena_free(&p.arena);
	begin_movable(&p, MiB(32), UINT32_MAX, MiB(4));
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segments[0].mem.start, MiB(32));
	arena_free(&p.arena);
	begin_movable(&p, 0, MiB(2) + 0x4fff, MiB(2));
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segments[0].mem.start, MiB(2));
	arena_free(&p.arena);
	begin_movable(&p, 0, MiB(2) + 0x4ffe, MiB(2));
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	arena_free(&p.arena);
}

static void what_it_cannot_be_given(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, 1, "q35-1g");
	planned_add_initrd(&p, 10);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_USAGE);
	assert_reason(p.error, FIELD_MODULE);
	p.request.initrd_count = 0;
	ef_add_multiboot_1(&p.kernel, 7);
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 1);
	assert_non_null(strstr(p.plan.notes.items[0], "video mode"));
	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FORMAT_REFUSED);
	arena_free(&p.arena);
	begin(&p, 2, "q35-uefi-5g");
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 2);
	assert_non_null(strstr(p.plan.notes.items[0], "the firmware is EFI"));
	arena_free(&p.arena);
}

static void modules_have_an_end(void **state)
{
	struct module many[PLAN_MODULES_MAX];
	struct planned p;

	(void)state;
	begin(&p, 2, "q35-1g");
	for (size_t i = 0; i < PLAN_MODULES_MAX; i++)
		many[i] = modules[0];
	p.request.modules = many;
	p.request.module_count = 12; /* with two parts, the information and the stub: 16 */
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segment_count, 16);
	p.request.module_count = 13;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_SEGMENTS);
	many[0].file.bytes.n = GiB(1);
	p.request.module_count = 1;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "one: a module needs");
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_state_at_the_entry),
		CASE(information_of_version_1),
		CASE(information_of_version_2),
		CASE(no_command_line_leaves_the_name),
		CASE(the_screen_as_it_is),
		CASE(a_kernel_that_can_be_moved),
		CASE(what_it_cannot_be_given),
		CASE(modules_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
