/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kexec-lite's command lines, and those that petitboot has of it; nothing jumps but what says so twice. */
#include "test.h"

#include "words.h"

static bool parse_lite(const char *line, struct kexec_options *options, struct error *err)
{
	static char program[] = "/usr/sbin/kexec-lite";

	return parse_as(program, line, options, err);
}

static void only_forced_jumps_are_at_once(void **state)
{
	static const struct {
		const char *line;
		enum kexec_action action;
		enum kexec_call call;
	} cases[] = {
		{ "-s --debug --initrd=I --dtb=D --append=x K", ACTION_LOAD, CALL_FILE_LOAD },
		{ "-s --initrd=I --append=x K", ACTION_LOAD, CALL_FILE_LOAD },
		{ "--file-load K", ACTION_LOAD, CALL_FILE_LOAD },
		{ "-l --debug --initrd=I --dtb=D --append=x K", ACTION_LOAD, CALL_AUTO },
		{ "-l -f K", ACTION_LOAD, CALL_AUTO },
		{ "-s -l K", ACTION_LOAD, CALL_FILE_LOAD },
		{ "-p K", ACTION_LOAD, CALL_AUTO },
		{ "-l K -e", ACTION_REBOOT, CALL_AUTO },
		{ "-s K -e", ACTION_REBOOT, CALL_FILE_LOAD },
		{ "-l K -e -f", ACTION_LOAD_AND_EXEC, CALL_AUTO },
		{ "-e", ACTION_SHUTDOWN, CALL_AUTO },
		{ "-e -f", ACTION_EXEC, CALL_AUTO },
		{ "-f --exec", ACTION_EXEC, CALL_AUTO },
		{ "-u", ACTION_UNLOAD, CALL_AUTO },
		{ "-S", ACTION_STATUS, CALL_AUTO },
		{ "-h", ACTION_HELP, CALL_AUTO },
		{ "-v", ACTION_VERSION, CALL_AUTO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		if (!parse_lite(cases[i].line, &options, &err))
			print_error("%s: %s\n", cases[i].line, err.reason);
		assert_int_equal(err.fault, FAULT_NONE);
		assert_int_equal(options.action, cases[i].action);
		assert_int_equal(options.job.call, cases[i].call);
	}
}

static void letters_have_its_values(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse_lite("-l -i I -c root=x_y -b D K", &options, &err));
	assert_int_equal(options.job.initrd_count, 1);
	assert_string_equal(options.job.initrds[0], "I");
	assert_string_equal(options.job.command_line, "root=x y");
	assert_string_equal(options.job.device_tree, "D");
	assert_false(options.job.reuse_command_line);
	assert_true(options.job.check == CHECK_AUTO && options.job.call == CALL_AUTO);
	assert_true(
		parse_lite("-l --ramdisk=I --command-line=x --devicetreeblob=D K", &options, &err));
	assert_string_equal(options.job.initrds[0], "I");
	assert_string_equal(options.job.command_line, "x");
	assert_string_equal(options.job.device_tree, "D");
	assert_true(parse_lite("-s K", &options, &err));
	assert_true(options.job.reuse_command_line);
	assert_true(parse_lite("-p K", &options, &err));
	assert_false(options.job.reuse_command_line);
}

static void what_it_cannot_mean_is_said(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{ "", "neither to load nor to jump" },
		{ "-f", "neither to load nor to jump" },
		{ "K", "is not told to load K" },
		{ "-f K", "is not told to load K" },
		{ "-e K", "is not told to load K" },
		{ "-e -f K", "is not told to load K" },
		{ "-l", "No kernel specified" },
		{ "-s", "No kernel specified" },
		{ "-s -e -f", "No kernel specified" },
		{ "-u -s K", "--unload does not go with" },
		{ "-u -e", "--unload does not go with" },
		{ "-l K -i", "needs a value" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		if (parse_lite(cases[i].line, &options, &err))
			print_error("accepted: %s\n", cases[i].line);
		assert_reason(err, cases[i].words);
	}
}

/* Nobody else is: kexec -s alone loads and shuts down, as kexec-tools has it. */
static void the_name_decides(void **state)
{
	static const struct {
		const char *program;
		enum kexec_action action;
	} cases[] = {
		{ "kexec-lite", ACTION_LOAD },
		{ "./kexec-lite", ACTION_LOAD },
		{ "/usr/sbin/kexec-lite", ACTION_LOAD },
		{ "kexec", ACTION_REBOOT },
		{ "/kexec-lite/kexec", ACTION_REBOOT },
		{ "kexec-lite2", ACTION_REBOOT },
		{ "", ACTION_REBOOT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char program[32];
		struct kexec_options options;
		struct error err;

		strcpy(program, cases[i].program);
		assert_true(parse_as(program, "-s K", &options, &err));
		assert_int_equal(options.action, cases[i].action);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(only_forced_jumps_are_at_once),
		CASE(letters_have_its_values),
		CASE(what_it_cannot_mean_is_said),
		CASE(the_name_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
