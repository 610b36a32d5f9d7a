/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static void finding_on(const struct table_source *files, const char *release,
	enum check_result result, const char *text)
{
	struct arena arena = { 0 };
	const struct check_subject subject = {
		.source = &files->source,
		.arena = &arena,
		.release = release,
	};

	assert_finding(check_modules(&subject), result, text);
	arena_free(&arena);
}

static void installed_or_not(void **state)
{
	struct table_source debian =
		TABLE_SOURCE({ "lib/modules/6.1.0/modules.builtin", "kernel/fs/ext4/ext4.ko\n" },
			{ "lib/modules/6.1.0/modules.dep", "kernel/a.ko:\n" },
			{ "lib/modules/6.2.0/modules.builtin", "kernel/fs/ext4/ext4.ko\n" });
	struct table_source sick =
		TABLE_SOURCE({ "lib/modules/6.1.0", NULL, 0, true }, { "lib/modules/6.1.0/a", "" });

	(void)state;
	finding_on(&debian, "6.1.0", CHECK_PASS, "those of 6.1.0 are in /lib/modules/6.1.0");
	finding_on(&debian, "6.2.0", CHECK_WARN, "/lib/modules/6.2.0 has no modules.dep");
	finding_on(&debian, "6.3.0", CHECK_WARN, "no modules of 6.3.0 are installed");
	finding_on(&debian, "", CHECK_UNKNOWN, "does not tell its version");
	finding_on(&sick, "6.1.0", CHECK_UNKNOWN, "/lib/modules/6.1.0 cannot be read");
}

static void on_a_captured_machine(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-1g");
	c.subject.release = "6.1.0-44-amd64";
	assert_finding(check_modules(&c.subject), CHECK_WARN, "no modules of 6.1.0-44-amd64");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(installed_or_not),
		CASE(on_a_captured_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
