/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/target.h"

#include <stdio.h>
#include <string.h>

#include "system/mount.h"
#include "system/line.h"
#include "entry/ground/places.h"
#include "image/image.h"
#include "machine/text.h"
#include "sys/file.h"

enum { OPTION_WORDS_MAX = 256 };

bool service_target_read(struct service_target *ret, const struct source *source,
	const struct service_request *request, struct error *err)
{
	*ret = (struct service_target){ .snapshot.root_fd = -1 };
	ret->notes.arena = &ret->arena;
	return service_settings_read(
		source, request, &ret->notes, &ret->arena, &ret->settings, err);
}

/* The words are options of kexec(8): the same table takes them apart. */
static bool read_options(struct service_target *t, struct error *err)
{
	const char *argv[OPTION_WORDS_MAX + 4] = { "kexec", "--load" };
	struct words words;
	size_t n = 2;

	if (!assignment_words(t->settings.options, &t->arena, &words, err))
		return error_prefix(err, "KEXEC_OPT_ARGS");
	if (words.count > OPTION_WORDS_MAX)
		return fail(err, FAULT_SETTINGS, "KEXEC_OPT_ARGS has %zu words", words.count);
	for (size_t i = 0; i < words.count; i++)
		argv[n++] = words.items[i];
	argv[n++] = t->kernel;
	if (!options_parse((int)n, (char **)(uintptr_t)argv, &t->options, err))
		return error_prefix(err, "KEXEC_OPT_ARGS");
	if (t->options.action != ACTION_LOAD || t->options.job.crash)
		return fail(err, FAULT_SETTINGS,
			"KEXEC_OPT_ARGS=\"%.200s\" does more than set how the next kernel is "
			"loaded",
			t->settings.options);
	return strcmp(t->options.job.kernel, t->kernel) == 0 ||
		fail(err, FAULT_SETTINGS, "KEXEC_OPT_ARGS names a kernel, %.200s",
			t->options.job.kernel);
}

static bool add_initrds(
	struct service_target *t, const char *const *initrds, size_t count, struct error *err)
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
	struct service_target *t, const char *const *found, size_t count, struct error *err)
{
	bool is_named = t->settings.initrd[0] || t->settings.has_no_initrd;

	if (!is_named && t->options.job.initrd_count)
		return add_initrds(t, t->options.initrds, t->options.job.initrd_count, err);
	if (is_named && t->options.job.initrd_count)
		notes_add(&t->notes, "--initrd in KEXEC_OPT_ARGS is left out: INITRD says it");
	return add_initrds(t, found, count, err);
}

static bool make_line(
	struct service_target *t, const struct source *source, const char *given, struct error *err)
{
	const struct service_settings *s = &t->settings;
	const char *appended = t->options.job.command_line;
	struct view running = { 0 };
	const char *text = source_read(source, "proc/cmdline", &t->arena, &running)
		? arena_string(&t->arena, text_trim(running))
		: NULL;
	const struct service_line line = {
		.running = text ? text : "",
		.whole = s->command_line,
		.given = given,
		.reuses = t->options.job.reuse_command_line,
		.appended = appended ? appended : "",
		.parameters = s->parameters,
		.root = s->root,
		.mounted = service_line_root(source, &t->arena),
	};

	t->job.command_line = service_line_make(&line, &t->arena, &t->notes);
	t->job.reuse_command_line = false;
	return t->job.command_line || fail_no_memory(err);
}

static bool take_named(struct service_target *t, const struct source *source, struct error *err)
{
	const struct named_kernel *named = &t->choice.named;

	t->kernel = t->title = named->kernel;
	if (named->release[0])
		t->title = arena_printf(&t->arena, "Linux %s", named->release);
	if (!t->title)
		return fail_no_memory(err);
	if (!read_options(t, err))
		return false;
	t->job = t->options.job;
	return choose_initrds(t, &named->initrd, named->initrd != NULL, err) &&
		make_line(t, source, NULL, err);
}

static bool take_entry(struct service_target *t, const struct source *source, struct error *err)
{
	const struct entry *e;

	t->has_found = true;
	if (!system_entries_find(NULL, false, &t->found, err))
		return false;
	for (size_t i = 0; i < t->found.entries.notes.count; i++)
		notes_add(&t->notes, "%s", t->found.entries.notes.items[i]);
	if (!entry_choose(&t->found.entries, t->choice.wish, &e, err))
		return false;
	if (e->remark)
		notes_add(&t->notes, "%s", e->remark);
	t->kernel = e->kernel;
	t->title = e->title;
	if (!read_options(t, err))
		return false;
	t->job = t->options.job;
	if (!t->job.device_tree)
		t->job.device_tree = e->device_tree;
	if (!choose_initrds(t, e->initrds, e->initrd_count, err))
		return false;
	/* Its own command line is inside of it. */
	if (entry_is_program(e) && !e->command_line && !t->settings.command_line[0])
		return true;
	return make_line(t, source, e->command_line, err);
}

/* BOOTPART may be any folder that fstab has, not only those of boot loaders. */
static void mount_bootpart(struct service_target *t)
{
	struct places places;
	struct snapshot now;
	struct error err;
	bool missing;

	if (!snapshot_open(NULL, &now, &err))
		return;
	missing = places_read(&now.source, &t->arena, &places) &&
		places_missing(&places, t->settings.boot);
	snapshot_close(&now);
	if (missing &&
		((!t->mounts.is_apart && !mounts_part(&t->mounts, &err)) ||
			!mounts_add(t->settings.boot, &err)))
		notes_add(&t->notes, "%s could not be mounted for a look: %s", t->settings.boot,
			err.reason);
}

bool service_target_find(struct service_target *t, struct error *err)
{
	const struct source *source = &t->snapshot.source;

	if (t->settings.may_mount) {
		mount_boot(&t->mounts, &t->notes);
		mount_bootpart(t);
	}
	if (!snapshot_open(NULL, &t->snapshot, err) ||
		!service_choose(source, &t->settings, &t->notes, &t->arena, &t->choice, err))
		return false;
	return t->choice.named.kernel ? take_named(t, source, err) : take_entry(t, source, err);
}

static bool check_kernel(struct service_target *t, struct error *err)
{
	struct image image;
	struct file file;
	bool done;

	if (!file_open(t->kernel, &file, err))
		return false;
	done = image_wrapper(file.bytes) || image_parse(file.bytes, &t->arena, &image, err);
	file_close(&file);
	return done || error_prefix(err, "%s", t->kernel);
}

bool service_target_check(struct service_target *t, struct error *err)
{
	if (!check_kernel(t, err))
		return false;
	for (size_t i = 0; i < t->job.initrd_count; i++) {
		struct file file;

		if (!file_open(t->job.initrds[i], &file, err))
			return false;
		file_close(&file);
	}
	return true;
}

void service_target_free(struct service_target *t)
{
	if (t->has_found)
		system_entries_free(&t->found);
	snapshot_close(&t->snapshot);
	mounts_rejoin(&t->mounts);
	arena_free(&t->arena);
}
