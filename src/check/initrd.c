/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the initrd belongs to the kernel and has what the root file system needs. All of it is unpacked for
 * that, and only names are kept. What the root needs is known where the next kernel has the same root=
 * as the running one; that a driver is a module is known from the lists of that version.
 */
#include "check/rows.h"

#include <string.h>

#include "base/arith.h"
#include "check/root-drivers.h"
#include "initrd/boot-config.h"
#include "initrd/initrd.h"
#include "initrd/listing.h"
#include "machine/modules.h"
#include "machine/text.h"

#define UNPACKED_MAX GiB(4)

static const char again[] =
	"make the initrd again for this kernel (update-initramfs, dracut, mkinitcpio)";

/* What the root needs that this kernel has as a module. */
struct needs {
	const char *names[ROOT_DRIVERS_MAX];
	size_t count;
	bool is_known; /* these are all, but for what is built in */
};

struct content {
	const char *release;
	const struct needs *needs;
	bool has[ROOT_DRIVERS_MAX];
	bool has_modules; /* of this release */
	char other[80];   /* another release that it has modules of */
};

static struct view root_word(const char *line)
{
	struct view text = view_of_string(line ? line : ""), word, found = { 0 };

	while (text_word(&text, &word))
		if (view_has_at(word, 0, "root="))
			found = word;
	return found;
}

static bool has_the_same_root(const struct check_subject *subject)
{
	return subject->machine && subject->command_line && subject->machine->command_line &&
		view_equal(root_word(subject->machine->command_line),
			root_word(subject->command_line));
}

/* What cannot be read leaves it unknown. */
static struct needs find_needs(const struct check_subject *subject)
{
	struct root_drivers drivers;
	struct kernel_modules modules;
	struct needs needs = { 0 };
	struct error ignored;

	if (!has_the_same_root(subject) ||
		!root_drivers_find(subject->source, subject->arena, &drivers, &ignored) ||
		!kernel_modules_read(
			subject->source, subject->release, subject->arena, &modules, &ignored))
		return needs;
	needs.is_known = drivers.is_whole && drivers.file_system;
	for (size_t i = 0; i < drivers.count; i++) {
		enum module_place place = kernel_modules_find(&modules, drivers.names[i]).place;

		needs.is_known &= place == MODULE_BUILTIN || place == MODULE_LOADABLE;
		if (place == MODULE_LOADABLE)
			needs.names[needs.count++] = drivers.names[i];
	}
	return needs;
}

static struct view cut_front(struct view name, const char *prefix)
{
	return view_has_at(name, 0, prefix) ? view_from(name, strlen(prefix)) : name;
}

static void take_member(void *context, struct view name)
{
	struct content *c = context;
	struct view version, rest = cut_front(cut_front(cut_front(name, "./"), "/"), "usr/");

	if (!view_has_at(rest, 0, "lib/modules/"))
		return;
	rest = view_from(rest, strlen("lib/modules/"));
	if (!text_cut(&rest, '/', &version) || !version.n)
		return;
	if (!text_is(version, c->release)) {
		size_t n = (size_t)min_u64(version.n, sizeof c->other - 1);

		memcpy(c->other, version.p, n);
		c->other[n] = '\0';
		return;
	}
	c->has_modules = true;
	for (size_t i = 0; i < c->needs->count; i++)
		c->has[i] |= module_name_is(module_name_of(rest), c->needs->names[i]);
}

/* The names between commas, of those that are not had; NULL: all are. */
static const char *missing(const struct check_subject *subject, const struct content *c)
{
	const char *text = NULL;

	for (size_t i = 0; i < c->needs->count; i++)
		if (!c->has[i])
			text = arena_printf(subject->arena, "%s%s%s", text ? text : "",
				text ? ", " : "", c->needs->names[i]);
	return text;
}

static struct check_finding advised(struct check_finding finding, const char *advice)
{
	finding.advice = advice;
	return finding;
}

static struct check_finding without_initrd(
	const struct check_subject *subject, const struct content *c)
{
	const char *names = missing(subject, c);

	if (names)
		return advised(
			check_finds(subject, CHECK_FAIL,
				"there is none, and what the root needs is a module: %s", names),
			"name the initrd of this kernel");
	return c->needs->is_known
		? check_finds(subject, CHECK_PASS,
			  "there is none, and the root needs none: its drivers are built in")
		: check_finds(subject, CHECK_UNKNOWN,
			  "there is none, and whether the kernel has the root's drivers built in is "
			  "not known");
}

static struct check_finding judge(const struct check_subject *subject, const struct content *c)
{
	struct initrd first = initrd_parse(subject->initrds[0].bytes);
	const char *names = missing(subject, c);

	if (!c->has_modules && c->other[0])
		return advised(
			check_finds(subject, names ? CHECK_FAIL : CHECK_WARN,
				"it has modules of %s, and the kernel is %s%s%s", c->other,
				c->release, names ? "; the root needs " : "", names ? names : ""),
			again);
	if (names)
		return advised(check_finds(subject, c->has_modules ? CHECK_WARN : CHECK_FAIL,
				       "it lacks modules that the root needs: %s", names),
			again);
	return check_finds(subject, CHECK_PASS, "%s%s%s",
		c->has_modules ? "it has modules of this kernel" : "it has no modules",
		c->needs->is_known ? ", and all that the root needs" : "",
		first.count && first.archives[0].microcode ? "; microcode comes first" : "");
}

static struct check_finding not_listed(
	const struct check_subject *subject, const char *name, const struct error *err)
{
	bool is_damaged = err->fault == FAULT_COMPRESSION_CORRUPT;

	return advised(check_finds(subject, is_damaged ? CHECK_FAIL : CHECK_UNKNOWN, "%s: %s", name,
			       err->reason),
		is_damaged ? again : NULL);
}

/* All that a pass depends on but the initrds' bytes. */
static const char *question_of(const struct check_subject *subject, const struct needs *needs)
{
	const char *text = arena_printf(
		subject->arena, "%s %s:", subject->release, needs->is_known ? "all" : "some");

	for (size_t i = 0; text && i < needs->count; i++)
		text = arena_printf(subject->arena, "%s %s", text, needs->names[i]);
	return text;
}

static const char *recall(const struct check_subject *subject, const char *question)
{
	const struct check_memory *memory = subject->memory;

	return memory && question ? memory->recall(memory->context, question) : NULL;
}

/* Only what is well: whoever mends an initrd is to see it. */
static struct check_finding kept(
	const struct check_subject *subject, const char *question, struct check_finding finding)
{
	const struct check_memory *memory = subject->memory;

	if (memory && question && finding.result == CHECK_PASS)
		memory->keep(memory->context, question, finding.reason);
	return finding;
}

/* A boot configuration stands behind the last of them. */
static struct view archives_of(const struct check_subject *subject, size_t index)
{
	struct view file = subject->initrds[index].bytes;

	return index + 1 == subject->initrd_count ? initrd_without_boot_config(file) : file;
}

struct check_finding check_initrd(const struct check_subject *subject)
{
	const char *question, *known;
	struct needs needs;
	struct content content = { .release = subject->release, .needs = &needs };
	const struct initrd_listing to = { .member = take_member,
		.context = &content,
		.unpacked_max = UNPACKED_MAX,
		.watch = subject->watch };
	struct error err = { 0 };

	if (!subject->has_initrds || !subject->release[0])
		return check_finds(subject, CHECK_UNKNOWN, "%s",
			subject->has_initrds ? "the kernel does not tell its version"
					     : "what initrds there are is not known");
	needs = find_needs(subject);
	if (subject->initrd_count == 0)
		return without_initrd(subject, &content);
	question = question_of(subject, &needs);
	known = recall(subject, question);
	if (known)
		return check_finds(subject, CHECK_PASS, "%s", known);
	for (size_t i = 0; i < subject->initrd_count; i++)
		if (!initrd_list(archives_of(subject, i), &to, &err))
			return not_listed(subject, subject->initrds[i].name, &err);
	return kept(subject, question, judge(subject, &content));
}
