/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys of encrypted disks for a crash kernel, by their names in the user's keyring: sys/crash-keys.h. */
#pragma once

#include "system/system.h"

/*
 * The running kernel hands these to the next crash kernel that kexec_file_load loads; none for a count of 0.
 * FAULT_NO_CRASH_KEYS where it cannot.
 */
bool dump_keys_choose(struct system *system, const char *const *names, size_t count,
	struct error *err) __attribute__((warn_unused_result));

void dump_keys_forget(void);
