/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/target.h"

#include <string.h>

#include "base/fields.h"
#include "image/image.h"
#include "jump/ready.h"
#include "machine/text.h"
#include "sys/file.h"
#include "system/line.h"

enum { OPTION_WORDS_MAX = 256 };

/* What is found, by and for whom. */
struct finding_target {
	struct system *system;
	const struct service_settings *settings;
	struct target *target;
};

/* The words are options of kexec(8): the same table takes them apart. */
static bool read_options(struct finding_target *f, struct error *err)
{
	struct target *t = f->target;
	const char *argv[OPTION_WORDS_MAX + 4] = { "kexec", "--load" };
	struct shell_words words;
	size_t n = 2;

	if (!assignment_words(f->settings->options, &f->system->arena, &words, err))
		return error_prefix(err, "KEXEC_OPT_ARGS: ");
	if (words.count > OPTION_WORDS_MAX)
		return fail(err, FAULT_SETTINGS, "KEXEC_OPT_ARGS has %zu words", words.count);
	for (size_t i = 0; i < words.count; i++)
		argv[n++] = words.items[i];
	argv[n++] = t->kernel;
	if (!options_parse((int)n, (char **)(uintptr_t)argv, &t->options, err))
		return error_prefix(err, "KEXEC_OPT_ARGS: ");
	if (t->options.action != ACTION_LOAD || t->options.job.crash)
		return fail(err, FAULT_SETTINGS,
			"KEXEC_OPT_ARGS=\"%.200s\" does more than set how the next kernel is "
			"loaded",
			f->settings->options);
	return strcmp(t->options.job.kernel, t->kernel) == 0 ||
		fail(err, FAULT_SETTINGS, "KEXEC_OPT_ARGS names a kernel, %.200s",
			t->options.job.kernel);
}

static bool add_initrds(
	struct target *t, const char *const *initrds, size_t count, struct error *err)
{
	if (count > PLAN_INITRDS_MAX)
		return fail(
			err, FAULT_ENTRY_REFUSED, "it has more than %d initrds", PLAN_INITRDS_MAX);
	for (size_t i = 0; i < count; i++)
		t->initrds[i] = initrds[i];
	t->job.initrds = t->initrds;
	t->job.initrd_count = count;
	return true;
}

/* An initrd that is named wins, then those of KEXEC_OPT_ARGS, then the one that was found. */
static bool choose_initrds(
	struct finding_target *f, const char *const *found, size_t count, struct error *err)
{
	struct target *t = f->target;
	bool is_named = f->settings->initrd[0] || f->settings->has_no_initrd;

	if (!is_named && t->options.job.initrd_count)
		return add_initrds(t, t->options.initrds, t->options.job.initrd_count, err);
	if (is_named && t->options.job.initrd_count)
		notes_add(&f->system->notes,
			FIELD_INITRD " in KEXEC_OPT_ARGS is left out: INITRD says it");
	return add_initrds(t, found, count, err);
}

static bool make_line(struct finding_target *f, const char *given, struct error *err)
{
	const struct service_settings *s = f->settings;
	struct arena *arena = &f->system->arena;
	struct target *t = f->target;
	const char *appended = t->options.job.command_line;
	struct view running;
	struct service_line line = {
		.whole = s->command_line,
		.given = given,
		.reuses = t->options.job.reuse_command_line,
		.appended = appended ? appended : "",
		.parameters = s->parameters,
		.root = s->root,
	};

	if (!service_line_root(f->system->source, arena, &line.mounted, err))
		return error_prefix(err, "the root file system is not known: ");
	/* APPEND alone asks nothing of it. */
	if (!source_take(f->system->source, "proc/cmdline", arena, &running, err))
		running.p = NULL;
	else if (!running.p)
		fail(err, FAULT_MACHINE_UNREADABLE, "/proc/cmdline is not there");
	if (!running.p && !s->command_line[0])
		return error_prefix(err, "the running kernel's command line is not known: ");
	line.running = arena_string(arena, running.p ? text_trim(running) : (struct view){ 0 });
	if (!line.running)
		return fail_no_memory(err);
	t->job.command_line = service_line_make(&line, arena, &f->system->notes);
	t->job.reuse_command_line = false;
	return t->job.command_line || fail_no_memory(err);
}

static bool take_named(struct finding_target *f, struct error *err)
{
	struct target *t = f->target;
	const struct named_kernel *named = &t->choice.named;

	t->kernel = t->title = named->kernel;
	t->release = named->release;
	if (named->release[0])
		t->title = arena_printf(&f->system->arena, "Linux %s", named->release);
	if (!t->title)
		return fail_no_memory(err);
	if (!read_options(f, err))
		return false;
	t->job = t->options.job;
	return choose_initrds(f, &named->initrd, named->initrd != NULL, err) &&
		make_line(f, NULL, err);
}

static bool take_entry(struct finding_target *f, struct error *err)
{
	struct target *t = f->target;
	const struct entry *e;
	bool found = system_entries(f->system, &t->entries, err) &&
		system_choose(f->system, &t->entries, t->choice.wish, &e, err);

	notes_add_all(&f->system->notes, &t->entries.notes);
	if (!found)
		return false;
	if (e->remark)
		notes_add(&f->system->notes, "%s", e->remark);
	t->kernel = e->kernel;
	t->title = e->title;
	t->release = e->release;
	if (!read_options(f, err))
		return false;
	t->job = t->options.job;
	if (!t->job.device_tree)
		t->job.device_tree = e->device_tree;
	if (!choose_initrds(f, e->initrds, e->initrd_count, err))
		return false;
	/* Its own command line is inside of it. */
	if (entry_is_program(e) && !e->command_line && !f->settings->command_line[0])
		return true;
	return make_line(f, e->command_line, err);
}

bool target_find(struct system *system, struct target *ret, struct error *err)
{
	struct finding_target f = { system, &system->settings, ret };

	*ret = (struct target){ 0 };
	if (!service_settings_check(&system->settings, err) ||
		!service_choose(system->source, &system->settings, &system->notes, &system->arena,
			&ret->choice, err) ||
		!(ret->choice.named.kernel ? take_named(&f, err) : take_entry(&f, err)))
		return false;
	ret->job.source = system->source;
	ret->job.confines = system->confines;
	if (!system->root)
		job_remember_here(&ret->job);
	if (system->settings.ready.is_off)
		ret->job.ready.folder = NULL;
	return true;
}

static bool check_kernel(struct system *system, const char *kernel, struct error *err)
{
	struct image image;
	struct file file;
	bool done;

	if (!file_open_within(system->confines, kernel, &file, err))
		return false;
	done = image_wrapper(file.bytes) || image_parse(file.bytes, &system->arena, &image, err);
	file_close(&file);
	return done || error_prefix(err, "%s: ", kernel);
}

bool target_check(struct system *system, const struct target *t, struct error *err)
{
	if (!check_kernel(system, t->kernel, err))
		return false;
	for (size_t i = 0; i < t->job.initrd_count; i++) {
		struct file file;

		if (!file_open_within(system->confines, t->job.initrds[i], &file, err))
			return false;
		file_close(&file);
	}
	return true;
}
