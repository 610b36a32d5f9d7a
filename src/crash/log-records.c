/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log as records that follow each other in a buffer, of Linux 3.5 to 5.9: each a header, its text and its
 * dictionary. A record of length 0 says that the next one is at the beginning of the buffer. The header was called
 * struct log in the beginning.
 */
#include "crash/log-forms.h"

#include "base/arith.h"
#include "crash/vmcoreinfo.h"

enum { INT = 4, HEADER_MAX = 256 };

struct records {
	uint64_t buffer, size; /* address, bytes */
	uint64_t first, end;   /* offsets of records */
	uint64_t header, time_at, length_at, text_length_at;
};

struct record {
	uint64_t nanoseconds, length, text_length;
};

static bool read_header_fields(const struct core *core, struct records *ret, struct error *err)
{
	uint64_t ignored;
	const struct vmcoreinfo_need now[] = {
		{ "SIZE(printk_log)", &ret->header },
		{ "OFFSET(printk_log.ts_nsec)", &ret->time_at },
		{ "OFFSET(printk_log.len)", &ret->length_at },
		{ "OFFSET(printk_log.text_len)", &ret->text_length_at },
	};
	const struct vmcoreinfo_need then[] = {
		{ "SIZE(log)", &ret->header },
		{ "OFFSET(log.ts_nsec)", &ret->time_at },
		{ "OFFSET(log.len)", &ret->length_at },
		{ "OFFSET(log.text_len)", &ret->text_length_at },
	};

	if (!vmcoreinfo_needs(core->info,
		    vmcoreinfo_number(core->info, then[0].name, &ignored) ? then : now,
		    sizeof now / sizeof now[0], err))
		return false;
	if (ret->header == 0 || ret->header > HEADER_MAX)
		return fail(err, FAULT_CORE_DAMAGED, "a record of its log begins with %llu bytes",
			(unsigned long long)ret->header);
	return true;
}

static bool read_records(const struct core *core, struct records *ret, struct error *err)
{
	const struct vmcoreinfo_need needs[] = {
		{ "SYMBOL(log_buf)", &ret->buffer },
		{ "SYMBOL(log_buf_len)", &ret->size },
		{ "SYMBOL(log_first_idx)", &ret->first },
		{ "SYMBOL(log_next_idx)", &ret->end },
	};

	if (!vmcoreinfo_needs(core->info, needs, sizeof needs / sizeof needs[0], err) ||
		!read_header_fields(core, ret, err) ||
		!core_read_number(core, ret->buffer, core->word, &ret->buffer, err) ||
		!core_read_number(core, ret->size, INT, &ret->size, err) ||
		!core_read_number(core, ret->first, INT, &ret->first, err) ||
		!core_read_number(core, ret->end, INT, &ret->end, err))
		return false;
	if (ret->first >= ret->size || ret->end > ret->size || ret->size > INT32_MAX)
		return fail(err, FAULT_CORE_DAMAGED,
			"the records of its log are said to begin at %llu and end at %llu of %llu bytes",
			(unsigned long long)ret->first, (unsigned long long)ret->end,
			(unsigned long long)ret->size);
	return true;
}

static bool read_record(const struct core *core, const struct records *records, uint64_t at,
	struct record *ret, struct error *err)
{
	uint8_t bytes[HEADER_MAX];
	struct view header = { bytes, (size_t)records->header };

	if (at > records->size || records->header > records->size - at)
		return fail(err, FAULT_CORE_DAMAGED,
			"a record at byte %llu of its log reaches past the buffer's %llu bytes",
			(unsigned long long)at, (unsigned long long)records->size);
	if (!core_read(core, records->buffer + at, &(struct block){ bytes, header.n }, err))
		return false;
	ret->nanoseconds = core_field(core, header, records->time_at, 8);
	ret->length = core_field(core, header, records->length_at, 2);
	ret->text_length = core_field(core, header, records->text_length_at, 2);
	if (ret->length != 0 &&
		(ret->length > records->size - at ||
			records->header + ret->text_length > ret->length))
		return fail(err, FAULT_CORE_DAMAGED,
			"a record at byte %llu of its log has %llu bytes, %llu of them text",
			(unsigned long long)at, (unsigned long long)ret->length,
			(unsigned long long)ret->text_length);
	return true;
}

bool log_records_read(const struct core *core, struct log_sink *sink, struct error *err)
{
	struct records records = { 0 };
	bool is_around = false;

	if (!read_records(core, &records, err))
		return false;
	for (uint64_t at = records.first; at != records.end;) {
		struct record record = { 0 };

		if (!read_record(core, &records, at, &record, err))
			return false;
		if (record.length == 0) {
			if (is_around || records.first <= records.end)
				return fail(err, FAULT_CORE_DAMAGED,
					"the records of its log go around in a circle, at byte %llu",
					(unsigned long long)at);
			is_around = true;
			at = 0;
			continue;
		}
		log_put_time(sink, record.nanoseconds);
		if (!log_put_memory(core, sink,
			    (struct core_span){
				    records.buffer + at + records.header, record.text_length },
			    err))
			return false;
		log_put_text(sink, view_of_string("\n"));
		at += record.length;
	}
	return true;
}
