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
	assert_int_equal(c.answers[0], ANSWER_UNKNOWN);
	arena_free(&arena);
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(options_are_read),
		CASE(a_compressed_one_comes_first),
		CASE(the_plan_knows_of_proc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
