/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry/ground/loader-files.h"

#include <stddef.h>

const char *const grub_folders[] = { "/boot/grub", "/boot/grub2", "/efi/grub", NULL };

const char *const esp_folders[] = { "/boot/efi/EFI", NULL };

/* syslinux' "Config" page, "Working directory"; U-Boot's doc/develop/bootstd/extlinux.rst. */
const struct extlinux_file extlinux_files[] = {
	{ "/boot", "/boot/extlinux/extlinux.conf", true },
	{ "/boot", "/boot/extlinux.conf", false },
	{ "", "/extlinux/extlinux.conf", true },
	{ "/boot", "/boot/syslinux/extlinux.conf", false },
	{ "/boot", "/boot/syslinux/syslinux.cfg", false },
	{ "/boot/efi", "/boot/efi/extlinux/extlinux.conf", true },
	{ 0 },
};
