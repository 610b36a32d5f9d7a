/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where links lead that lie on the file systems of boot loaders. A boot loader knows one file system
 * at a time: "/vmlinuz-6.1" in a link on the partition that is mounted at /boot is /boot/vmlinuz-6.1,
 * and nothing on that partition can mean a file of the running system. Links on the file systems of
 * the running system, /, /usr and the like, mean what they mean to it.
 */
#pragma once

#include "entry/ground/finder.h"

/*
 * The file that an absolute path means, whether it is there or not, as a path that means the same to
 * the running system. NULL: that cannot be told, and *ret_why has the reason ("it is a link to …").
 * With only, which is the place that a boot loader reads, leaving it is such a case; NULL: the links
 * of the running system may lead into any.
 */
const char *follow_links(struct finder *f, const char *path, const struct place *only,
	const char **ret_why) __attribute__((warn_unused_result));

/*
 * Where the file systems of boot loaders are mounted, whose links do not lead out of them, with NULL at
 * the end. NULL when memory is out.
 */
const char *const *follow_confines(const struct places *places, struct arena *arena);

/*
 * The files of an entry become what they mean; where that cannot be told it has an obstacle. False
 * when memory is out.
 */
bool follow_files(struct finder *f, struct entry *entry) __attribute__((warn_unused_result));
