/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log as a lockless ring buffer, of Linux 5.10 on: rings of descriptors, of what is known of each record, and of
 * text (kernel/printk/printk_ringbuffer.c in Linux says how they belong together). Records that a CPU was still
 * writing are not there; whatever the rings say of themselves is believed only as far as it fits together.
 */
#include "crash/log-forms.h"

#include <string.h>

#include "base/arith.h"
#include "crash/vmcoreinfo.h"

enum {
	INT = 4,
	STRUCT_MAX = 512,
	COUNT_BITS_MAX =
		27, /* of descriptors; log_buf_len= ends at 2 GiB, with a descriptor for every 32 bytes */
	SIZE_BITS_MAX = 31,
	WINDOW = 4096,
	/* An intact ring has none. */
	STRANGERS_MAX = 1024,
};

/* The two upper bits of a descriptor's state say how far it is; a writer may go on behind COMMITTED. */
enum desc_state { DESC_RESERVED, DESC_COMMITTED, DESC_FINALIZED, DESC_REUSABLE };

/* An array in the core, of which a window is at hand. */
struct array {
	uint64_t address, element;
	uint64_t first, count; /* the elements in the window */
	uint8_t *window;
};

/* Sizes and offsets, as its kernel tells. */
struct shape {
	uint64_t ring, desc_ring, text_ring;                 /* printk_ringbuffer */
	uint64_t count_bits, descs, infos, head_id, tail_id; /* prb_desc_ring */
	uint64_t size_bits, data;                            /* prb_data_ring */
	uint64_t desc, state, block, begin, next;            /* prb_desc */
	uint64_t info, time, text_length;                    /* printk_info */
	uint64_t counter;                                    /* atomic_long_t */
};

struct ring {
	const struct core *core;
	struct shape shape;
	struct array descs, infos;
	uint64_t count;           /* of descriptors */
	uint64_t tail, head;      /* their numbers: the oldest, the newest */
	uint64_t text, text_size; /* address, bytes */
};

/* Where the text of a record lies in the text ring: positions that go on over its end. */
struct block_at {
	uint64_t begin, next;
};

static uint64_t long_mask(const struct ring *ring)
{
	return UINT64_MAX >> (64 - 8 * ring->core->word);
}

static uint64_t id_mask(const struct ring *ring)
{
	return long_mask(ring) >> 2;
}

static bool read_shape(const struct core *core, struct shape *ret, struct error *err)
{
	const struct vmcoreinfo_need needs[] = {
		{ "SIZE(printk_ringbuffer)", &ret->ring },
		{ "OFFSET(printk_ringbuffer.desc_ring)", &ret->desc_ring },
		{ "OFFSET(printk_ringbuffer.text_data_ring)", &ret->text_ring },
		{ "OFFSET(prb_desc_ring.count_bits)", &ret->count_bits },
		{ "OFFSET(prb_desc_ring.descs)", &ret->descs },
		{ "OFFSET(prb_desc_ring.infos)", &ret->infos },
		{ "OFFSET(prb_desc_ring.head_id)", &ret->head_id },
		{ "OFFSET(prb_desc_ring.tail_id)", &ret->tail_id },
		{ "OFFSET(prb_data_ring.size_bits)", &ret->size_bits },
		{ "OFFSET(prb_data_ring.data)", &ret->data },
		{ "SIZE(prb_desc)", &ret->desc },
		{ "OFFSET(prb_desc.state_var)", &ret->state },
		{ "OFFSET(prb_desc.text_blk_lpos)", &ret->block },
		{ "OFFSET(prb_data_blk_lpos.begin)", &ret->begin },
		{ "OFFSET(prb_data_blk_lpos.next)", &ret->next },
		{ "SIZE(printk_info)", &ret->info },
		{ "OFFSET(printk_info.ts_nsec)", &ret->time },
		{ "OFFSET(printk_info.text_len)", &ret->text_length },
		{ "OFFSET(atomic_long_t.counter)", &ret->counter },
	};

	if (!vmcoreinfo_needs(core->info, needs, sizeof needs / sizeof needs[0], err))
		return false;
	if (ret->ring == 0 || ret->ring > STRUCT_MAX || ret->desc == 0 || ret->desc > STRUCT_MAX ||
		ret->info == 0 || ret->info > STRUCT_MAX)
		return fail(err, FAULT_CORE_DAMAGED,
			"the ring buffer of its log has %llu bytes, a descriptor %llu, an entry %llu",
			(unsigned long long)ret->ring, (unsigned long long)ret->desc,
			(unsigned long long)ret->info);
	return true;
}

static bool make_array(struct array *array, struct arena *arena, struct error *err)
{
	array->window = arena_alloc(arena, WINDOW);
	return array->window || fail_no_memory(err);
}

static bool check_ring(
	const struct ring *ring, uint64_t count_bits, uint64_t size_bits, struct error *err)
{
	if (count_bits > COUNT_BITS_MAX || size_bits > SIZE_BITS_MAX)
		return fail(err, FAULT_CORE_DAMAGED,
			"the ring buffer of its log has 2^%llu descriptors and 2^%llu bytes of text",
			(unsigned long long)count_bits, (unsigned long long)size_bits);
	if (((ring->head - ring->tail) & id_mask(ring)) >= UINT64_C(1) << count_bits)
		return fail(err, FAULT_CORE_DAMAGED,
			"the ring buffer of its log begins at descriptor %#llx and ends at %#llx of 2^%llu",
			(unsigned long long)ring->tail, (unsigned long long)ring->head,
			(unsigned long long)count_bits);
	return true;
}

/* The numbers of what is first and last, and where the rings are. */
static bool read_ring(struct ring *ring, struct arena *arena, struct error *err)
{
	const struct core *core = ring->core;
	const struct shape *s = &ring->shape;
	uint8_t bytes[STRUCT_MAX];
	struct view v = { bytes, (size_t)s->ring }, descs, text;
	uint64_t address = 0, count_bits, size_bits;

	if (!vmcoreinfo_number(core->info, "SYMBOL(prb)", &address) ||
		!core_read_number(core, address, core->word, &address, err) ||
		!core_read(core, address, &(struct block){ bytes, v.n }, err))
		return false;
	descs = view_from(v, s->desc_ring);
	text = view_from(v, s->text_ring);
	count_bits = core_field(core, descs, s->count_bits, INT);
	size_bits = core_field(core, text, s->size_bits, INT);
	ring->tail = core_field(core, descs, s->tail_id + s->counter, core->word) & id_mask(ring);
	ring->head = core_field(core, descs, s->head_id + s->counter, core->word) & id_mask(ring);
	if (!check_ring(ring, count_bits, size_bits, err))
		return false;
	ring->count = UINT64_C(1) << count_bits;
	ring->descs.address = core_field(core, descs, s->descs, core->word);
	ring->descs.element = s->desc;
	ring->infos.address = core_field(core, descs, s->infos, core->word);
	ring->infos.element = s->info;
	ring->text = core_field(core, text, s->data, core->word);
	ring->text_size = UINT64_C(1) << size_bits;
	return make_array(&ring->descs, arena, err) && make_array(&ring->infos, arena, err);
}

/* An element of an array: it is read with those that follow it, if they can be read as well. */
static bool read_element(const struct ring *ring, struct array *array, uint64_t index,
	struct view *ret, struct error *err)
{
	uint64_t count = min_u64(WINDOW / array->element, ring->count - index);
	const uint64_t address = array->address + index * array->element;
	struct block to = { array->window, (size_t)(count * array->element) };

	if (index < array->first || index - array->first >= array->count) {
		array->first = index;
		array->count = 0;
		if (!core_read(ring->core, address, &to, err)) {
			count = 1;
			to.n = (size_t)array->element;
			if (!core_read(ring->core, address, &to, err))
				return false;
		}
		array->count = count;
	}
	*ret = (struct view){ array->window + (index - array->first) * array->element,
		(size_t)array->element };
	return true;
}

/* What lies in the text ring for this record, behind the number of its descriptor; false where that does not fit. */
static bool find_text(const struct ring *ring, const struct block_at *block, struct core_span *ret)
{
	const uint64_t size = ring->text_size, mask = long_mask(ring);
	const uint64_t last = (block->next - 1) & mask, id = ring->core->word;
	uint64_t at = block->begin & (size - 1), length;

	if (((block->begin ^ last) & mask) / size == 0) {
		length = (block->next - block->begin) & mask;
	} else if ((((block->begin + size) ^ last) & mask) / size == 0) {
		/* It had no room before the end, and lies at the beginning. */
		at = 0;
		length = block->next & (size - 1);
	} else {
		return false;
	}
	if (length < id || length > size - at)
		return false;
	*ret = (struct core_span){ ring->text + at, length };
	return true;
}

/* What is known of a record. */
struct record {
	uint64_t id; /* of its descriptor */
	uint64_t time, text_length;
	struct block_at block;
};

/* Odd positions say that there is no text: the line is empty, or there was no room for it. */
static bool has_no_text(const struct block_at *block)
{
	return (block->begin & 1) && (block->next & 1);
}

enum outcome { IS_PUT, IS_PASSED, IS_STRANGE, IS_UNREAD };

static enum outcome put_text(const struct ring *ring, const struct record *record,
	struct log_sink *sink, struct error *err)
{
	const unsigned word = ring->core->word;
	struct core_span text = { 0 };
	uint64_t owner;

	if (!has_no_text(&record->block)) {
		if (!find_text(ring, &record->block, &text))
			return IS_STRANGE;
		if (!core_read_number(ring->core, text.address, word, &owner, err))
			return IS_UNREAD;
		if (owner != record->id)
			return IS_STRANGE;
		text = (struct core_span){ text.address + word,
			min_u64(text.size - word, record->text_length) };
	}
	log_put_time(sink, record->time);
	if (!log_put_memory(ring->core, sink, text, err))
		return IS_UNREAD;
	log_put_text(sink, view_of_string("\n"));
	return IS_PUT;
}

static enum outcome put_record(
	struct ring *ring, uint64_t id, struct log_sink *sink, struct error *err)
{
	const struct core *core = ring->core;
	const struct shape *s = &ring->shape;
	const uint64_t index = id & (ring->count - 1);
	struct record record = { .id = id };
	struct view desc, info;
	uint64_t state;

	if (!read_element(ring, &ring->descs, index, &desc, err))
		return IS_UNREAD;
	state = core_field(core, desc, s->state + s->counter, core->word);
	if ((state & id_mask(ring)) != id)
		return IS_STRANGE;
	switch ((enum desc_state)(state >> (8 * core->word - 2))) {
	case DESC_RESERVED:
	case DESC_REUSABLE:
		return IS_PASSED;
	case DESC_COMMITTED:
	case DESC_FINALIZED:
		break;
	}
	if (!read_element(ring, &ring->infos, index, &info, err))
		return IS_UNREAD;
	record.block.begin = core_field(core, desc, s->block + s->begin, core->word);
	record.block.next = core_field(core, desc, s->block + s->next, core->word);
	record.text_length = core_field(core, info, s->text_length, 2);
	record.time = core_field(core, info, s->time, 8);
	return put_text(ring, &record, sink, err);
}

static bool put_records(struct ring *ring, struct log_sink *sink, struct error *err)
{
	uint64_t id = ring->tail, strangers = 0, left = (ring->head - ring->tail) & id_mask(ring);

	for (;; left--, id = (id + 1) & id_mask(ring)) {
		enum outcome outcome = put_record(ring, id, sink, err);

		if (outcome == IS_UNREAD)
			return false;
		strangers += outcome == IS_STRANGE;
		if (left == 0 || strangers > STRANGERS_MAX)
			break;
	}
	if (strangers == 0)
		return true;
	fail(err, FAULT_CORE_DAMAGED,
		"%llu records of its log were left out, whose descriptors and texts do not fit together",
		(unsigned long long)strangers);
	return left == 0 ? false : error_append(err, ", and what follows them");
}

bool log_ring_read(const struct core *core, struct log_sink *sink, struct error *err)
{
	struct arena arena = { 0 };
	struct ring ring = { .core = core };
	bool done = read_shape(core, &ring.shape, err) && read_ring(&ring, &arena, err) &&
		put_records(&ring, sink, err);

	arena_free(&arena);
	return done;
}
