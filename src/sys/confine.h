/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gives up what this process has no use for any more, before it reads what may come from anybody: kernels, initrds, device
 * trees and menus, by large libraries in part. By seccomp(2) and landlock(7), without a library.
 */
#pragma once

#include <stdbool.h>

/*
 * From here on this process can read files, have memory, print where it prints, and end. It cannot open a file to write to
 * it, run or signal anything, have memory that is run, mount, load a kernel or a module, or reach a network, and it does not
 * get that back. A call that it may not make fails with ENOSYS, or with EPERM where its arguments are what it may not.
 *
 * True where the running kernel keeps to all of it. Where it has no seccomp or no Landlock (before Linux 5.13), what it
 * can do is done: without Landlock only openat2(2) could still open a file to write to it.
 */
bool confine_to_looking(void);
