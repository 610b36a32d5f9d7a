/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/uki.h"

#include <errno.h>

#include "image/pe.h"
#include "jump/inputs.h"
#include "sys/memfd.h"

static bool add_initrd(struct job *job, struct view bytes, const char *section, struct error *err)
{
	const char *name;

	if (bytes.n == 0)
		return true;
	name = arena_printf(&job->arena, "%s in %s", section, job->wanted.kernel);
	if (!name)
		return fail_no_memory(err);
	inputs_add(job, (struct input){ name, bytes, -1 });
	return true;
}

static void note_what_is_left_out(struct job *job)
{
	const struct uki *uki = &job->uki.uki;

	if (uki->profiles > 1)
		notes_add(&job->notes, "the UKI has %zu profiles; the first one is taken",
			uki->profiles);
	if (uki->device_trees)
		notes_add(&job->notes, "the UKI has %zu device tree%s, not passed on",
			uki->device_trees, uki->device_trees > 1 ? "s" : "");
}

bool uki_open(struct job *job, struct error *err)
{
	struct image inner;

	if (job->image.format != IMAGE_UKI)
		return true;
	if (!image_parse(job->image.uki.kernel, &job->arena, &inner, err))
		return error_prefix(err, "the kernel in this UKI: ");
	if (inner.format == IMAGE_UKI)
		return fail(err, FAULT_IMAGE_CORRUPT, "the kernel in this UKI is a UKI itself");
	job->uki = job->image;
	job->image = inner;
	note_what_is_left_out(job);
	return add_initrd(job, job->uki.uki.microcode, ".ucode", err) &&
		add_initrd(job, job->uki.uki.initrd, ".initrd", err);
}

const char *uki_command_line(struct job *job)
{
	const char *own = job->uki.uki.command_line;

	if (!own)
		return "";
	if (job->wanted.command_line || job->wanted.reuse_command_line) {
		notes_add(&job->notes, "the command line in the UKI is replaced by the one given");
		return "";
	}
	notes_add(&job->notes, "the command line is the one in the UKI");
	return own;
}

/*
 * Kernels that know no UKI call it an image of no known format: ENOEXEC on x86, EINVAL elsewhere.
 * A UKI is larger than its kernel by its initrds, so that for want of memory too that is worth it.
 */
static bool may_help(int errnum)
{
	return errnum == ENOEXEC || errnum == EINVAL || errnum == EOPNOTSUPP || errnum == ENOMEM ||
		errnum == EFBIG;
}

bool uki_unwrap(struct job *job, struct error *err)
{
	struct memfd memfd;

	if (!job->uki.bytes.p || job->inner.bytes.p || job->plan.call != CALL_FILE_LOAD ||
		!may_help(err->errnum))
		return false;
	notes_add(&job->notes, "%s; falling back to the kernel in the UKI", err->reason);
	*err = (struct error){ 0 };
	if (!memfd_begin("kernel", UINT64_MAX, &memfd, err))
		return false;
	if (!sink_put(&memfd.sink, job->image.bytes, err)) {
		memfd_drop(&memfd);
		return false;
	}
	if (!memfd_finish(&memfd, job->wanted.kernel, &job->inner, err))
		return false;
	job->request.kernel = (struct input){ job->inner.path, job->inner.bytes, job->inner.fd };
	return true;
}

bool uki_explain(const struct job *job, struct error *err)
{
	struct error ignored = { 0 };
	struct pe pe = { 0 };

	if (!job->inner.bytes.p || job->plan.call != CALL_FILE_LOAD ||
		(err->fault != FAULT_SIGNATURE && err->fault != FAULT_LOCKDOWN))
		return false;
	return error_prefix(err,
		"the running kernel takes no UKI, and the kernel in it has %s signature of its "
		"own: ",
		pe_parse(job->inner.bytes, &pe, &ignored) && pe.certificates.n ? "a" : "no");
}
