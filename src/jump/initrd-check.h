/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the next kernel will be able to unpack the initrds of a job; asked while all can still be
 * refused. Only Linux is known that well: what is for another kernel is passed on unseen.
 */
#pragma once

#include "jump/job.h"

/*
 * What *err says against an initrd: false, with its name before it; or a note, where a person has said that it is to
 * be loaded all the same.
 */
bool initrd_refuse(struct job *job, const char *name, struct error *err)
	__attribute__((warn_unused_result));

/*
 * By what their headers tell, before time is spent on them. Failures are FAULT_INITRD_DAMAGED; what is
 * only packed otherwise than Linux takes it may still be rewritten.
 */
bool initrd_check_headers(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* By unpacking those that have to be for it, and have not been when they were rewritten. */
bool initrd_check_contents(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* Whether it unpacks the forms that they are in by now: FAULT_INITRD_PACKING where it is known not to. */
bool initrd_check_packing(struct job *job, struct error *err) __attribute__((warn_unused_result));
