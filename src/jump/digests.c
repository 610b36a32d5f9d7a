/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/digests.h"

#include <string.h>
#include <sys/sysmacros.h>

#include "sys/clock.h"

const char *digests_identity(struct job *job, const char *place, const struct file *file)
{
	const struct stat *st = &file->identity;

	if (!lines_may_have(file->path))
		return NULL;
	return arena_printf(&job->arena, "%s %u:%u %ju %jd %jd.%09ld %jd.%09ld %s", place,
		major(st->st_dev), minor(st->st_dev), (uintmax_t)st->st_ino, (intmax_t)st->st_size,
		(intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (intmax_t)st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec, file->path);
}

static const char *key_of(struct job *job, const struct file *file)
{
	const char *identity = digests_identity(job, "digest", file);

	return identity
		? arena_printf(&job->arena,
			  SAUT_VERSION LINES_BETWEEN "%s" LINES_BETWEEN LINES_BETWEEN, identity)
		: NULL;
}

/*
 * A file system without a time of changes (FAT) gives that of writing instead, which anybody may set: there times prove
 * nothing. Others seldom have the same for both, and then lose a few milliseconds.
 */
static bool times_prove(const struct file *file)
{
	const struct stat *st = &file->identity;

	return st->st_ctim.tv_sec != st->st_mtim.tv_sec ||
		st->st_ctim.tv_nsec != st->st_mtim.tv_nsec;
}

static bool is_still(const struct file *file, const struct ready_source *source)
{
	uint8_t is[DIGEST_SIZE];
	struct digest digest;

	if (times_prove(file))
		return true;
	digest_begin(&digest, DIGEST_CRC32C);
	digest_add(&digest, file->bytes);
	digest_end(&digest, is);
	return memcmp(is, source->crc32c, sizeof source->crc32c) == 0;
}

static bool recall(struct job *job, const struct file *file, struct ready_source *ret)
{
	const char *key = key_of(job, file);
	const char *text = key ? lines_recall(&job->checked, key, &job->arena) : NULL;

	return text && ready_source_parse(text, file->bytes.n, ret) && is_still(file, ret);
}

/* What was written just now could be written again without other times. */
static bool await_settled(const struct file *file)
{
	enum { TRIES = 40, TRY_MS = 100 };

	for (int i = 0; i < TRIES && !file_is_settled(file); i++)
		clock_wait_ms(TRY_MS);
	return file_is_settled(file);
}

static void keep(struct job *job, const struct file *file, const char *text)
{
	const char *key = key_of(job, file);

	if (key && file_is_settled(file))
		lines_keep(&job->checked, key, text, &job->arena);
}

bool digests_of(struct job *job, const struct file *file, struct ready_source *ret)
{
	char text[READY_SOURCE_TEXT];
	struct ready_source source;
	struct error ignored;

	if (recall(job, file, ret))
		return true;
	if (!job->wanted.ready.may_read || !await_settled(file))
		return false;
	source = ready_source_of(file->bytes);
	if (!file_check(file, &ignored))
		return false;
	ready_source_text(&source, text);
	keep(job, file, text);
	*ret = source;
	return true;
}
