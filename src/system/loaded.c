/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/loaded.h"

#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine/boot-id.h"
#include "sys/store.h"

/* As it was given, but found from anywhere. Where it was a file without a name, that is no path. */
static const char *absolute(const char *path, bool is_descriptor, struct arena *arena)
{
	char folder[PATH_MAX];

	if (path[0] == '/' || is_descriptor || !getcwd(folder, sizeof folder))
		return path;
	return arena_printf(arena, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path);
}

static const char *const *initrds_of(const struct job *job, struct arena *arena)
{
	const struct job_request *wanted = &job->wanted;
	const char **items = arena_alloc_array(arena, wanted->initrd_count + 1, sizeof *items);

	for (size_t i = 0; items && i < wanted->initrd_count; i++)
		items[i] = absolute(wanted->initrds[i],
			wanted->initrd_descriptors && wanted->initrd_descriptors[i].is_given,
			arena);
	return items;
}

/* The first word of what the image says of its version. */
static const char *release_of(const struct job *job, struct arena *arena)
{
	const char *version = job->image.version;

	return version ? arena_string(arena,
				 (struct view){ (const uint8_t *)version, strcspn(version, " ") })
		       : NULL;
}

static bool leave(const struct job *job, enum loader by, const char *title, struct arena *arena,
	struct error *err)
{
	const struct loading loading = {
		.by = by,
		.when = (uint64_t)time(NULL),
		.title = title,
		.kernel =
			absolute(job->wanted.kernel, job->wanted.kernel_descriptor.is_given, arena),
		.release = release_of(job, arena),
		.command_line = job->request.command_line,
		.initrds = initrds_of(job, arena),
		.call = kexec_call_name(job->plan.call),
	};
	struct snapshot now;
	const char *text;

	if (!snapshot_open(NULL, &now, err))
		return false;
	text = loaded_text(&loading, boot_id_read(&now.source, arena), arena);
	snapshot_close(&now);
	return text ? store_file(job->wanted.crash ? LOADED_CRASH_FILE : LOADED_FILE, text, err)
		    : fail_no_memory(err);
}

void loaded_leave(struct job *job, enum loader by, const char *title)
{
	struct arena arena = { 0 };
	struct error err, ignored;

	if (leave(job, by, title, &arena, &err)) {
		if (!job->wanted.crash)
			(void)!store_remove(LOADED_OLD_FILE, &ignored);
	} else {
		loaded_forget(job->wanted.crash);
		notes_add(&job->notes,
			job->wanted.crash
				? "which crash kernel is loaded will not be told: %s"
				: "what is loaded will be taken for somebody else's, and kept: %s",
			err.reason);
	}
	arena_free(&arena);
}

void loaded_forget(bool crash)
{
	struct error ignored;

	if (crash) {
		(void)!store_remove(LOADED_CRASH_FILE, &ignored);
		return;
	}
	(void)!store_remove(LOADED_FILE, &ignored);
	(void)!store_remove(LOADED_OLD_FILE, &ignored);
}

struct loaded loaded_now(struct arena *arena)
{
	struct kexec_ability ability;
	struct loaded loaded = { 0 };
	struct snapshot now;
	struct error ignored;

	if (!snapshot_open(NULL, &now, &ignored))
		return loaded;
	ability = machine_kexec_ability(&now.source, arena);
	loaded = loaded_find(&now.source, ability.loaded, arena);
	snapshot_close(&now);
	return loaded;
}
