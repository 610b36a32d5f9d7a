/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which keys of encrypted disks the running kernel hands to a crash kernel that kexec_file_load loads: a folder for
 * each in configfs, with the key's name in the user's keyring (Documentation/admin-guide/kdump/kdump.rst, "Write the dump
 * file to encrypted disk volume"; Linux 6.17 on). Those of others are left alone.
 */
#pragma once

#include <stddef.h>

#include "base/error.h"

enum {
	CRASH_KEYS_MAX = 16,
	CRASH_KEY_NAME_MAX = 127, /* bytes that the kernel keeps of a name */
};

#define CRASH_KEYS "/sys/kernel/config/crash_dm_crypt_keys"

struct crash_keys {
	const char *folder; /* CRASH_KEYS, or a test's */
	const char *const *names;
	size_t count;
};

/*
 * These, and none that an earlier call has named. After a failure none is named. FAULT_FILE_MISSING where the kernel has no
 * such folder, FAULT_USAGE for a name that it would not take.
 */
bool crash_keys_name(const struct crash_keys *keys, struct error *err)
	__attribute__((warn_unused_result));

/* None that an earlier call has named; where there is no such folder, there are none. */
void crash_keys_forget(const char *folder);
