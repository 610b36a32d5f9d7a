/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "known-machines.h"

#include "check/known.h"

static const char good[] =
	"# Comment.\n\nname: a-1\nkind: device\ndriver: one two\nresult: note\n"
	"reason: It breaks\nadvice: mend it\nunbind: one two\n"
	"source: https://example.org/1\n\n\nname: b\nkind: platform\n"
	"dmi: sys_vendor A B\ndmi: board_name C\ncpu: GenuineIntel 6 1\n"
	"cpu-flag: x y\ntree: t,1\narch: arm\nefi: yes\nbefore: 5.6\ncall: kexec_file_load\n"
	"module: m\nresult: fail\nreason: r\nsource: https://example.org/2";

static bool parse(
	const char *text, size_t n, struct arena *arena, struct known_rows *ret, struct error *err)
{
	return known_parse((struct view){ (const uint8_t *)text, n }, arena, ret, err);
}

static void reads_each_key(void **state)
{
	struct arena arena = { 0 };
	struct known_rows rows;
	struct error err;

	(void)state;
	assert_true(parse(good, strlen(good), &arena, &rows, &err));
	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.items[0].name, "a-1");
	assert_int_equal(rows.items[0].kind, KNOWN_DEVICE);
	assert_int_equal(rows.items[0].result, CHECK_NOTE);
	assert_string_equal(rows.items[0].reason, "It breaks");
	assert_string_equal(rows.items[0].advice, "mend it");
	assert_string_equal(rows.items[0].unbind, "one two");
	assert_string_equal(rows.items[0].source, "https://example.org/1");
	assert_int_equal(rows.items[1].dmi_count, 2);
	assert_null(rows.items[1].advice);
	assert_string_equal(rows.items[1].unbind, "");
	for (size_t i = 0; i < MATCH_COUNT; i++)
		if (i != MATCH_DRIVER)
			assert_non_null(rows.items[1].match[i].p);
	arena_free(&arena);
}

static void refuses_what_it_does_not_understand(void **state)
{
#define ROW_OF(more) "name: a\nkind: device\nresult: warn\nreason: r\nsource: https://e\n" more
	static const struct {
		const char *text, *reason;
	} wrong[] = {
		{ "name a\n", "line 1: this is no" },
		{ "nme: a\n", "line 1: no such key is known: nme" },
		{ "name:\n", "line 1: the value is empty" },
		{ "name: a\001b\n", "not text" },
		{ "name: a\nname: b\n", "line 2: this key is there twice: name" },
		{ "kind: device\n\n", "line 2: the row that ends here has no name" },
		{ "name: A\n", "has no name" },
		{ "name: a\nkind: devices\n", "no such kind: devices" },
		{ "name: a\n", "no such kind" },
		{ "name: a\nkind: device\nresult: pass\n", "no such result: pass" },
		{ "name: a\nkind: device\nresult: unknown\n", "no such result: unknown" },
		{ "name: a\nkind: device\nresult: warn\nreason: r\nsource: http://e\n", "https" },
		{ "name: a\nkind: device\nresult: warn\nsource: https://e\n", "no reason" },
		{ ROW_OF(""), "about no driver" },
		{ ROW_OF("arch: arm\nefi: yes\ncall: kexec_load\n"), "about no driver" },
		{ ROW_OF("driver: d\nefi: no\n"), "efi is yes" },
		{ ROW_OF("driver: d\ncall: kexec\n"), "no such call: kexec" },
		{ ROW_OF("driver: d\nbefore: six\n"), "no version of Linux: six" },
		{ ROW_OF("cpu: GenuineIntel 6\n"), "no vendor, family and model" },
		{ ROW_OF("cpu: GenuineIntel 6 1 2\n"), "no vendor, family and model" },
		{ ROW_OF("dmi: sys_vendor\n"), "no field with its text" },
		{ ROW_OF("dmi: ../../x y\n"), "no field with its text" },
		{ ROW_OF("dmi: a b\ndmi: a b\ndmi: a b\ndmi: a b\ndmi: a b\n"), "too many" },
		{ ROW_OF("driver: d\n\n") ROW_OF("driver: d\n"), "this name is there twice: a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct arena arena = { 0 };
		struct error err = { 0 };
		struct known_rows rows;

		assert_false(parse(wrong[i].text, strlen(wrong[i].text), &arena, &rows, &err));
		assert_reason(err, wrong[i].reason);
		arena_free(&arena);
	}
}

/* A row that is cut is refused or has all that it needs. */
static void survives_a_cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t n = 0; n < strlen(good); n++) {
		struct arena arena = { 0 };
		struct known_rows rows;
		struct error err = { 0 };

		if (!parse(good, n, &arena, &rows, &err))
			assert_int_equal(err.fault, FAULT_SETTINGS);
		else
			assert_true(rows.count <= 2);
		arena_free(&arena);
	}
}

static void what_is_built_in_is_sound(void **state)
{
	struct arena arena = { 0 };
	struct known_rows rows;
	struct error err = { 0 };

	(void)state;
	if (!known_all(&arena, &rows, &err))
		fail_msg("%s", err.reason);
	assert_true(rows.count >= 15);
	arena_free(&arena);
}

/* A "no" decides even where something else cannot be told. */
static void matches_where_all_holds(void **state)
{
	static const struct {
		const char *lines;
		enum answer answer;
	} cases[] = {
		{ "module: other nvidia\n", ANSWER_YES },
		{ "module: nvidi\n", ANSWER_NO },
		{ "driver: i915\nmodule: nvidia\n", ANSWER_YES },
		{ "driver: i915\nmodule: nouveau\n", ANSWER_NO },
		{ "cpu: GenuineIntel 6 156\n", ANSWER_YES },
		{ "cpu: AuthenticAMD 6 156\n", ANSWER_NO },
		{ "cpu-flag: hypervisor lm\n", ANSWER_YES },
		{ "cpu-flag: hypervisor sev\n", ANSWER_NO },
		{ "dmi: sys_vendor Amazon EC2\n", ANSWER_YES },
		{ "dmi: sys_vendor Amazon EC2\ndmi: board_name x\n", ANSWER_NO },
		{ "driver: i915\narch: x86-64\n", ANSWER_YES },
		{ "driver: i915\narch: arm\n", ANSWER_NO },
		{ "driver: i915\nefi: yes\n", ANSWER_NO },
		{ "driver: i915\nbefore: 6.13\n", ANSWER_YES },
		{ "driver: i915\nbefore: 6.12\n", ANSWER_NO },
		{ "driver: i915\nbefore: 6.2\n", ANSWER_NO },
		{ "driver: i915\nbefore: 10.0\n", ANSWER_YES },
		{ "driver: i915\ncall: kexec_load\n", ANSWER_UNKNOWN },
		{ "driver: none\ncall: kexec_load\n", ANSWER_NO },
		{ "tree: raspberrypi,400\n", ANSWER_NO },
	};
	struct checked c;
	struct hardware hardware;

	(void)state;
	checked_made(&c, &bad_machine);
	hardware = hardware_read(&bad_machine.source, &c.arena);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *text = arena_printf(&c.arena, ROW_OF("%s"), cases[i].lines);
		struct known_rows rows;

		assert_true(parse(text, strlen(text), &c.arena, &rows, &c.error));
		if (known_matches(&rows.items[0], &hardware, &c.subject) != cases[i].answer)
			fail_msg("%s", cases[i].lines);
	}
	checked_free(&c);
}

static void names_what_is_to_be_unbound(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &bad_machine);
	assert_string_equal(
		known_unbind(&c.subject), "nvidia_drm nvidia_modeset nvidia_uvm nvidia hyperv_drm");
	checked_free(&c);
	checked_made(&c, &plain_machine);
	assert_string_equal(known_unbind(&c.subject), "");
	checked_free(&c);
	checked_made(&c, &hidden_machine);
	assert_string_equal(known_unbind(&c.subject), "");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads_each_key),
		CASE(refuses_what_it_does_not_understand),
		CASE(survives_a_cut_at_every_byte),
		CASE(what_is_built_in_is_sound),
		CASE(matches_where_all_holds),
		CASE(names_what_is_to_be_unbound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
