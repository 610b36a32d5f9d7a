/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "machine/config.h"
#include "table-source.h"

static const char config[] = "CONFIG_KEXEC_CORE=y\nCONFIG_KEXEC=y\nCONFIG_KEXEC_FILE=y\n"
			     "# CONFIG_KEXEC_SIG is not set\nCONFIG_CRASH_DUMP=y\n";

static void options_are_read(void **state)
{
	struct table_source boot =
		TABLE_SOURCE({ "boot/config-6.1.0", config }, { "saut/uname", "6.1.0 x86_64\n" });
	struct table_source modules = TABLE_SOURCE({ "usr/lib/modules/6.1.0/config", config },
		{ "proc/config.gz", "no gzip" }, { "saut/uname", "6.1.0 x86_64\n" });
	struct table_source none =
		TABLE_SOURCE({ "boot/config-6.2.0", config }, { "saut/uname", "6.1.0 x86_64\n" });
	struct arena arena = { 0 };
	struct kernel_config c = kernel_config_read(&boot.source, &arena);

	(void)state;
	assert_string_equal(c.file, "/boot/config-6.1.0");
	assert_int_equal(c.answers[0], ANSWER_YES);
	assert_int_equal(c.answers[1], ANSWER_YES);
	assert_int_equal(c.answers[2], ANSWER_NO);
	assert_int_equal(c.answers[3], ANSWER_NO);
	assert_int_equal(c.answers[5], ANSWER_YES);
	c = kernel_config_read(&modules.source, &arena);
	assert_string_equal(c.file, "/usr/lib/modules/6.1.0/config");
	c = kernel_config_read(&none.source, &arena);
	assert_null(c.file);
	assert_null(c.unknown);
	assert_int_equal(c.answers[0], ANSWER_UNKNOWN);
	arena_free(&arena);
}

static void only_a_switch_has_an_answer(void **state)
{
	static const struct {
		const char *line;
		enum answer answer;
	} rows[] = {
		{ "CONFIG_X=y", ANSWER_YES },
		{ "CONFIG_X=m\r\n", ANSWER_YES },
		{ "CONFIG_X=n", ANSWER_NO },
		{ "# CONFIG_X is not set", ANSWER_NO },
		{ "CONFIG_X=", ANSWER_UNKNOWN },
		{ "CONFIG_X=\"y\"", ANSWER_UNKNOWN },
		{ "CONFIG_X=64", ANSWER_UNKNOWN },
		{ "CONFIG_X", ANSWER_UNKNOWN },
		{ "CONFIG_XY=y", ANSWER_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct view text = view_of_string(rows[i].line);

		assert_int_equal(kernel_config_stated(text, "CONFIG_X"), rows[i].answer);
		assert_int_equal(kernel_config_answer(text, "CONFIG_X"),
			rows[i].answer == ANSWER_YES ? ANSWER_YES : ANSWER_NO);
	}
}

/* gzip -9n of "CONFIG_KEXEC=y\n" */
static const char packed[] =
	"\037\213\010\000\000\000\000\000\002\003\163\366\367\163\363\164\217\367\166\215\160\165"
	"\266\255\344\002\000\214\030\365\126\017\000\000\000";

static void a_compressed_one_comes_first(void **state)
{
	struct table_source source = TABLE_SOURCE({ "proc/config.gz", packed, sizeof packed - 1 },
		{ "boot/config-6.1.0", "" }, { "saut/uname", "6.1.0 x86_64\n" });
	struct arena arena = { 0 };
	struct kernel_config c = kernel_config_read(&source.source, &arena);

	(void)state;
	assert_string_equal(c.file, "/proc/config.gz");
	assert_int_equal(c.answers[0], ANSWER_YES);
	assert_int_equal(c.answers[1], ANSWER_NO);
	arena_free(&arena);
}

/* What is there and cannot be read is not absent; nor is it missed where another file tells. */
static void an_unreadable_one_is_told(void **state)
{
	struct table_source folder = TABLE_SOURCE({ "boot/config-6.1.0", .is_unreadable = true },
				    { "saut/uname", "6.1.0 x86_64\n" }),
			    damaged = TABLE_SOURCE({ "proc/config.gz", "no gzip" },
				    { "saut/uname", "6.1.0 x86_64\n" }),
			    other = TABLE_SOURCE({ "proc/config.gz", .is_unreadable = true },
				    { "boot/config-6.1.0", "CONFIG_KEXEC=y\n" },
				    { "saut/uname", "6.1.0 x86_64\n" });
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(kernel_config_read(&folder.source, &arena).unknown,
		"/boot/config-6.1.0 cannot be read: Input/output error");
	assert_string_equal(kernel_config_read(&damaged.source, &arena).unknown,
		"/proc/config.gz cannot be unpacked");
	assert_null(kernel_config_read(&other.source, &arena).unknown);
	assert_string_equal(kernel_config_read(&other.source, &arena).file, "/boot/config-6.1.0");
	arena_free(&arena);
}

/* The same reader tells the plan: a kernel that has its configuration in /proc alone counts, too. */
static void the_plan_knows_of_proc(void **state)
{
	/* gzip -9n of "CONFIG_KEXEC_SIG_FORCE=y\n" */
	static const char forced[] =
		"\037\213\010\000\000\000\000\000\002\377\163\366\367\163\363\164\217\367"
		"\166\215\160\165\216\017\006\262\334\374\203\234\135\155\053\271\000\335"
		"\246\136\140\031\000\000\000";
	struct table_source source = TABLE_SOURCE({ "proc/config.gz", forced, sizeof forced - 1 },
		{ "boot/config-6.1.0", "" }, { "saut/uname", "6.1.0 x86_64\n" });
	struct arena arena = { 0 };

	(void)state;
	assert_int_equal(
		machine_kexec_ability(&source.source, &arena).signature_forced, ANSWER_YES);
	arena_free(&arena);
}

static void an_option_that_no_line_names_is_not_known(void **state)
{
	static const struct {
		const char *text;
		enum answer answer;
	} rows[] = {
		{ "CONFIG_A=y\nCONFIG_RD_XZ=y\n", ANSWER_YES },
		{ "CONFIG_RD_XZ=m\n", ANSWER_YES },
		{ "CONFIG_RD_XZ=n\n", ANSWER_NO },
		{ "# CONFIG_RD_XZ is not set\n", ANSWER_NO },
		{ "# CONFIG_RD_XZ is not se", ANSWER_UNKNOWN },
		{ "# CONFIG_RD_XZ=y\n", ANSWER_UNKNOWN },
		{ "CONFIG_RD_XZ_OLD=y\n# CONFIG_RD_XZ_OLD is not set\n", ANSWER_UNKNOWN },
		{ "", ANSWER_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(kernel_config_stated(view_of_string(rows[i].text), "CONFIG_RD_XZ"),
			rows[i].answer);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(options_are_read),
		CASE(only_a_switch_has_an_answer),
		CASE(a_compressed_one_comes_first),
		CASE(an_unreadable_one_is_told),
		CASE(the_plan_knows_of_proc),
		CASE(an_option_that_no_line_names_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
