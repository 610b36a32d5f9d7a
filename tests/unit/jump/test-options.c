/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Command lines as scripts have them, in every order, and what they mean. */
#include "test.h"

#include <stdio.h>

#include "words.h"

static bool parse(const char *line, struct kexec_options *options, struct error *err)
{
	static char program[] = "kexec";

	return parse_as(program, line, options, err);
}

static void actions_do_not_depend_on_order(void **state)
{
	static const struct {
		const char *line;
		enum kexec_action action;
	} cases[] = {
		{ "-l K", ACTION_LOAD },
		{ "K -l", ACTION_LOAD },
		{ "--load -- K", ACTION_LOAD },
		{ "-d -s -l K", ACTION_LOAD },
		{ "-l K --dtb=D --dt-no-old-root", ACTION_LOAD },
		{ "-l K --devicetreeblob=D", ACTION_LOAD },
		{ "-s K", ACTION_REBOOT },
		{ "-e", ACTION_EXEC },
		{ "-e -x -y -d -i -s -a", ACTION_EXEC },
		{ "-e -f", ACTION_EXEC },
		{ "-f -e", ACTION_EXEC },
		{ "-f --exec", ACTION_EXEC },
		{ "-f K", ACTION_LOAD_AND_EXEC },
		{ "-l K -e", ACTION_LOAD_AND_EXEC },
		{ "-e -l K", ACTION_LOAD_AND_EXEC },
		{ "-e -f K", ACTION_LOAD_AND_EXEC },
		{ "K", ACTION_REBOOT },
		{ "--type=bzImage --initrd=I --append=x K", ACTION_REBOOT },
		{ "-u", ACTION_UNLOAD },
		{ "-u -s", ACTION_UNLOAD },
		{ "-p K", ACTION_LOAD },
		{ "-p -l K", ACTION_LOAD },
		{ "--load-panic K -s", ACTION_LOAD },
		{ "-fp K", ACTION_LOAD },
		{ "-p -f K", ACTION_LOAD },
		{ "-p -u", ACTION_UNLOAD },
		{ "-u -p", ACTION_UNLOAD },
		{ "-s -p -u", ACTION_UNLOAD },
		{ "-p -S", ACTION_STATUS },
		{ "--print-ckr-size", ACTION_CRASH_MEMORY },
		{ "-S", ACTION_STATUS },
		{ "-l -S", ACTION_STATUS },
		{ "-S -e", ACTION_STATUS },
		{ "-h", ACTION_HELP },
		{ "-l K --help", ACTION_HELP },
		{ "-v", ACTION_VERSION },
		{ "--vers", ACTION_VERSION },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		if (!parse(cases[i].line, &options, &err))
			print_error("%s: %s\n", cases[i].line, err.reason);
		assert_int_equal(err.fault, FAULT_NONE);
		assert_int_equal(options.action, cases[i].action);
	}
}

static void what_does_not_go_together_is_said(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{ "", "No kernel specified" },
		{ "-l", "No kernel specified" },
		{ "-f", "No kernel specified" },
		{ "-l --initrd=I", "No kernel specified" },
		{ "-e K", "K is not" },
		{ "-u -l K", "--unload does not go with" },
		{ "-u -e", "--unload does not go with" },
		{ "-p", "No kernel specified" },
		{ "-p -e", "--load-panic does not go with" },
		{ "-p -f", "No kernel specified" },
		{ "-p -f -e K", "--load-panic does not go with" },
		{ "-l K --reuseinitrd", "--reuseinitrd is for kernels that have kept" },
		{ "-l K --load-preserve-context", "CONFIG_KEXEC_JUMP" },
		{ "--load-jump-back-helper", "CONFIG_KEXEC_JUMP" },
		{ "--load-live-update K", "Xen" },
		{ "--exec-live-update", "Xen" },
		{ "-l K --atags", "ARM" },
		{ "-l K --gamecube", "POWER" },
		{ "-l K --serial=com1", "no serial port such as ttyS0" },
		{ "-l K --serial=0", "no serial port such as ttyS0" },
		{ "-l K --serial=0x10000", "no serial port such as ttyS0" },
		{ "-l K --serial-baud=9601", "--serial-baud=9601 is no speed" },
		{ "-l K --serial-baud=4800", "--serial-baud=4800 is no speed" },
		{ "-l K --serial-baud=fast", "--serial-baud=fast is no speed" },
		{ "-l K --watchdog=0", "--watchdog=0 is no number of seconds from 1 to 86400" },
		{ "-l K --watchdog=86401", "is no number of seconds" },
		{ "-l K --watchdog=-1", "is no number of seconds" },
		{ "-l K --watchdog=60s", "is no number of seconds" },
		{ "-l K --watchdog=60,any", "is no number of seconds" },
		{ "-l K --watchdog=,any-kernel", "is no number of seconds" },
		{ "-l K --nonsense", "--nonsense" },
		{ "-q -l K", "-q" },
		{ "-l K --initrd", "--initrd needs a value" },
		{ "-l K --mem-min=many", "--mem-min=many is no address" },
		{ "-l K --direct=always", "--direct=always is none of auto, off" },
		{ "-l K --check=md5", "none of auto, sha256, crc32c, none" },
		{ "-l K --initrd-recompress=gzip", "is none of auto, keep, raw, lz4, zstd" },
		{ "-l K --shorten=load", "is none of jump, outage" },
		{ "-l K --tune=fast", "--tune=fast: its only value is same" },
		{ "-l K --tune=", "--tune=: its only value is same" },
		{ "-l K --hold=much", "--hold=much is no size, such as 64M" },
		{ "-l K --mem-max=-2", "is no address" },
		{ "-l K --mem-min=-1", "is not above" },
		{ "-l K --mem-max=4095M", "is no address" },
		{ "-l K --mem-min=0x2000 --mem-max=0x1000", "is not above" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		if (parse(cases[i].line, &options, &err))
			print_error("accepted: %s\n", cases[i].line);
		assert_true(err.fault == FAULT_USAGE || err.fault == FAULT_NO_KERNEL);
		assert_reason(err, cases[i].words);
		assert_string_equal(err.attempt, "understand the command line");
	}
}

static void values_arrive(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(
		parse("--initrd a --ramdisk=b -l --command-line=root=/dev/sda_ro vmlinuz "
		      "--reuse-cmdline --mem-min=0x1000000 --mem-max=0xffffffff -i -c -t bzImage",
			&options, &err));
	assert_string_equal(options.job.kernel, "vmlinuz");
	assert_int_equal(options.job.initrd_count, 2);
	assert_string_equal(options.job.initrds[0], "a");
	assert_string_equal(options.job.initrds[1], "b");
	assert_string_equal(options.job.command_line, "root=/dev/sda ro");
	assert_true(options.job.reuse_command_line);
	assert_int_equal(options.job.limits.start, 0x1000000);
	assert_int_equal(range_end(options.job.limits), 0x100000000);
	assert_int_equal(options.job.check, CHECK_NONE);
	assert_int_equal(options.job.call, CALL_LOAD);
	assert_string_equal(options.job.type, "bzImage");
}

static void minus_one_is_no_limit(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-l K --mem-max=-1", &options, &err));
	assert_int_equal(options.job.limits.start, 0);
	assert_int_equal(range_end(options.job.limits), PHYS_MAX);
}

static void the_last_one_counts(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-l K --append=one --append=two -s -c -a -i --check=sha256 "
			  "--direct=off --direct=auto --direct=off",
		&options, &err));
	assert_int_equal(options.job.direct, DIRECT_OFF);
	assert_string_equal(options.job.command_line, "two");
	assert_int_equal(options.job.check, CHECK_SHA256);
	assert_int_equal(options.job.call, CALL_AUTO);
	assert_int_equal(options.job.limits.start, 0);
	assert_int_equal(range_end(options.job.limits), PHYS_MAX);
}

/* What was unique in kexec-tools still is, whatever more there is here. */
static void abbreviations_mean_what_they_did(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("K --loa -l --ini=a --ini b --t bzImage --d", &options, &err) == false);
	assert_reason(err, "--loa may mean --load or --load-panic, or others");
	assert_true(parse("-l --ini=a K --ini b --t bzImage --deb --comm x", &options, &err));
	assert_string_equal(options.job.kernel, "K");
	assert_int_equal(options.job.initrd_count, 2);
	assert_string_equal(options.job.initrds[0], "a");
	assert_string_equal(options.job.initrds[1], "b");
	assert_string_equal(options.job.type, "bzImage");
	assert_string_equal(options.job.command_line, "x");
	assert_true(options.debug);

	assert_false(parse("-l K --ini", &options, &err));
	assert_reason(err, "--ini needs a value");
	assert_false(parse("-l K --unl=yes", &options, &err));
	assert_reason(err, "--unload takes no value");
	assert_false(parse("-l K --console", &options, &err));
	assert_reason(err, "--console may mean --console-vga or --console-serial");
}

/* As getopt_long(3) takes words apart. */
static void words_are_taken_apart_as_ever(void **state)
{
	static const struct {
		const char *line, *reason;
	} wrong[] = {
		{ "-lz K", "there is no option -z" },
		{ "--debug -lz K", "there is no option -z" },
		{ "-: K", "there is no option -:" },
		{ "--load=yes K", "--load takes no value" },
		{ "--laod K", "there is no option --laod: did you mean --load?" },
		{ "--gamecub=1 K", "--gamecube takes no value" },
		{ "--=x K", "there is no option --" },
		{ "K -lt", "the option -lt needs a value" },
		{ "K --mem-min", "the option --mem-min needs a value" },
		{ "K --mem-m 1", "--mem-m" },
	};
	struct kexec_options options;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(parse(wrong[i].line, &options, &err));
		assert_int_equal(err.fault, FAULT_USAGE);
		assert_reason(err, wrong[i].reason);
	}
	/* A value may look like an option; all behind -- is an operand, and the first one is the kernel. */
	assert_true(parse("K -lstelf --append -e -- -u M", &options, &err));
	assert_int_equal(options.action, ACTION_LOAD);
	assert_string_equal(options.job.type, "elf");
	assert_string_equal(options.job.command_line, "-e");
	assert_string_equal(options.job.kernel, "K");
	assert_true(parse("-l -- -u", &options, &err));
	assert_string_equal(options.job.kernel, "-u");
	assert_true(parse("-l -", &options, &err));
	assert_string_equal(options.job.kernel, "-");
}

/* Nothing of one reading is left for the next, nor are the caller's words moved. */
static void the_words_stay_where_they_are(void **state)
{
	char program[] = "kexec", kernel[] = "K", load[] = "-l", no[] = "-z";
	char *argv[] = { program, kernel, load, NULL }, *wrong[] = { program, no, load, NULL };
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_false(options_parse(3, wrong, &options, &err));
	assert_true(options_parse(3, argv, &options, &err));
	assert_ptr_equal(argv[1], kernel);
	assert_ptr_equal(argv[2], load);
}

static void the_crash_kernel_is_meant(void **state)
{
	static const char *const lines[] = { "-p K", "-u -p", "-p -S", "-l -p K" };
	struct kexec_options options;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		assert_true(parse(lines[i], &options, &err));
		assert_true(options.job.crash);
	}
	assert_true(parse("-u", &options, &err));
	assert_false(options.job.crash);
}

static void quirks_arrive(void **state)
{
	const struct console_wanted *console;
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-l K --noefi --reuse-video-type --no-cma --force-dtb --console-vga",
		&options, &err));
	assert_true(options.job.quirks.no_efi);
	assert_true(options.job.quirks.keep_screen_info);
	assert_true(options.job.quirks.no_cma);
	assert_true(options.job.quirks.device_tree);
	console = &options.job.quirks.console;
	assert_true(console->screen);
	assert_false(console->serial);

	assert_true(parse("-l K --serial=ttyS1 --serial-baud=57600", &options, &err));
	assert_true(console->serial);
	assert_int_equal(console->port, 0x2f8);
	assert_int_equal(console->baud, 57600);
	assert_string_equal(console->device, "ttyS1");
	assert_true(parse("-l K --serial=ttyAMA0", &options, &err));
	assert_string_equal(console->device, "ttyAMA0");
	assert_int_equal(console->port, 0);
	assert_true(parse("-l K --serial=0x3e8", &options, &err));
	assert_int_equal(console->port, 0x3e8);
	assert_true(parse("-l K --console-serial", &options, &err));
	assert_true(console->serial);
	assert_int_equal(console->port, 0);
}

static void a_watchdog_is_wished_for(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-l K", &options, &err));
	assert_int_equal(options.job.watchdog.seconds, 0);
	assert_true(parse("-l K --watchdog=120", &options, &err));
	assert_int_equal(options.job.watchdog.seconds, 120);
	assert_false(options.job.watchdog.any_kernel || options.job.watchdog.may_miss);
	assert_true(parse("-l K --watchdog=86400,any-kernel", &options, &err));
	assert_int_equal(options.job.watchdog.seconds, 86400);
	assert_true(options.job.watchdog.any_kernel);
}

static void what_has_no_effect_is_remembered(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-l K --entry=0x1000", &options, &err));
	assert_int_equal(options.remark_count, 1);
	assert_string_equal(options.remarks[0].name, "entry");
	assert_true(options.remarks[0].why[0] != '\0');
	/* More of them than there is room for. */
	assert_true(parse("-l K --entry=1 --entry=1 --entry=1 --entry=1 --entry=1 --entry=1 "
			  "--entry=1 --entry=1 --entry=1 --entry=1 --entry=1 --entry=1 "
			  "--entry=1 --entry=1 --entry=1 --entry=1 --entry=1 --entry=1",
		&options, &err));
	assert_int_equal(options.remark_count, OPTION_REMARKS_MAX);
}

static void a_dump_is_as_it_was_asked_for(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-p K", &options, &err));
	assert_int_equal(options.job.quirks.core_class, CORE_CLASS_AUTO);
	assert_false(options.job.quirks.memory_on_line);
	assert_true(parse("-p K --elf32-core-headers --pass-memmap-cmdline", &options, &err));
	assert_int_equal(options.job.quirks.core_class, CORE_CLASS_32);
	assert_true(options.job.quirks.memory_on_line);
	assert_false(options.job.quirks.hotplug);
	assert_true(parse("-p K --hotplug", &options, &err) && options.job.quirks.hotplug);
	assert_true(parse("-p K --elf32-core-headers --elf64-core-headers", &options, &err));
	assert_int_equal(options.job.quirks.core_class, CORE_CLASS_64);
	assert_int_equal(options.remark_count, 0);
}

static void words_behind_the_kernel_are_remembered(void **state)
{
	static const struct {
		const char *line, *unread;
	} cases[] = {
		{ "-l K", "" },
		{ "-l K --append a b c", "b c" },
		{ "-l K -- reuse-cmdline", "reuse-cmdline" },
		{ "-l --append=a K", "" },
		{ "-l -- K --reuse-cmdline", "--reuse-cmdline" },
	};
	struct kexec_options options;
	struct arena arena = { 0 };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(parse(cases[i].line, &options, &err));
		assert_string_equal(options.job.kernel, "K");
		assert_string_equal(options_unread(&options, &arena), cases[i].unread);
	}
	arena_free(&arena);
}

static void a_device_tree_is_named(void **state)
{
	struct kexec_options options;
	struct error err;

	(void)state;
	assert_true(parse("-l K --dtb=F", &options, &err));
	assert_string_equal(options.job.device_tree, "F");
	assert_int_equal(options.remark_count, 0);
	assert_true(parse("-l K", &options, &err));
	assert_null(options.job.device_tree);
	assert_false(parse("-l K --dtb", &options, &err));
}

static void forms_of_initrds(void **state)
{
	static const struct {
		const char *line;
		enum initrd_form form;
	} cases[] = {
		{ "-l K", INITRD_AUTO },
		{ "-l K --initrd-recompress=auto", INITRD_AUTO },
		{ "-l K --initrd-recompress=keep", INITRD_KEEP },
		{ "-l K --initrd-recompress raw", INITRD_RAW },
		{ "--initrd-recompress=lz4 -l K", INITRD_LZ4 },
		{ "-l K --initrd-recompress=raw --initrd-recompress=zstd", INITRD_ZSTD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		assert_true(parse(cases[i].line, &options, &err));
		assert_int_equal(options.job.initrd_form, cases[i].form);
		assert_false(options.explain);
	}
}

static void aims(void **state)
{
	static const struct {
		const char *line;
		struct load_aim aim;
	} cases[] = {
		{ "-l K", { SHORTEN_UNSAID, false, 0 } },
		{ "-l K --shorten=jump", { SHORTEN_JUMP, false, 0 } },
		{ "-l K --shorten outage", { SHORTEN_OUTAGE, false, 0 } },
		{ "-l K --hold=64M", { SHORTEN_UNSAID, true, 64 << 20 } },
		{ "-l K --hold=0", { SHORTEN_UNSAID, true, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		assert_true(parse(cases[i].line, &options, &err));
		assert_int_equal(options.job.aim.shorten, cases[i].aim.shorten);
		assert_int_equal(options.job.aim.is_held, cases[i].aim.is_held);
		assert_int_equal(options.job.aim.hold, cases[i].aim.hold);
	}
}

static void words_that_shorten_the_start(void **state)
{
	static const struct {
		const char *line;
		enum tuning_wanted tune;
	} cases[] = {
		{ "-l K", TUNE_NOTHING },
		{ "-l K --tune", TUNE_ANY },
		{ "-l K --tune=same", TUNE_SAME },
		/* Its value is never the next word. */
		{ "--tune -l same", TUNE_ANY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kexec_options options;
		struct error err;

		assert_true(parse(cases[i].line, &options, &err));
		assert_int_equal(options.job.tune, cases[i].tune);
	}
}

static unsigned described;

static void kernels_of_other_formats(void **state)
{
	static const struct {
		const char *line;
		enum entry_point_wanted entry_point;
		enum arguments_wanted arguments;
	} cases[] = {
		{ "-l K", ENTRY_POINT_AUTO, ARGUMENTS_AUTO },
		{ "-l K --entry-32bit", ENTRY_POINT_32, ARGUMENTS_AUTO },
		{ "--real-mode -l K", ENTRY_POINT_REAL_MODE, ARGUMENTS_AUTO },
		{ "-l --args-linux K", ENTRY_POINT_AUTO, ARGUMENTS_LINUX },
		{ "-l --args-linux K --args-elf", ENTRY_POINT_AUTO, ARGUMENTS_ELF },
		{ "-l --args-none K", ENTRY_POINT_AUTO, ARGUMENTS_NONE },
	};
	struct kexec_options options;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(parse(cases[i].line, &options, &err));
		assert_int_equal(options.job.entry_point, cases[i].entry_point);
		assert_int_equal(options.job.arguments, cases[i].arguments);
	}
	assert_true(parse("--module=one_with_words -l K --module two", &options, &err));
	assert_int_equal(options.job.module_count, 2);
	assert_string_equal(options.job.modules[0], "one with words");
	assert_string_equal(options.job.modules[1], "two");
	assert_false(parse("-l K --module", &options, &err));
	assert_reason(err, "--module needs a value");
}

static void see(const char *names, const char *help)
{
	described += strstr(names, "--kexec-syscall-auto") != NULL;
	assert_true(names[0] == '-' || names[0] == ' ');
	assert_true(help && help[0] != '\0');
}

/* Scripts look for this option in the help before they use it. */
static void the_help_lists_every_option(void **state)
{
	(void)state;
	described = 0;
	options_describe(see);
	assert_int_equal(described, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(actions_do_not_depend_on_order),
		CASE(what_does_not_go_together_is_said),
		CASE(values_arrive),
		CASE(minus_one_is_no_limit),
		CASE(the_last_one_counts),
		CASE(words_behind_the_kernel_are_remembered),
		CASE(a_device_tree_is_named),
		CASE(forms_of_initrds),
		CASE(aims),
		CASE(words_that_shorten_the_start),
		CASE(abbreviations_mean_what_they_did),
		CASE(words_are_taken_apart_as_ever),
		CASE(the_words_stay_where_they_are),
		CASE(the_crash_kernel_is_meant),
		CASE(quirks_arrive),
		CASE(a_watchdog_is_wished_for),
		CASE(what_has_no_effect_is_remembered),
		CASE(a_dump_is_as_it_was_asked_for),
		CASE(kernels_of_other_formats),
		CASE(the_help_lists_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
