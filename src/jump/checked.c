/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/checked.h"

#include <string.h>
#include <sys/sysmacros.h>

#include "sys/store.h"

enum { LINES_MAX = 16 }; /* of the record: the newest */

/* The file that has an initrd; NULL where the initrd is not a whole file. */
static const struct file *file_of(const struct job *job, size_t index)
{
	for (size_t i = 0; i < job->wanted.initrd_count; i++)
		if (job->initrds[i].bytes.p &&
			job->initrds[i].bytes.p == job->inputs[index].bytes.p)
			return &job->initrds[i];
	return NULL;
}

static bool is_plain(const char *path)
{
	for (; *path; path++)
		if ((unsigned char)*path < ' ')
			return false;
	return true;
}

/*
 * One line says all of it, and is the same only for the same. Where an initrd is the last one, a boot configuration
 * is no part of its archives.
 */
static const char *line_of(struct job *job, size_t index)
{
	const struct file *file = file_of(job, index);
	const struct stat *st = file ? &file->identity : NULL;

	if (!file || !is_plain(file->path))
		return NULL;
	return arena_printf(&job->arena, "%s %s %u:%u %ju %jd %jd.%09ld %jd.%09ld %s\n",
		SAUT_VERSION, index + 1 == job->input_count ? "last" : "inner", major(st->st_dev),
		minor(st->st_dev), (uintmax_t)st->st_ino, (intmax_t)st->st_size,
		(intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (intmax_t)st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec, file->path);
}

/* The first line of text, with its end; what has no end is none. */
static struct view first_line(struct view text)
{
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;

	return end ? view_first(text, (uint64_t)(end - text.p) + 1) : (struct view){ 0 };
}

static bool has_line(struct view text, struct view wanted)
{
	for (struct view line = first_line(text); line.n; line = first_line(text)) {
		if (view_equal(line, wanted))
			return true;
		text = view_from(text, line.n);
	}
	return false;
}

/* Once for a job. */
static struct view record_of(struct job *job)
{
	if (!job->checked_is_read)
		job->checked = store_own(job->wanted.checked, &job->arena);
	job->checked_is_read = true;
	return job->checked;
}

bool checked_before(struct job *job, size_t index)
{
	const char *line = job->wanted.checked ? line_of(job, index) : NULL;

	return line && has_line(record_of(job), view_of_string(line));
}

/* The newest lines that leave room for one more. */
static struct view newest(struct view text)
{
	size_t count = 0;

	for (struct view rest = text; first_line(rest).n; count++)
		rest = view_from(rest, first_line(rest).n);
	for (; count >= LINES_MAX; count--)
		text = view_from(text, first_line(text).n);
	return text;
}

void checked_remember(struct job *job, size_t index)
{
	const struct file *file = file_of(job, index);
	const char *line = job->wanted.checked ? line_of(job, index) : NULL, *text;
	struct error ignored;
	struct view old;

	if (!line || !file_is_settled(file) || !file_check(file, &ignored))
		return;
	old = newest(record_of(job));
	text = arena_printf(
		&job->arena, "%.*s%s", (int)old.n, old.n ? (const char *)old.p : "", line);
	if (!text || !store_file(job->wanted.checked, text, &ignored))
		return;
	job->checked = view_of_string(text);
}
