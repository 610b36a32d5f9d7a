/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one table of what kernels and initrds are called: what stands before and behind their version,
 * by the customs of Debian, Gentoo, Fedora, Arch and SUSE. What is found by its name, which initrd
 * belongs to which kernel, and what of a name is a release, is all read here.
 */
#pragma once

#include "entry/ground/finder.h"

/* Without a version, in Gentoo's order; NULL at the end. */
extern const char *const plain_kernels[];

enum named_for {
	NAMED_FOR_GENTOO,  /* what Gentoo's service looks for, with a number behind it */
	NAMED_FOR_LISTS,   /* what lies in /boot as a kernel */
	NAMED_FOR_RELEASE, /* whatever may stand before a release */
};

/* What stands behind the first part of a kernel's name; NULL: it is none. */
const char *kernel_name_rest(struct finder *f, const char *name, enum named_for what);

/* The place of a kernel's name in Gentoo's order. */
size_t kernel_name_rank(struct finder *f, const char *name);

/* The initrd in a folder that is named by a version; NULL: there is none. */
const char *initrd_of_version(struct finder *f, const char *folder, const char *version);

/* The first of the plain names that is there, with an ending ("", ".old"); NULL: none. */
const char *initrd_without_version(struct finder *f, const char *folder, const char *ending);

/* Whether the running kernel came with an initrd; where it does not tell, names in folder do. */
bool running_has_initrd(struct finder *f, const char *folder);
