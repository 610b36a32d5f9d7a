/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An initrd that lies in a uImage, as boards have it that boot by U-Boot. */
#pragma once

#include "image/uimage.h"
#include "jump/job.h"

/* Of a uImage: that it is one of an initrd, and whole; refused as an initrd is. */
bool initrd_read_uimage(struct view bytes, struct uimage *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Makes of the input what the next kernel is to find: what is in a uImage, any other file as it is. A uImage that is
 * damaged, is for another CPU or has no initrd in it is refused, or noted and passed on where that was asked for.
 */
bool initrd_unwrap(struct job *job, struct input *input, struct error *err)
	__attribute__((warn_unused_result));
