/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One table: names, whether there is a value, what it does to the options, what --help says. */
#include "jump/option-row.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "jump/options-lite.h"
#include "machine/text.h"

#define FLAG(member)    .apply = set_flag, .field = offsetof(struct said, member)
#define TEXT(member)    .apply = set_string, .field = offsetof(struct said, member)
#define ADDRESS(member) .apply = set_address, .field = offsetof(struct said, member)
#define CALL(which)     .apply = set_call, .call = which

#define ENTRY_POINT(which) .apply = set_entry_point, .entry_point = which
#define ARGS(which)        .apply = set_arguments, .arguments = which
#define CORE_CLASS(which)  .apply = set_core_class, .core_class = which
#define NO_EFFECT(text)    .apply = note_no_effect, .why = text
#define REFUSED(text)      .apply = refuse, .why = text

static const struct option_row rows[] = {
	{ "load", .letter = 'l', FLAG(load),
		.help = "load KERNEL; a later `kexec -e` or reboot jumps into it" },
	{ "exec", .letter = 'e', FLAG(exec), .help = "jump into the loaded kernel at once" },
	{ "force", .letter = 'f', FLAG(force),
		.help = "load KERNEL and jump at once, without shutdown(8)" },
	{ "load-panic", .letter = 'p', FLAG(options.job.crash),
		.help = "load KERNEL to be jumped into after a panic, into the memory that crashkernel= reserves; with -u and -S: that kernel" },
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
	{ "shorten", .is_extra = true, .value = "WHAT", .apply = set_shorten,
		.help = "choose forms of the kernel and the initrds for a short jump: jump, or for "
			"a short load and jump together: outage" },
	{ "hold", .is_extra = true, .value = "SIZE", .apply = set_hold,
		.help = "unpack the kernel and initrds only where no more is held until the jump" },
	{ "initrd-unchecked", .is_extra = true, FLAG(options.job.initrd_unchecked),
		.help = "load initrds also where they are damaged or the next kernel cannot unpack "
			"them" },
	{ "module", .value = "\"FILE WORDS\"", .apply = add_module,
		.help = "file with its command line for a Multiboot kernel; repeated ones in order" },
	{ "append", "command-line", .value = "STRING", TEXT(options.job.command_line),
		.help = "command line; with --reuse-cmdline what is added to it" },
	{ "reuse-cmdline", FLAG(options.job.reuse_command_line),
		.help = "take the running kernel's command line, without BOOT_IMAGE=" },
	{ "tune", .is_extra = true, .value = "same", .is_optional = true, .apply = set_tune,
		.help = "add words to the command line that shorten the blackout at a risk; same: "
			"only what this boot has shown to be needless, for the kernel that is running" },
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
	{ "entry-32bit", ENTRY_POINT(ENTRY_POINT_32),
		.help = "enter a bzImage in 32-bit mode (kexec_load)" },
	{ "real-mode", ENTRY_POINT(ENTRY_POINT_REAL_MODE),
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
		.help = "the code between the kernels reports failures on a serial port, by default that of console=ttyS (kexec_load)" },
	{ "serial", .value = "PORT", .apply = set_serial_port,
		.help = "the serial port for these reports: ttyS0 to ttyS3 or an I/O port (kexec_load)" },
	{ "serial-baud", .value = "SPEED", .apply = set_serial_speed,
		.help = "the speed of that serial port, 9600 to 115200 (kexec_load)" },
	{ "watchdog", .is_extra = true, .value = "SECONDS", .apply = set_watchdog,
		.help = "start the machine's hardware watchdog between the kernels: it resets the "
			"machine if the next one hangs; with ,any-kernel behind SECONDS even if "
			"nothing there can stop it (kexec_load)" },
	{ "elf32-core-headers", CORE_CLASS(CORE_CLASS_32),
		.help = "make the headers of a crash kernel's dump in 32-bit ELF (kexec_load)" },
	{ "elf64-core-headers", CORE_CLASS(CORE_CLASS_64),
		.help = "make them in 64-bit ELF, the default but on 32-bit machines" },
	{ "pass-memmap-cmdline", FLAG(options.job.quirks.memory_on_line),
		.help = "tell a crash kernel its memory on its command line as well, by memmap= "
			"(kexec_load)" },
	{ "hotplug", FLAG(options.job.quirks.hotplug),
		.help = "have the running kernel tell a crash kernel of CPUs and memory that are added "
			"(kexec_load)" },
	{ "no-cma", FLAG(options.job.quirks.no_cma),
		.help = "take no memory from the contiguous memory allocator, CMA (kexec_file_load)" },
	{ "dtb", .value = "FILE", TEXT(options.job.device_tree),
		.help = "device tree for a machine that has one, instead of the running kernel's "
			"(kexec_load)" },
	{ "force-dtb", FLAG(options.job.quirks.device_tree),
		.help = "pass the running kernel's device tree on (kexec_file_load)" },
	{ "no-ifdown", .letter = 'x', FLAG(options.no_ifdown),
		.help = "do not take network interfaces down before the jump" },
	{ "no-sync", .letter = 'y', FLAG(options.no_sync),
		.help = "do not write file systems back before the jump (sync)" },
	{ "debug", .letter = 'd', FLAG(options.debug), .help = "show what is found and planned" },
	{ "explain", .is_extra = true, FLAG(options.explain),
		.help = "show what was decided, and on what grounds" },
	{ "help", .letter = 'h', FLAG(help), .help = "show this" },
	{ "version", .letter = 'v', FLAG(version), .help = "show the version" },

	/* From here on what kexec-tools has as well, and scripts may name. */
	{ "reuseinitrd",
		REFUSED("is for kernels that have kept their initrd in memory (retain_initrd), and is "
			"not done here") },
	{ "load-preserve-context",
		REFUSED("is for a jump that comes back, which needs a kernel with CONFIG_KEXEC_JUMP "
			"and is not done here") },
	{ "load-jump-back-helper",
		REFUSED("is for a jump that comes back, which needs a kernel with CONFIG_KEXEC_JUMP "
			"and is not done here") },
	{ "entry", .value = "ADDR", NO_EFFECT("only --load-jump-back-helper would use it") },
	{ "load-live-update", REFUSED("is for Xen hosts only: it loads another hypervisor") },
	{ "exec-live-update", REFUSED("is for Xen hosts only: it starts another hypervisor") },
	{ "devicetreeblob", .is_extra = true, .value = "FILE", TEXT(options.job.device_tree) },
	{ "dt-no-old-root", .is_extra = true,
		NO_EFFECT(
			"without --reuse-cmdline nothing of the running kernel's root= is passed on") },
	{ "atags", .is_extra = true,
		REFUSED("is for 32-bit ARM without device trees, which is not supported: a kernel is "
			"told by a device tree alone") },
	{ "image-size", .is_extra = true, .value = "SIZE",
		REFUSED("is for 32-bit ARM, where a zImage tells its size or is given the room of any") },
	{ "page-offset", .is_extra = true, .value = "ADDR",
		REFUSED("is for crash kernels of 32-bit ARM only, where the running kernel tells it") },
	{ "gamecube", .is_extra = true, REFUSED("is for machines with a 32-bit POWER CPU only") },
	{ "reuse-node", .is_extra = true, .value = "NODE",
		REFUSED("is for machines with a 32-bit POWER CPU only") },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/* The words of a command line, of which next is the first that was not looked at. */
struct cursor {
	int count, next;
	char **items;
};

static bool has_name(const struct option_row *row, struct view name)
{
	return text_is(name, row->name) || (row->alias && text_is(name, row->alias));
}

static bool may_be_short_for(const struct option_row *row, struct view name)
{
	return view_starts_with(view_of_string(row->name), name) ||
		(row->alias && view_starts_with(view_of_string(row->alias), name));
}

/* What name is short for; NULL: for none, or for several. */
static const struct option_row *find_abbreviated(struct view name, bool with_extra)
{
	const struct option_row *found = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		if ((rows[i].is_extra && !with_extra) || !may_be_short_for(&rows[i], name))
			continue;
		if (found)
			return NULL;
		found = &rows[i];
	}
	return found;
}

/* What is short for several here may mean one of them to kexec-tools, which has fewer options. */
static const struct option_row *find_long(struct view name, const struct said *said)
{
	const struct option_row *found = said->is_lite ? options_lite_long(name) : NULL;

	if (found)
		return found;
	for (size_t i = 0; i < ROWS; i++)
		if (has_name(&rows[i], name))
			return &rows[i];
	found = find_abbreviated(name, true);
	return found ? found : find_abbreviated(name, false);
}

static const struct option_row *find_letter(char letter, const struct said *said)
{
	const struct option_row *found = said->is_lite ? options_lite_letter(letter) : NULL;

	if (found)
		return found;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter && rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

/* The value is what was in the same word; NULL: the next word, whatever that looks like. */
static bool apply_with_value(struct cursor *cursor, const struct option_row *row, const char *value,
	struct said *said, struct error *err)
{
	if (!value && cursor->next == cursor->count)
		return fail(err, FAULT_USAGE, "the option %s needs a value",
			cursor->items[cursor->next - 1]);
	return row->apply(said, row, value ? value : cursor->items[cursor->next++], err);
}

/* Whether name is short for several, or one is near that may be meant. */
static bool unknown_long(struct view name, struct error *err)
{
	const char *const text = (const char *)name.p, *others[2] = { NULL };
	struct near_search search = { text, name.n, NULL, 0 };
	size_t count = 0;

	for (size_t i = 0; i < ROWS; i++) {
		if (name.n && may_be_short_for(&rows[i], name) && count++ < 2)
			others[count - 1] = rows[i].name;
		if (rows[i].help)
			near_consider(&search, rows[i].name, strlen(rows[i].name));
	}
	if (count > 1)
		return fail(err, FAULT_USAGE, "--%.*s may mean --%s or --%s%s", (int)name.n, text,
			others[0], others[1], count > 2 ? ", or others" : "");
	if (search.found)
		return fail(err, FAULT_USAGE, "there is no option --%.*s: did you mean --%s?",
			(int)name.n, text, search.found);
	return fail(err, FAULT_USAGE, "there is no option --%.*s", (int)name.n, text);
}

/* "--name", "--name=value", "--name value", or the name as short as it is still one option's. */
static bool apply_long(
	struct cursor *cursor, const char *word, struct said *said, struct error *err)
{
	size_t length = strcspn(word + 2, "=");
	const char *value = word[2 + length] ? word + 2 + length + 1 : NULL;
	const struct option_row *row =
		find_long((struct view){ (const uint8_t *)word + 2, length }, said);

	if (!row)
		return unknown_long((struct view){ (const uint8_t *)word + 2, length }, err);
	if (value && !row->value)
		return fail(err, FAULT_USAGE, "--%s takes no value", row->name);
	return row->value && !row->is_optional ? apply_with_value(cursor, row, value, said, err)
					       : row->apply(said, row, value, err);
}

/* "-lf", "-tTYPE", "-t TYPE": letters, of which one with a value takes the rest. */
static bool apply_letters(
	struct cursor *cursor, const char *letters, struct said *said, struct error *err)
{
	for (; *letters; letters++) {
		const struct option_row *row = find_letter(*letters, said);

		if (!row)
			return fail(err, FAULT_USAGE, "there is no option -%c", *letters);
		if (row->value)
			return apply_with_value(
				cursor, row, letters[1] ? letters + 1 : NULL, said, err);
		if (!row->apply(said, row, NULL, err))
			return false;
	}
	return true;
}

static void take_operand(struct said *said, const char *word)
{
	struct kexec_options *options = &said->options;

	if (!options->job.kernel) {
		options->job.kernel = word;
		return;
	}
	if (options->unread_count < OPTION_UNREAD_MAX)
		options->unread[options->unread_count] = word;
	options->unread_count++;
}

/*
 * As glibc's getopt_long does, which kexec-tools reads its options with, and which keeps what it knows in
 * variables of the process: operands may stand anywhere, all behind "--" is one.
 */
static bool read_words(struct cursor *cursor, struct said *said, struct error *err)
{
	bool is_over = false;

	while (cursor->next < cursor->count) {
		const char *word = cursor->items[cursor->next++];

		if (is_over || word[0] != '-' || !word[1])
			take_operand(said, word);
		else if (strcmp(word, "--") == 0)
			is_over = true;
		else if (!(word[1] == '-' ? apply_long(cursor, word, said, err)
					  : apply_letters(cursor, word + 1, said, err)))
			return false;
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
	if (s->is_lite)
		return options_lite_decide(s, err);
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
	struct said said = { .is_lite = argc && options_are_lite(argv[0]), .last = PHYS_MAX };
	struct cursor cursor = { argc, 1, argv };

	if (read_words(&cursor, &said, err) && take_limits(&said, err) && decide(&said, err)) {
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

	for (size_t i = 0; text && i < options->unread_count && i < OPTION_UNREAD_MAX; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", options->unread[i]);
	if (text && options->unread_count > OPTION_UNREAD_MAX)
		text = arena_printf(
			arena, "%s and %zu more", text, options->unread_count - OPTION_UNREAD_MAX);
	return text;
}

void options_describe(void (*line)(const char *names, const char *help))
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &rows[i];
		const char *value = row->value ? row->value : "";
		const char *equals = !row->value ? "" : row->is_optional ? "[=" : "=";
		const char *end = row->is_optional ? "]" : "";
		char names[80], letter[5] = "    ";

		if (!row->help)
			continue;
		if (row->letter)
			snprintf(letter, sizeof letter, "-%c, ", row->letter);
		if (row->alias)
			snprintf(names, sizeof names, "%s--%s%s%s, --%s%s%s", letter, row->name,
				equals, value, row->alias, equals, value);
		else
			snprintf(names, sizeof names, "%s--%s%s%s%s", letter, row->name, equals,
				value, end);
		line(names, row->help);
	}
}
