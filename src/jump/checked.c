/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/checked.h"

#include <string.h>
#include <sys/sysmacros.h>

#include "jump/initrd-policy.h"
#include "machine/text.h"
#include "sys/store.h"

enum { LINES_MAX = 16 }; /* of the record: the newest */

/* Between what is known and what it is known of: no name has it. */
#define BETWEEN "\t"

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ')
			return false;
	return true;
}

/* It says all of the file, and is the same only for the same. */
static const char *identity_of_file(struct job *job, const char *place, const struct file *file)
{
	const struct stat *st = &file->identity;

	if (!is_plain(file->path))
		return NULL;
	return arena_printf(&job->arena, "%s %u:%u %ju %jd %jd.%09ld %jd.%09ld %s", place,
		major(st->st_dev), minor(st->st_dev), (uintmax_t)st->st_ino, (intmax_t)st->st_size,
		(intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (intmax_t)st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec, file->path);
}

/* Where an initrd is the last one, a boot configuration is no part of its archives. */
static const char *identity_of(struct job *job, size_t index)
{
	const struct file *file = initrd_policy_file(job, index);

	return file ? identity_of_file(job, index + 1 == job->input_count ? "last" : "inner", file)
		    : NULL;
}

/* A line of the record up to its answer, of the initrds from first to last; NULL: there is none for them. */
static const char *key_of(struct job *job, const char *question, size_t first, size_t last)
{
	const char *key =
		is_plain(question) ? arena_printf(&job->arena, SAUT_VERSION " %s", question) : NULL;

	for (size_t i = first; key && i <= last; i++) {
		const char *identity = i < job->input_count ? identity_of(job, i) : NULL;

		key = identity ? arena_printf(&job->arena, "%s" BETWEEN "%s", key, identity) : NULL;
	}
	return key ? arena_printf(&job->arena, "%s" BETWEEN BETWEEN, key) : NULL;
}

/* The first line of text, with its end; what has no end is none. */
static struct view first_line(struct view text)
{
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;

	return end ? view_first(text, (uint64_t)(end - text.p) + 1) : (struct view){ 0 };
}

/* Once for a job. */
static struct view record_of(struct job *job)
{
	if (!job->checked_is_read)
		job->checked = store_own(job->wanted.checked, &job->arena);
	job->checked_is_read = true;
	return job->checked;
}

static const char *recall(struct job *job, const char *key)
{
	struct view text = record_of(job);

	for (struct view line = first_line(text); line.n; line = first_line(text)) {
		if (view_has_at(line, 0, key))
			return arena_string(&job->arena, text_trim(view_from(line, strlen(key))));
		text = view_from(text, line.n);
	}
	return NULL;
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

/* Whether it is the file still that was looked at, and any change from now on would show. */
static bool can_be_told(const struct job *job, size_t first, size_t last)
{
	struct error ignored;

	for (size_t i = first; i <= last; i++) {
		const struct file *file = initrd_policy_file(job, i);

		if (!file || !file_is_settled(file) || !file_check(file, &ignored))
			return false;
	}
	return true;
}

static void keep(struct job *job, const char *key, const char *answer)
{
	struct view old = newest(record_of(job));
	const char *text = arena_printf(&job->arena, "%.*s%s%s\n", (int)old.n,
		old.n ? (const char *)old.p : "", key, answer);
	struct error ignored;

	if (text && store_file(job->wanted.checked, text, &ignored))
		job->checked = view_of_string(text);
}

bool checked_before(struct job *job, size_t index)
{
	const char *key = job->wanted.checked ? key_of(job, "whole", index, index) : NULL;

	return key && recall(job, key);
}

void checked_remember(struct job *job, size_t index)
{
	const char *key = job->wanted.checked ? key_of(job, "whole", index, index) : NULL;

	if (key && can_be_told(job, index, index))
		keep(job, key, "");
}

static bool may_have_answers(const struct job *job)
{
	return job->wanted.checked && job->input_count > 0;
}

const char *checked_answer(struct job *job, const char *question)
{
	const char *key =
		may_have_answers(job) ? key_of(job, question, 0, job->input_count - 1) : NULL;

	return key ? recall(job, key) : NULL;
}

void checked_keep_answer(struct job *job, const char *question, const char *answer)
{
	const char *key =
		may_have_answers(job) ? key_of(job, question, 0, job->input_count - 1) : NULL;

	if (key && is_plain(answer) && can_be_told(job, 0, job->input_count - 1))
		keep(job, key, answer);
}

static const char *digest_key(struct job *job, const struct file *file)
{
	const char *identity = job->wanted.checked ? identity_of_file(job, "digest", file) : NULL;

	return identity
		? arena_printf(&job->arena, SAUT_VERSION BETWEEN "%s" BETWEEN BETWEEN, identity)
		: NULL;
}

const char *checked_digest(struct job *job, const struct file *file)
{
	const char *key = digest_key(job, file);

	return key ? recall(job, key) : NULL;
}

void checked_keep_digest(struct job *job, const struct file *file, const char *digest)
{
	const char *key = digest_key(job, file);
	struct error ignored;

	if (key && is_plain(digest) && file_is_settled(file) && file_check(file, &ignored))
		keep(job, key, digest);
}
