/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One table: names, whether there is a value, what it does to the options, what --help says. */
#include "jump/option-row.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define FLAG(member)    .apply = set_flag, .field = offsetof(struct said, member)
#define TEXT(member)    .apply = set_string, .field = offsetof(struct said, member)
#define ADDRESS(member) .apply = set_address, .field = offsetof(struct said, member)
#define CALL(which)     .apply = set_call, .call = which

#define ENTRY(which)    .apply = set_entry, .entry = which
#define ARGS(which)     .apply = set_arguments, .arguments = which
#define NO_EFFECT(text) .apply = note_no_effect, .why = text
#define REFUSED(text)   .apply = refuse, .why = text

static const struct option_row rows[] = {
	{ "load", .letter = 'l', FLAG(load),
		.help = "load KERNEL; a later `kexec -e` or reboot jumps into it" },
	{ "exec", .letter = 'e', FLAG(exec), .help = "jump into the loaded kernel at once" },
	{ "force", .letter = 'f', FLAG(force),
		.help = "load KERNEL and jump at once, without shutdown(8)" },
	{ "load-panic", .letter = 'p', FLAG(options.job.crash),
		.help = "load KERNEL for after a panic, into the memory that crashkernel= reserves; "
			"with -u and -S: that one" },
	{ "unload", .letter = 'u', FLAG(unload), .help = "forget the loaded kernel" },
	{ "status", .letter = 'S', FLAG(status),
		.help = "exit with 1 if a crash kernel (with -l: a kernel) is loaded, else with 0" },
	{ "print-ckr-size", FLAG(crash_memory),
		.help = "print how many bytes are reserved for a crash kernel" },
	{ "kexec-file-syscall", .letter = 's', CALL(CALL_FILE_LOAD),
		.help = "load by kexec_file_load: the running kernel verifies signatures" },
	{ "kexec-syscall", .letter = 'c', CALL(CALL_LOAD), .help = "load by kexec_load" },
	{ "kexec-syscall-auto", .letter = 'a', CALL(CALL_AUTO),
		.help = "choose the system call, with a fallback (the default)" },
	{ "initrd", "ramdisk", .value = "FILE", .apply = add_initrd,
		.help = "initial RAM disk; repeated ones follow each other in this order" },
	{ "initrd-recompress", .is_extra = true, .value = "HOW", .apply = set_initrd_form,
		.help = "load initrds as they are: keep; unpacked: raw; packed again: lz4, zstd; or "
			"as is fastest: auto" },
	{ "initrd-unchecked", .is_extra = true, FLAG(options.job.initrd_unchecked),
		.help = "load initrds also where they are damaged or the next kernel cannot unpack "
			"them" },
	{ "module", .value = "\"FILE WORDS\"", .apply = add_module,
		.help = "file with its command line for a Multiboot kernel; repeated ones in order" },
	{ "append", "command-line", .value = "STRING", TEXT(options.job.command_line),
		.help = "command line; with --reuse-cmdline what is added to it" },
	{ "reuse-cmdline", FLAG(options.job.reuse_command_line),
		.help = "take the running kernel's command line, without BOOT_IMAGE=" },
	{ "tune", .is_extra = true, FLAG(options.job.tune),
		.help = "add words to the command line that shorten the blackout at a risk" },
	{ "type", .letter = 't', .value = "TYPE", TEXT(options.job.type),
		.help = "refuse KERNEL if it is not of this format" },
	{ "mem-min", .value = "ADDR", ADDRESS(first), .help = "place nothing below (kexec_load)" },
	{ "mem-max", .value = "ADDR", ADDRESS(last), .help = "place nothing above (kexec_load)" },
	{ "no-checks", .letter = 'i', .apply = set_no_checks,
		.help = "jump without verifying what was loaded (kexec_load)" },
	{ "check", .is_extra = true, .value = "HOW", .apply = set_check,
		.help = "verify by sha256, crc32c, none, or auto: the fastest (kexec_load)" },
	{ "direct", .is_extra = true, .value = "WHEN", .apply = set_direct,
		.help = "unpack the kernel when it is loaded, not between the kernels: off or auto, "
			"where possible (kexec_load)" },
	{ "entry-32bit", ENTRY(ENTRY_32), .help = "enter a bzImage in 32-bit mode (kexec_load)" },
	{ "real-mode", ENTRY(ENTRY_REAL_MODE),
		.help = "enter a bzImage in real mode, where the firmware is a BIOS (kexec_load)" },
	{ "args-linux", ARGS(ARGUMENTS_LINUX),
		.help = "tell an ELF kernel what Linux wants to know; the default for Linux" },
	{ "args-elf", ARGS(ARGUMENTS_ELF),
		.help = "tell an ELF kernel its command line by ELF notes; the default for others" },
	{ "args-none", ARGS(ARGUMENTS_NONE), .help = "tell an ELF kernel nothing" },
	{ "noefi", FLAG(options.job.quirks.no_efi),
		.help = "tell the next kernel nothing of EFI (kexec_load)" },
	{ "reuse-video-type", FLAG(options.job.quirks.keep_screen_info),
		.help = "pass on how the firmware left the screen, whatever drives it now (kexec_load)" },
	{ "reset-vga", FLAG(options.job.quirks.reset_screen),
		.help = "put a VGA's screen into text mode before the next kernel starts (kexec_load)" },
	{ "console-vga", FLAG(options.job.quirks.console.screen),
		.help = "the code between the kernels reports failures on the text screen (kexec_load)" },
	{ "console-serial", FLAG(options.job.quirks.console.serial),
		.help = "and on a serial port, by default that of console=ttyS (kexec_load)" },
	{ "serial", .value = "PORT", .apply = set_serial_port,
		.help = "on this one: ttyS0 to ttyS3 or an I/O port (kexec_load)" },
	{ "serial-baud", .value = "SPEED", .apply = set_serial_speed,
		.help = "at this speed, 9600 to 115200 (kexec_load)" },
	{ "watchdog", .is_extra = true, .value = "SECONDS", .apply = set_watchdog,
		.help = "start the machine's hardware watchdog between the kernels: it resets the "
			"machine if the next one hangs; with ,any-kernel behind SECONDS even if "
			"nothing there can stop it (kexec_load)" },
	{ "no-cma", FLAG(options.job.quirks.no_cma),
		.help = "take no memory of the contiguous allocator (kexec_file_load)" },
	{ "dtb", .value = "FILE", TEXT(options.job.device_tree),
		.help = "device tree for a machine that has one, instead of the running kernel's "
			"(kexec_load)" },
	{ "force-dtb", FLAG(options.job.quirks.device_tree),
		.help = "pass the running kernel's device tree on (kexec_file_load)" },
	{ "no-ifdown", .letter = 'x', FLAG(options.no_ifdown),
		.help = "do not take network interfaces down" },
	{ "no-sync", .letter = 'y', FLAG(options.no_sync),
		.help = "do not write file systems back" },
	{ "debug", .letter = 'd', FLAG(options.debug), .help = "show what is found and planned" },
	{ "explain", .is_extra = true, FLAG(options.explain),
		.help = "show what was decided, and on what grounds" },
	{ "help", .letter = 'h', FLAG(help), .help = "show this" },
	{ "version", .letter = 'v', FLAG(version), .help = "show the version" },

	/* From here on what kexec-tools has as well, and scripts may name. */
	{ "elf64-core-headers", NO_EFFECT("these headers are in 64-bit ELF in any case") },
	{ "elf32-core-headers", NO_EFFECT("these headers are in 64-bit ELF in any case") },
	{ "pass-memmap-cmdline",
		NO_EFFECT("a crash kernel is told its memory in the memory map itself") },
	{ "hotplug", NO_EFFECT("with kexec_file_load the running kernel sees to that by itself") },
	{ "reuseinitrd",
		REFUSED("is for machines that keep the initrd of the running kernel in memory, which "
			"x86 does not") },
	{ "load-preserve-context",
		REFUSED("is for a jump that comes back, which needs a kernel with CONFIG_KEXEC_JUMP "
			"and is not done here") },
	{ "load-jump-back-helper",
		REFUSED("is for a jump that comes back, which needs a kernel with CONFIG_KEXEC_JUMP "
			"and is not done here") },
	{ "entry", .value = "ADDR", NO_EFFECT("only --load-jump-back-helper would use it") },
	{ "load-live-update", REFUSED("is for Xen hosts only: it loads another hypervisor") },
	{ "exec-live-update", REFUSED("is for Xen hosts only: it starts another hypervisor") },
	{ "devicetreeblob", .is_extra = true, .value = "FILE",
		REFUSED("is for machines with a POWER CPU only") },
	{ "dt-no-old-root", .is_extra = true,
		REFUSED("is for machines with an ARM or POWER CPU only") },
	{ "atags", .is_extra = true, REFUSED("is for machines with a 32-bit ARM CPU only") },
	{ "image-size", .is_extra = true, .value = "SIZE",
		REFUSED("is for machines with a 32-bit ARM CPU only") },
	{ "page-offset", .is_extra = true, .value = "ADDR",
		REFUSED("is for machines with a 32-bit ARM CPU only") },
	{ "gamecube", .is_extra = true, REFUSED("is for machines with a 32-bit POWER CPU only") },
	{ "reuse-node", .is_extra = true, .value = "NODE",
		REFUSED("is for machines with a 32-bit POWER CPU only") },
};

enum { ROWS = sizeof rows / sizeof rows[0], LONG_ONLY = 256 };

/* getopt's two descriptions of the table; a row without a letter is LONG_ONLY + its index. */
struct getopt_tables {
	struct option names[2 * ROWS + 1];
	char letters[2 * ROWS + 2];
};

static int value_of(size_t row)
{
	return rows[row].letter ? rows[row].letter : LONG_ONLY + (int)row;
}

static void describe_to_getopt(struct getopt_tables *tables)
{
	size_t names = 0, letters = 0;

	*tables = (struct getopt_tables){ 0 };
	tables->letters[letters++] = ':'; /* a missing value is ':' and nothing is printed */
	for (size_t i = 0; i < ROWS; i++) {
		int has_value = rows[i].value ? required_argument : no_argument;

		tables->names[names++] =
			(struct option){ rows[i].name, has_value, NULL, value_of(i) };
		if (rows[i].alias)
			tables->names[names++] =
				(struct option){ rows[i].alias, has_value, NULL, value_of(i) };
		if (!rows[i].letter)
			continue;
		tables->letters[letters++] = rows[i].letter;
		if (rows[i].value)
			tables->letters[letters++] = ':';
	}
}

static const struct option_row *row_of(int value)
{
	for (size_t i = 0; i < ROWS; i++)
		if (value_of(i) == value)
			return &rows[i];
	return NULL;
}

/* What getopt stopped at, as the user wrote it. */
static bool bad_option(int result, char **argv, struct error *err)
{
	if (result == ':')
		return fail(err, FAULT_USAGE, "the option %s needs a value", argv[optind - 1]);
	if (optopt && optopt < LONG_ONLY && strncmp(argv[optind - 1], "--", 2) != 0)
		return fail(err, FAULT_USAGE, "there is no option -%c", optopt);
	return fail(err, FAULT_USAGE,
		"there is no option %s, or it takes no value, or it is "
		"short for several",
		argv[optind - 1]);
}

/*
 * What an abbreviation means to kexec-tools, which has fewer options; NULL where it is none, or is
 * short for several there too.
 */
static const struct option_row *find_abbreviated(const char *word)
{
	size_t length = strcspn(word, "=");
	const struct option_row *found = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &rows[i];

		if (row->is_extra ||
			(strncmp(row->name, word, length) != 0 &&
				(!row->alias || strncmp(row->alias, word, length) != 0)))
			continue;
		if (found)
			return NULL;
		found = row;
	}
	return found;
}

/* getopt has not understood the word before optind. */
static bool apply_abbreviated(int argc, char **argv, struct said *said, struct error *err)
{
	const char *word = argv[optind - 1], *value = strchr(word, '=');
	const struct option_row *row = NULL;

	if (!optopt && strncmp(word, "--", 2) == 0)
		row = find_abbreviated(word + 2);
	if (!row || (value && !row->value))
		return bad_option('?', argv, err);
	if (row->value && !value && optind == argc)
		return bad_option(':', argv, err);
	if (row->value)
		value = value ? value + 1 : argv[optind++];
	return row->apply(said, row, value, err);
}

static bool read_words(int argc, char **argv, struct said *said, struct error *err)
{
	struct getopt_tables tables;
	int result;

	describe_to_getopt(&tables);
	opterr = 0;
	optind = 0;
	while ((result = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
		const struct option_row *row = row_of(result);
		bool done = row         ? row->apply(said, row, optarg, err)
			: result == '?' ? apply_abbreviated(argc, argv, said, err)
					: bad_option(result, argv, err);

		if (!done)
			return false;
	}
	if (optind < argc)
		said->options.job.kernel = argv[optind];
	if (optind + 1 < argc) {
		said->options.unread = &argv[optind + 1];
		said->options.unread_count = (size_t)(argc - optind - 1);
	}
	return true;
}

/*
 * What is wanted, whatever the order of the words. With a kernel, -e and -f together with -l (or
 * alone for -f) load and jump; without one, both jump into what is loaded.
 */
static bool decide(struct said *s, struct error *err)
{
	struct kexec_options *o = &s->options;
	bool kernel = o->job.kernel != NULL;

	if (s->help || s->version || s->crash_memory || s->status) {
		o->action = s->help       ? ACTION_HELP
			: s->version      ? ACTION_VERSION
			: s->crash_memory ? ACTION_CRASH_MEMORY
					  : ACTION_STATUS;
		return true;
	}
	if (s->unload) {
		o->action = ACTION_UNLOAD;
		if (s->load || s->exec || s->force)
			return fail(err, FAULT_USAGE,
				"--unload does not go with --load, --exec or --force");
		return true;
	}
	if (o->job.crash && s->exec)
		return fail(err, FAULT_USAGE,
			"--load-panic does not go with --exec: the panic is the jump");
	if (o->job.crash && s->force)
		option_remark(o, "force", "after a panic nobody stops the services in any case");
	if (s->exec && !s->load && !s->force && kernel)
		return fail(err, FAULT_USAGE,
			"--exec jumps into what is loaded already; %s is not (say --load --exec)",
			o->job.kernel);
	if (s->exec && !s->load && !kernel) {
		o->action = ACTION_EXEC;
		return true;
	}
	if (!kernel)
		return fail(err, FAULT_NO_KERNEL, "No kernel specified");
	o->action = o->job.crash      ? ACTION_LOAD
		: s->exec || s->force ? ACTION_LOAD_AND_EXEC
		: s->load             ? ACTION_LOAD
				      : ACTION_REBOOT;
	return true;
}

static bool take_limits(struct said *said, struct error *err)
{
	phys_t last = said->last;

	if (last <= said->first)
		return fail(err, FAULT_USAGE, "--mem-max=%#llx is not above --mem-min=%#llx",
			(unsigned long long)last, (unsigned long long)said->first);
	said->options.job.limits =
		range_between(said->first, last == PHYS_MAX ? PHYS_MAX : last + 1);
	return true;
}

bool options_parse(int argc, char **argv, struct kexec_options *ret, struct error *err)
{
	struct said said = { .last = PHYS_MAX };

	if (read_words(argc, argv, &said, err) && take_limits(&said, err) && decide(&said, err)) {
		*ret = said.options;
		ret->status_of_normal = said.load;
		ret->job.initrds = ret->initrds;
		ret->job.modules = ret->modules;
		return true;
	}
	return error_attempting(err, "understand the command line");
}

const char *options_unread(const struct kexec_options *options, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; text && i < options->unread_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", options->unread[i]);
	return text;
}

void options_describe(void (*line)(const char *names, const char *help))
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &rows[i];
		const char *value = row->value ? row->value : "";
		const char *equals = row->value ? "=" : "";
		char names[80], letter[5] = "    ";

		if (!row->help)
			continue;
		if (row->letter)
			snprintf(letter, sizeof letter, "-%c, ", row->letter);
		if (row->alias)
			snprintf(names, sizeof names, "%s--%s%s%s, --%s%s%s", letter, row->name,
				equals, value, row->alias, equals, value);
		else
			snprintf(names, sizeof names, "%s--%s%s%s", letter, row->name, equals,
				value);
		line(names, row->help);
	}
}
