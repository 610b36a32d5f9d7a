/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/capture.h"

#include <string.h>

#include "machine/anonymous.h"
#include "machine/archive.h"
#include "machine/text.h"
#include "system/checkup.h"

/* For a crash kernel and with a watchdog, so that what those need is asked for as well. */
static const struct watchdog_wish any_watchdog = { .seconds = 60, .may_miss = true };

/* Asked where a kernel is named, or by saut status. */
static const char *const more[] = {
	"proc/mounts",
	"proc/swaps",
	"sys/firmware/memmap/0/start",
	"sys/firmware/memmap/0/end",
	"sys/firmware/memmap/0/type",
	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
};

/* Lets everybody ask who asks anything of a machine; what they make of it does not matter. */
static bool ask_all(struct system *system, struct error *err)
{
	const struct job_request nothing = { .source = system->source,
		.kernel = "",
		.crash = true,
		.watchdog = any_watchdog,
		.limits = { 0, PHYS_MAX } };
	struct error refused = { 0 };
	struct checkup checkup;
	struct job job;
	bool done;

	if (job_survey(&job, &nothing, &refused))
		refused = (struct error){ 0 };
	done = checkup_make(system, &job, &refused, &checkup, err);
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		(void)source_read(system->source, more[i], &job.arena, &(struct view){ 0 });
	job_free(&job);
	return done;
}

static const char *host_of(const struct source *source, struct arena *arena)
{
	struct view name;
	const char *host;

	if (!source_read(source, "proc/sys/kernel/hostname", arena, &name))
		return NULL;
	host = arena_string(arena, text_trim(name));
	/* A capture has none, and what every machine is called tells nothing. */
	return host && host[0] && strcmp(host, "localhost") != 0 && strcmp(host, "(none)") != 0
		? host
		: NULL;
}

struct making {
	struct anonymous anonymous;
	struct arena *arena;
	struct notes *notes;
	struct archive_file *files;
	struct captured made;
};

static bool add(struct making *m, const struct remembered_file *file)
{
	struct archive_file *to = &m->files[m->made.files];
	bool is_left_out = !anonymous_takes(file->path);

	*to = (struct archive_file){ .path = file->path, .is_unreadable = file->reason != NULL };
	if (!is_left_out && file->reason) {
		const char *reason = arena_printf(m->arena, "%s\n", file->reason);

		notes_add(m->notes, "%s", file->reason);
		if (!reason)
			return false;
		to->bytes = view_of_string(reason);
	} else if (!is_left_out &&
		!anonymous_file(&m->anonymous, file->path, file->bytes, m->arena, &to->bytes,
			&is_left_out)) {
		return false;
	}
	m->made.files += !is_left_out;
	m->made.left_out += is_left_out;
	return true;
}

static bool make(struct making *m, const struct system *system)
{
	const struct remembered_file *read;
	size_t count;

	if (!remembering_files(&system->look.memory, m->arena, &read, &count))
		return false;
	m->files = arena_alloc_array(m->arena, count + 1, sizeof *m->files);
	for (size_t i = 0; m->files && i < count; i++)
		if (!add(m, &read[i]))
			return false;
	if (!m->files)
		return false;
	m->made.text = archive_write(m->files, m->made.files,
		"Made by saut capture. Names, numbers and addresses of one machine alone are replaced.",
		m->arena);
	return m->made.text != NULL;
}

bool system_capture(const char *root, struct arena *arena, struct notes *notes,
	struct captured *ret, struct error *err)
{
	const struct system_options options = { .root = root, .leave_unmounted = true };
	struct making m = { .arena = arena, .notes = notes };
	struct system system;
	bool done = system_look(&options, &system, err) && ask_all(&system, err);

	if (done) {
		m.anonymous.host = host_of(system.source, arena);
		done = make(&m, &system) || fail_no_memory(err);
	}
	if (done)
		*ret = m.made;
	system_free(&system);
	return done;
}
