/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <string.h>

#include "plan/come-back-parameters.h"
#include "plan/marked-parameters.h"

#define DRACUT "rd.shell=0 rd.emergency=reboot"

static void the_users_words_win(void **state)
{
	static const struct {
		const char *line;
		struct come_back_parameters wanted;
		const char *made;
		size_t notes;
	} cases[] = {
		{ "quiet", { 0 }, "quiet", 0 },
		{ "quiet", { .id = "a" }, "quiet saut.words=4 panic=10 " DRACUT " saut.trial=a",
			0 },
		{ "panic=-1", { .id = "a" }, "panic=-1 saut.words=3 " DRACUT " saut.trial=a", 0 },
		{ "panic=0", { .id = "a" }, "panic=0 saut.words=3 " DRACUT " saut.trial=a", 1 },
		{ "panic=10", { .id = "a" }, "panic=10 saut.words=3 " DRACUT " saut.trial=a", 0 },
		{ "x -- y", { .id = "a" }, "x saut.words=4 panic=10 " DRACUT " saut.trial=a -- y",
			0 },
		{ "rd.shell=1", { .id = "a" },
			"rd.shell=1 saut.words=3 panic=10 rd.emergency=reboot saut.trial=a", 1 },
		{ "rd.shell", { .id = "a" },
			"rd.shell saut.words=3 panic=10 rd.emergency=reboot saut.trial=a", 1 },
		{ "rd.shellx", { .id = "a" },
			"rd.shellx saut.words=4 panic=10 " DRACUT " saut.trial=a", 0 },
		{ "nmi_watchdog=0 " DRACUT, { .id = "a", .on_lockups = true },
			"nmi_watchdog=0 " DRACUT " saut.words=4 panic=10 softlockup_panic=1 "
			"hung_task_panic=1 saut.trial=a",
			1 },
		{ "quiet", { .id = "a", .on_lockups = true, .open_timeout = 120 },
			"quiet saut.words=8 panic=10 " DRACUT " softlockup_panic=1 "
			"nmi_watchdog=panic hung_task_panic=1 watchdog.open_timeout=120 "
			"saut.trial=a",
			0 },
		{ "quiet", { .id = "a", .open_timeout = 120 },
			"quiet saut.words=5 panic=10 " DRACUT " watchdog.open_timeout=120 "
			"saut.trial=a",
			0 },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct notes notes = { .arena = &arena }, ignored = { .arena = &arena };
		const char *made =
			come_back_parameters_add(cases[i].line, &cases[i].wanted, &arena, &notes);

		assert_string_equal(made, cases[i].made);
		assert_int_equal(notes.count, cases[i].notes);
		/* And the next reuse leaves them out again. */
		assert_string_equal(marked_parameters_strip(made, &arena, &ignored), cases[i].line);
	}
	arena_free(&arena);
}

static void whose_root_it_is(void **state)
{
	static const char now[] = "BOOT_IMAGE=/vmlinuz root=UUID=1 ro rootflags=subvol=a";
	struct arena arena = { 0 };

	(void)state;
	assert_true(come_back_is_same_root("root=UUID=1 rootflags=subvol=a quiet", now, &arena));
	assert_false(come_back_is_same_root("root=UUID=2 rootflags=subvol=a", now, &arena));
	assert_false(come_back_is_same_root("root=UUID=1 rootflags=subvol=b", now, &arena));
	assert_false(come_back_is_same_root("", now, &arena));
	assert_true(come_back_is_same_root("", "quiet", &arena));
	arena_free(&arena);
}

static void what_leads_elsewhere(void **state)
{
	static const struct {
		const char *line, *running, *word;
	} cases[] = {
		{ "root=/dev/sda1 ro quiet", "quiet", NULL },
		{ "", "", NULL },
		{ "ro single", "ro", "single" },
		{ "ro single", "single ro", NULL },
		{ "ro 1", "ro", "1" },
		{ "systemd.unit=rescue.target", "", "systemd.unit=rescue.target" },
		{ "systemd.unit=a.target", "systemd.unit=b.target", "systemd.unit=a.target" },
		{ "init=/bin/sh", "", "init=/bin/sh" },
		{ "init=/nix/2/init", "init=/nix/1/init", NULL },
		{ "rd.break=mount", "", "rd.break=mount" },
		{ "singles=1 initcall=x", "", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *word = come_back_unusual(cases[i].line, cases[i].running, &arena);

		if (cases[i].word)
			assert_string_equal(word, cases[i].word);
		else
			assert_null(word);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { CASE(the_users_words_win),
		CASE(whose_root_it_is), CASE(what_leads_elsewhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
