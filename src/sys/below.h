/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files below a folder that links must not lead out of. */
#pragma once

/*
 * Opens path, which is relative to the folder, as if that were the root of all: an absolute link and ".."
 * begin and end there. -1 with errno. Before Linux 5.6 no link is followed at all
 * (ELOOP or ENOTDIR), and no ".." (EXDEV).
 */
int below_open(int folder_fd, const char *path, int flags);
