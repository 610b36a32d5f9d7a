/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/ready.h"

#include "jump/checked.h"
#include "jump/digests.h"
#include "jump/initrd-policy.h"
#include "sys/cache.h"

void job_remember_here(struct job_request *request)
{
	request->checked = CHECKED_FILE;
	request->ready.folder = READY_FOLDER;
}

const char *ready_name(struct job *job, const struct ready_source *source, const char *of)
{
	char text[READY_SOURCE_TEXT];

	ready_source_text(source, text);
	return arena_printf(&job->arena, "%s.%s", text, of);
}

/* Closed where it is not of the file, or not whole. */
static void open_kept(
	struct job *job, struct ready_kept *kept, const struct file *file, const char *of)
{
	struct ready_source source;
	struct ready_form form;
	struct error ignored;
	const char *name;

	if (!file->bytes.p || !digests_of(job, file, &source))
		return;
	name = ready_name(job, &source, of);
	if (!name || !cache_open(job->wanted.ready.folder, name, &kept->file))
		return;
	if (ready_form_parse(kept->file.bytes, &form, &ignored) && ready_form_is_of(&form, &source))
		kept->form = form;
	else
		file_close(&kept->file);
}

static const struct ready_form *find(
	struct job *job, struct ready_kept *kept, const struct file *file, const char *of)
{
	/* Of another machine's kernel nothing is kept here. */
	if (!job->wanted.ready.folder || !file || job->wanted.root || job->wanted.crash)
		return NULL;
	if (!kept->is_sought)
		open_kept(job, kept, file, of);
	kept->is_sought = true;
	return kept->form.payload.n ? &kept->form : NULL;
}

const struct ready_form *ready_kernel(struct job *job)
{
	const struct ready_form *form = find(job, &job->kept_kernel, &job->kernel, READY_OF_KERNEL);

	return form && form->kind == READY_KERNEL ? form : NULL;
}

const struct ready_form *ready_initrd(struct job *job, size_t index)
{
	const struct file *file = initrd_policy_file(job, index);
	const struct ready_form *form = file
		? find(job, &job->kept_initrds[file - job->initrds], file, READY_OF_INITRD)
		: NULL;

	return form && form->kind == READY_INITRD ? form : NULL;
}

uint64_t ready_bytes(const struct job *job)
{
	uint64_t sum = job->kept_kernel.form.payload.n;

	for (size_t i = 0; i < PLAN_INITRDS_MAX; i++)
		sum += job->kept_initrds[i].form.payload.n;
	return sum;
}

static void drop(struct ready_kept *kept)
{
	file_close(&kept->file);
	kept->form = (struct ready_form){ 0 };
}

void ready_drop_kernel(struct job *job)
{
	drop(&job->kept_kernel);
}

void ready_drop_initrds(struct job *job)
{
	for (size_t i = 0; i < PLAN_INITRDS_MAX; i++)
		drop(&job->kept_initrds[i]);
}

void ready_close(struct job *job)
{
	ready_drop_kernel(job);
	ready_drop_initrds(job);
}
