/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crash/made-core.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash/core-log.h"

enum {
	NOTES_AT = 0x100,
	MEMORY_AT = 0x1000,
	SYMBOL_PRB = 0,
	SYMBOL_BUFFER = 8,
	SYMBOL_LENGTH = 16,
	SYMBOL_FIRST = 24, /* log_end in plain text */
	SYMBOL_NEXT = 32,
	RING = 0x80,
	RECORD = 16, /* bytes of its header */
	INFO = 88,
	STATE_FINALIZED = 2,
};

static const uint64_t image_physical = 0x1000000, heap_physical = 0x4000000;

static void put_number(struct made_core *core, uint64_t at, unsigned size, uint64_t value)
{
	assert(at + size <= sizeof core->bytes);
	for (unsigned i = 0; i < size; i++)
		core->bytes[at + (core->wish.is_big_endian ? size - 1 - i : i)] =
			(uint8_t)(value >> 8 * i);
}

uint64_t made_offset(bool is_heap, uint64_t at)
{
	return MEMORY_AT + (is_heap ? MADE_IMAGE : 0) + at;
}

void made_put(struct made_core *core, bool is_heap, uint64_t at, unsigned size, uint64_t value)
{
	put_number(core, made_offset(is_heap, at), size, value);
}

uint64_t made_get(const struct made_core *core, bool is_heap, uint64_t at, unsigned size)
{
	const uint8_t *p = core->bytes + made_offset(is_heap, at);
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value = value << 8 | p[core->wish.is_big_endian ? i : size - 1 - i];
	return value;
}

static bool read_bytes(
	const struct big_file *file, uint64_t offset, struct block *to, struct error *err)
{
	const struct made_core *core = (const void *)file;

	(void)err;
	memcpy(to->p, core->bytes + offset, to->n);
	return true;
}

static void put_part(struct made_core *core, unsigned index, uint32_t type, const uint64_t f[5])
{
	const bool is_64 = core->wish.is_64_bit;
	const uint64_t at = (is_64 ? 64 : 52) + index * (is_64 ? 56 : 32);
	const unsigned word = is_64 ? 8 : 4;

	put_number(core, at, 4, type);
	for (unsigned i = 0; i < 5; i++)
		put_number(core, at + (is_64 ? 8 : 4) + i * word, word, f[i]);
}

static void put_headers(struct made_core *core, uint64_t note_size)
{
	const struct made_wish *wish = &core->wish;
	const bool is_64 = wish->is_64_bit, hides = wish->hides_virtual;

	memcpy(core->bytes, "\177ELF", 4);
	core->bytes[4] = is_64 ? 2 : 1;
	core->bytes[5] = wish->is_big_endian ? 2 : 1;
	core->bytes[6] = 1;
	put_number(core, 16, 2, 4);
	put_number(core, 18, 2, wish->machine);
	put_number(core, 20, 4, 1);
	put_number(core, is_64 ? 32 : 28, is_64 ? 8 : 4, is_64 ? 64 : 52);
	put_number(core, is_64 ? 54 : 42, 2, is_64 ? 56 : 32);
	put_number(core, is_64 ? 56 : 44, 2, 3);
	put_part(core, 0, 4, (const uint64_t[]){ NOTES_AT, 0, 0, note_size, 0 });
	put_part(core, 1, 1,
		(const uint64_t[]){ MEMORY_AT, hides ? 0 : wish->image, image_physical, MADE_IMAGE,
			MADE_IMAGE });
	put_part(core, 2, 1,
		(const uint64_t[]){ MEMORY_AT + MADE_IMAGE, hides ? 0 : wish->heap, heap_physical,
			MADE_HEAP, MADE_HEAP });
}

struct text {
	char p[MADE_INFO];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void line(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->n += (size_t)vsnprintf(text->p + text->n, sizeof text->p - text->n, format, args);
	va_end(args);
	assert(text->n < sizeof text->p);
}

static void tell_records(const struct made_core *core, struct text *text)
{
	static const struct {
		const char *name;
		unsigned at;
	} symbols[] = {
		{ "log_buf", SYMBOL_BUFFER },
		{ "log_buf_len", SYMBOL_LENGTH },
	};
	const unsigned long long image = core->wish.image;
	const char *name = core->wish.form == MADE_LOG ? "log" : "printk_log";

	for (size_t i = 0; i < 2; i++)
		line(text, "SYMBOL(%s)=%llx\n", symbols[i].name, image + symbols[i].at);
	if (core->wish.form == MADE_PLAIN) {
		line(text, "SYMBOL(log_end)=%llx\nSYMBOL(logged_chars)=%llx\n",
			image + SYMBOL_FIRST, image + SYMBOL_FIRST);
		return;
	}
	line(text, "SYMBOL(log_first_idx)=%llx\n", image + SYMBOL_FIRST);
	line(text, "SYMBOL(log_next_idx)=%llx\n", image + SYMBOL_NEXT);
	line(text, "SIZE(%s)=%d\n", name, RECORD);
	line(text, "OFFSET(%s.ts_nsec)=0\nOFFSET(%s.len)=8\nOFFSET(%s.text_len)=10\n", name, name,
		name);
}

static void tell_ring(const struct made_core *core, struct text *text)
{
	const unsigned w = core->word;

	line(text, "SYMBOL(prb)=%llx\n", (unsigned long long)core->wish.image + SYMBOL_PRB);
	line(text, "SIZE(printk_ringbuffer)=%u\nOFFSET(printk_ringbuffer.desc_ring)=0\n", 11 * w);
	line(text, "OFFSET(printk_ringbuffer.text_data_ring)=%u\n", 6 * w);
	line(text, "OFFSET(prb_desc_ring.count_bits)=0\nOFFSET(prb_desc_ring.descs)=%u\n", w);
	line(text, "OFFSET(prb_desc_ring.infos)=%u\nOFFSET(prb_desc_ring.head_id)=%u\n", 2 * w,
		3 * w);
	line(text, "OFFSET(prb_desc_ring.tail_id)=%u\nOFFSET(prb_data_ring.size_bits)=0\n", 4 * w);
	line(text, "OFFSET(prb_data_ring.data)=%u\nSIZE(prb_desc)=%u\n", w, 3 * w);
	line(text, "OFFSET(prb_desc.state_var)=0\nOFFSET(prb_desc.text_blk_lpos)=%u\n", w);
	line(text, "OFFSET(prb_data_blk_lpos.begin)=0\nOFFSET(prb_data_blk_lpos.next)=%u\n", w);
	line(text, "SIZE(printk_info)=%d\nOFFSET(printk_info.ts_nsec)=8\n", INFO);
	line(text, "OFFSET(printk_info.text_len)=16\nOFFSET(atomic_long_t.counter)=0\n");
}

/* A note of a CPU stands before it, as in a real core. */
static uint64_t put_notes(struct made_core *core)
{
	struct text text = { .n = 0 };
	uint64_t at = NOTES_AT;

	put_number(core, at, 4, 5);
	put_number(core, at + 4, 4, 6);
	put_number(core, at + 8, 4, 1);
	memcpy(core->bytes + at + 12, "CORE", 5);
	at += 12 + 8 + 8;
	line(&text, "OSRELEASE=6.12.0\nPAGESIZE=4096\n");
	if (core->wish.form == MADE_RING)
		tell_ring(core, &text);
	else
		tell_records(core, &text);
	line(&text, "%sCRASHTIME=1700000000", core->wish.numbers ? core->wish.numbers : "");
	put_number(core, at, 4, sizeof "VMCOREINFO");
	put_number(core, at + 4, 4, text.n);
	memcpy(core->bytes + at + 12, "VMCOREINFO", sizeof "VMCOREINFO");
	memcpy(core->bytes + at + 24, text.p, text.n);
	return at + 24 + (text.n + 3) / 4 * 4 - NOTES_AT;
}

static void put_ring(struct made_core *core)
{
	const unsigned w = core->word;
	const uint64_t mask = UINT64_MAX >> (66 - 8 * w);
	const uint64_t ring[] = { 3, core->wish.heap + MADE_DESCS, core->wish.heap + MADE_INFOS };

	/* As printk begins: the first number is so that it soon goes around. */
	core->first = -(uint64_t)MADE_COUNT & mask;
	made_put(core, false, SYMBOL_PRB, w, core->wish.image + RING);
	for (unsigned i = 0; i < 3; i++)
		made_put(core, false, RING + i * w, i == 0 ? 4 : w, ring[i]);
	made_put(core, false, RING + 6 * w, 4, 8);
	made_put(core, false, RING + 7 * w, w, core->wish.heap + MADE_DATA);
	for (unsigned i = 0; i < MADE_COUNT; i++)
		made_put(core, true, made_desc(core, i), w, UINT64_C(3) << (8 * w - 2));
}

static void choose_addresses(struct made_wish *wish)
{
	if (!wish->machine)
		wish->machine = wish->is_64_bit ? 62 : 3;
	if (!wish->image)
		wish->image = wish->is_64_bit && wish->machine != 3 ? UINT64_C(0xffffffff81000000)
								    : 0xc1000000;
	if (!wish->heap)
		wish->heap = wish->is_64_bit && wish->machine != 3 ? UINT64_C(0xffff888004000000)
								   : 0xc4000000;
}

void made_begin(struct made_core *core, const struct made_wish *wish)
{
	*core = (struct made_core){ .file = { read_bytes, MADE_SIZE }, .wish = *wish };
	choose_addresses(&core->wish);
	core->word = core->wish.is_64_bit && core->wish.machine != 3 ? 8 : 4;
	put_headers(core, put_notes(core));
	if (wish->form == MADE_RING) {
		put_ring(core);
		return;
	}
	made_put(core, false, SYMBOL_BUFFER, core->word, core->wish.heap);
	made_put(core, false, SYMBOL_LENGTH, 4, MADE_RECORDS);
}

uint64_t made_desc(const struct made_core *core, uint64_t number)
{
	return MADE_DESCS + number % MADE_COUNT * 3 * core->word;
}

/* Overwrites what is oldest; whose descriptors that were is not known here, so that not more is added than has room. */
static void add_to_ring(struct made_core *core, uint64_t nanoseconds, const char *text)
{
	const unsigned w = core->word;
	const uint64_t mask = UINT64_MAX >> (66 - 8 * w), id = (core->first + core->next) & mask;
	const uint64_t desc = made_desc(core, id), size = (w + strlen(text) + w - 1) / w * w;
	const uint64_t info = MADE_INFOS + id % MADE_COUNT * INFO;
	uint64_t begin = core->at, at = begin % MADE_TEXT;

	core->at += size;
	if (begin / MADE_TEXT != (core->at - 1) / MADE_TEXT) {
		at = 0;
		core->at = (begin / MADE_TEXT + 1) * MADE_TEXT + size;
	}
	if (!*text) {
		core->at = begin;
		made_put(core, true, desc + w, w, 3);
		made_put(core, true, desc + 2 * w, w, 3);
	} else {
		made_put(core, true, desc + w, w, begin);
		made_put(core, true, desc + 2 * w, w, core->at);
		made_put(core, true, MADE_DATA + at, w, id);
		memcpy(core->bytes + made_offset(true, MADE_DATA + at + w), text, strlen(text));
	}
	made_put(core, true, desc, w, (uint64_t)STATE_FINALIZED << (8 * w - 2) | id);
	made_put(core, true, info + 8, 8, nanoseconds);
	made_put(core, true, info + 16, 2, strlen(text));
	core->next++;
	made_put(core, false, RING + 3 * w, w, id);
	made_put(core, false, RING + 4 * w, w,
		core->next > MADE_COUNT ? (id - MADE_COUNT + 1) & mask : core->first);
}

static void add_record(struct made_core *core, uint64_t nanoseconds, const char *text)
{
	const uint64_t size = (RECORD + strlen(text) + 3) / 4 * 4;

	if (core->at + size + RECORD > MADE_RECORDS) {
		memset(core->bytes + made_offset(true, core->at), 0, RECORD);
		core->at = 0;
	}
	made_put(core, true, core->at, 8, nanoseconds);
	made_put(core, true, core->at + 8, 2, size);
	made_put(core, true, core->at + 10, 2, strlen(text));
	memcpy(core->bytes + made_offset(true, core->at + RECORD), text, strlen(text));
	core->at += size;
	made_put(core, false, SYMBOL_NEXT, 4, core->at);
}

static void add_text(struct made_core *core, uint64_t nanoseconds, const char *text)
{
	char line_of_text[256];
	int n = snprintf(line_of_text, sizeof line_of_text, "<6>[%5llu.%06llu] %s\n",
		(unsigned long long)nanoseconds / 1000000000,
		(unsigned long long)nanoseconds / 1000 % 1000000, text);

	for (int i = 0; i < n; i++, core->at++)
		core->bytes[made_offset(true, core->at % MADE_RECORDS)] = (uint8_t)line_of_text[i];
	made_put(core, false, SYMBOL_FIRST, 4, core->at);
}

void made_add(struct made_core *core, uint64_t nanoseconds, const char *text)
{
	switch (core->wish.form) {
	case MADE_PLAIN:
		add_text(core, nanoseconds, text);
		break;
	case MADE_LOG:
	case MADE_PRINTK_LOG:
		add_record(core, nanoseconds, text);
		break;
	case MADE_RING:
		add_to_ring(core, nanoseconds, text);
		break;
	case MADE_FORMS:
		abort();
	}
}

static void put(void *context, struct view text)
{
	struct made_output *output = context;

	for (size_t i = 0; i < text.n && output->n < sizeof output->text - 1; i++)
		output->text[output->n++] = (char)text.p[i];
}

bool made_read(const struct big_file *file, struct made_output *ret, struct error *err)
{
	struct log_sink sink = { put, ret };
	struct arena arena = { 0 };
	struct core core;
	bool done;

	memset(ret, 0, sizeof *ret);
	done = core_open(file, &arena, &core, err) && core_log_read(&core, &sink, err);
	arena_free(&arena);
	return done;
}
