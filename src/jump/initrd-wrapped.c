/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/initrd-wrapped.h"

#include "jump/initrd-check.h"

/* The hints of the others are about kernels. */
static enum fault fault_of(enum fault fault)
{
	return fault == FAULT_IMAGE_TRUNCATED || fault == FAULT_IMAGE_CORRUPT
		? FAULT_INITRD_DAMAGED
		: FAULT_INITRD_PACKING;
}

/* The job's kernel may be one that nobody could read, so that its CPU is not known. */
static bool is_for_kernel(const struct job *job, const struct uimage *uimage, struct error *err)
{
	enum cpu_arch arch = job->image.arch;

	if (!arch || uimage_is_for(uimage, arch))
		return true;
	fail(err, FAULT_INITRD_PACKING, "it is for %s, and the kernel is for %s", uimage->cpu,
		cpu_arch_name(arch));
	return error_prefix(err, "U-Boot uImage: ");
}

bool initrd_read_uimage(struct view bytes, struct uimage *ret, struct error *err)
{
	if (uimage_parse_initrd(bytes, ret, err))
		return true;
	err->fault = fault_of(err->fault);
	return error_prefix(err, "U-Boot uImage: ");
}

bool initrd_unwrap(struct job *job, struct input *input, struct error *err)
{
	struct uimage uimage;

	if (!uimage_probe(input->bytes))
		return true;
	if (!initrd_read_uimage(input->bytes, &uimage, err) || !is_for_kernel(job, &uimage, err))
		return initrd_refuse(job, input->name, err);
	*input = (struct input){ input->name, uimage.payload.bytes, -1 };
	return true;
}
