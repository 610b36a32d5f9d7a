/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/own-build.h"

#include "base/arith.h"
#include "machine/text.h"

enum { NOTE_HEADER = 12, NOTE_ALIGNMENT = 4, NOTE_BUILD_ID = 3, BUILD_ID_MIN = 8 };

#define NOTE_OWNER "GNU"

/* Cuts the next note off; false at the end, and where what is there is none. */
static bool next_note(struct view *notes, struct view *ret, struct reader *fields)
{
	uint64_t name, text, size = NOTE_HEADER;

	*fields = reader_at(*notes, 0);
	name = reader_le32(fields);
	text = reader_le32(fields);
	if (fields->overrun || !ck_align_up(name, NOTE_ALIGNMENT, &name) ||
		!ck_add(size, name, &size) || !ck_add(size, text, &size) ||
		!view_sub(*notes, 0, size, ret))
		return false;
	/* The last one need not be filled up. */
	if (!ck_align_up(size, NOTE_ALIGNMENT, &size))
		return false;
	*notes = view_from(*notes, size);
	return true;
}

static bool is_build_id(struct view note)
{
	struct reader r = reader_at(note, 0);
	const uint32_t owner = reader_le32(&r), size = reader_le32(&r), type = reader_le32(&r);

	return !r.overrun && owner == sizeof NOTE_OWNER && size >= BUILD_ID_MIN &&
		type == NOTE_BUILD_ID &&
		view_equal(reader_bytes(&r, owner),
			(struct view){ (const uint8_t *)NOTE_OWNER, sizeof NOTE_OWNER });
}

static struct view find_build_id(struct view notes)
{
	struct reader fields;
	struct view note;

	while (next_note(&notes, &note, &fields))
		if (is_build_id(note))
			return note;
	return (struct view){ 0 };
}

/* NULL: no test was left out, and none may have been. */
static const char *tests_obstacle(
	const struct source *source, struct arena *arena, struct error *err)
{
	struct view text;

	if (!source_take(source, "sys/module/cryptomgr/parameters/notests", arena, &text, err))
		return err->reason;
	if (!text.p)
		return "the running kernel does not say that it tests its ciphers (cryptomgr)";
	if (!text_is(text_trim(text), "N"))
		return "the running kernel has not tested its ciphers either";
	if (!source_take(source, "proc/sys/crypto/fips_enabled", arena, &text, err))
		return err->reason;
	if (text.p && !text_is(text_trim(text), "0"))
		return "FIPS wants the tests";
	return NULL;
}

/*
 * /proc/crypto says "selftest : passed" of a cipher that was tested, "unknown" of one that failed or that is
 * being tested (Documentation/crypto/architecture.rst).
 */
static const char *ciphers_obstacle(
	const struct source *source, struct arena *arena, struct error *err)
{
	const char *obstacle = tests_obstacle(source, arena, err);
	struct view text, line, key;
	size_t passed = 0;

	if (obstacle)
		return obstacle;
	if (!source_take(source, "proc/crypto", arena, &text, err))
		return err->reason;
	while (text.n && text_line(&text, &line)) {
		if (!text_cut(&line, ':', &key) || !text_is(text_trim(key), "selftest"))
			continue;
		if (!text_is(text_trim(line), "passed"))
			return "not every cipher of /proc/crypto has passed its test";
		passed++;
	}
	return passed ? NULL : "/proc/crypto tells of no cipher that was tested";
}

bool own_build_read(const struct source *source, struct arena *arena, struct own_build *ret)
{
	struct error err = { 0 };
	struct view text;
	const char *obstacle;

	*ret = (struct own_build){ .version = "" };
	if (source_read(source, "proc/sys/kernel/version", arena, &text))
		ret->version = arena_string(arena, text_trim(text));
	if (source_read(source, "sys/kernel/notes", arena, &text))
		ret->id = find_build_id(text);
	obstacle = ciphers_obstacle(source, arena, &err);
	if (obstacle)
		ret->ciphers_untested = arena_printf(arena, "%s", obstacle);
	return ret->version && (!obstacle || ret->ciphers_untested);
}
