/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/checked.h"

#include "jump/digests.h"
#include "jump/initrd-policy.h"
#include "sys/cache.h"

/* Of which initrds an answer is, by what tells them. */
struct query {
	const char *question;
	size_t first, last;
};

void checked_begin(struct job *job)
{
	const char *folder = job->wanted.ready.folder;

	job->checked = (struct known_lines){ .path = job->wanted.checked };
	job->lasting = (struct known_lines){ 0 };
	if (folder && job->wanted.checked)
		job->lasting.path = arena_printf(&job->arena, "%s/" CHECKED_LASTING, folder);
}

/* Where an initrd is the last one, a boot configuration is no part of its archives. */
static const char *place_of(const struct job *job, size_t index)
{
	return index + 1 == job->input_count ? "last" : "inner";
}

static const char *by_identity(struct job *job, size_t index)
{
	const struct file *file = initrd_policy_file(job, index);

	return file ? digests_identity(job, place_of(job, index), file) : NULL;
}

static const char *by_content(struct job *job, size_t index)
{
	const struct file *file = initrd_policy_file(job, index);
	char text[READY_SOURCE_TEXT];
	struct ready_source source;

	if (!file || !digests_of(job, file, &source))
		return NULL;
	ready_source_text(&source, text);
	return arena_printf(&job->arena, "%s %s", place_of(job, index), text);
}

/* A line up to its answer; NULL: there is none for them. */
static const char *key_of(struct job *job, const struct query *asked,
	const char *(*tell)(struct job *job, size_t index))
{
	const char *key = lines_may_have(asked->question)
		? arena_printf(&job->arena, SAUT_VERSION " %s", asked->question)
		: NULL;

	for (size_t i = asked->first; key && i <= asked->last; i++) {
		const char *one = i < job->input_count ? tell(job, i) : NULL;

		key = one ? arena_printf(&job->arena, "%s" LINES_BETWEEN "%s", key, one) : NULL;
	}
	return key ? arena_printf(&job->arena, "%s" LINES_BETWEEN LINES_BETWEEN, key) : NULL;
}

/* Whether it is the file still that was looked at, and any change from now on would show. */
static bool can_be_told(const struct job *job, const struct query *asked)
{
	struct error ignored;

	for (size_t i = asked->first; i <= asked->last; i++) {
		const struct file *file = initrd_policy_file(job, i);

		if (!file || !file_is_settled(file) || !file_check(file, &ignored))
			return false;
	}
	return true;
}

static void keep_by_identity(struct job *job, const struct query *asked, const char *answer)
{
	const char *key = key_of(job, asked, by_identity);

	if (key)
		lines_keep(&job->checked, key, answer, &job->arena);
}

/* What an earlier boot found is kept for this one, whose shutdown needs no digests then. */
static const char *recall_lasting(struct job *job, const struct query *asked)
{
	const char *key = job->lasting.path ? key_of(job, asked, by_content) : NULL;
	const char *answer = key ? lines_recall(&job->lasting, key, &job->arena) : NULL;

	if (answer && can_be_told(job, asked))
		keep_by_identity(job, asked, answer);
	return answer;
}

static const char *recall(struct job *job, const struct query *asked)
{
	const char *key = job->checked.path ? key_of(job, asked, by_identity) : NULL;
	const char *answer = key ? lines_recall(&job->checked, key, &job->arena) : NULL;

	return answer || !key ? answer : recall_lasting(job, asked);
}

static void keep(struct job *job, const struct query *asked, const char *answer)
{
	const char *key;

	if (!job->checked.path || !can_be_told(job, asked))
		return;
	keep_by_identity(job, asked, answer);
	key = job->lasting.path && job->wanted.ready.may_read ? key_of(job, asked, by_content)
							      : NULL;
	if (key && cache_make(job->wanted.ready.folder))
		lines_keep(&job->lasting, key, answer, &job->arena);
}

bool checked_before(struct job *job, size_t index)
{
	return recall(job, &(struct query){ "whole", index, index });
}

void checked_remember(struct job *job, size_t index)
{
	keep(job, &(struct query){ "whole", index, index }, "");
}

const char *checked_answer(struct job *job, const char *question)
{
	return job->input_count ? recall(job, &(struct query){ question, 0, job->input_count - 1 })
				: NULL;
}

void checked_keep_answer(struct job *job, const char *question, const char *answer)
{
	if (job->input_count && lines_may_have(answer))
		keep(job, &(struct query){ question, 0, job->input_count - 1 }, answer);
}
