/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two orders of file names that GRUB's menu may have; both are > 0 where x is newer. */
#pragma once

/* As rpm compares a package's name, version and release, each without what separates its parts. */
int filename_compare_rpm(const char *x, const char *y);

/* As GNU's filevercmp (coreutils, "More details about version sort") with ASCII names. */
int filename_compare_gnu(const char *x, const char *y);
