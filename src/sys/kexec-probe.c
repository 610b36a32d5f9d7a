/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/kexec-probe.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/kexec-calls.h"

/*
 * Drops CAP_SYS_BOOT from the calling thread's effective set; *ret_before undoes it. Without
 * the capability both system calls end with EPERM before anything else: kexec_load_permitted() in
 * kernel/kexec_core.c counts kernel.kexec_load_limit_* down for everybody who has it, even when
 * the arguments turn out to be wrong.
 */
static bool drop_sys_boot(struct __user_cap_data_struct before[static 2])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct without[2];

	if (syscall(SYS_capget, &header, before) != 0)
		return false;
	memcpy(without, before, sizeof without);
	without[CAP_TO_INDEX(CAP_SYS_BOOT)].effective &= ~CAP_TO_MASK(CAP_SYS_BOOT);
	return syscall(SYS_capset, &header, without) == 0;
}

static bool restore_capabilities(const struct __user_cap_data_struct before[static 2])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capset, &header, before) == 0;
}

/*
 * The arguments are wrong three times over, should the capability ever be asked for later: a flag
 * that does not exist, no segments where too many are announced (0 of them would mean to unload),
 * no file descriptor. No bit of the flags means unload or crash kernel.
 */
static const char *probe_load(void)
{
	enum { FLAG_NOBODY_KNOWS = 0x8000 }; /* neither KEXEC_FLAGS nor KEXEC_ARCH_MASK */
	long done = syscall(SYS_kexec_load, 0UL, ~0UL, NULL, (unsigned long)FLAG_NOBODY_KNOWS);

	return done < 0 && errno == ENOSYS ? "no" : "yes";
}

static const char *probe_file_load(void)
{
	const unsigned long flag_nobody_knows = 0x80000000UL;
	long done = syscall(SYS_kexec_file_load, -1, -1, 0UL, NULL, flag_nobody_knows);

	return done < 0 && errno == ENOSYS ? "no" : "yes";
}

char *kexec_probe(struct arena *arena)
{
	struct __user_cap_data_struct before[2];
	const char *load, *file_load;

	if (!drop_sys_boot(before))
		return NULL;
	load = probe_load();
	file_load = probe_file_load();
	if (!restore_capabilities(before))
		return NULL;
	return arena_printf(arena, "kexec_load %s\nkexec_file_load %s\n", load, file_load);
}
