/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where boot loaders look for what they are told by files: the one table of those places, for the
 * finders of entries, for one-time switches (service/one-time.c) and for the systemd unit that watches
 * them (service/systemd/kexec-load.path, by tests/style).
 */
#pragma once

#include <stdbool.h>

/* Folders that GRUB's configuration and its environment block lie in; NULL at the end. */
extern const char *const grub_folders[];

/* Folders of EFI system partitions: in each there are folders of systems, GRUB's among them. */
extern const char *const esp_folders[];

/* In the order in which they are believed; file is NULL at the end. */
struct extlinux_file {
	const char *base;  /* where the file system seems to be mounted: "/boot" */
	const char *file;  /* absolute path */
	bool is_of_u_boot; /* U-Boot looks for it too, and not syslinux alone */
};

extern const struct extlinux_file extlinux_files[];
