/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/kexec-calls.h"

#include <sys/reboot.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/xen.h"

#ifndef RB_KEXEC
#define RB_KEXEC 0x45584543 /* LINUX_REBOOT_CMD_KEXEC, for a libc without it */
#endif

static long load(unsigned long entry, unsigned long segment_count,
	const struct kexec_segment *segments, unsigned long flags)
{
	return syscall(SYS_kexec_load, entry, segment_count, segments, flags);
}

static long file_load(int kernel_fd, int initrd_fd, unsigned long command_line_size,
	const char *command_line, unsigned long flags)
{
	return syscall(
		SYS_kexec_file_load, kernel_fd, initrd_fd, command_line_size, command_line, flags);
}

static long jump(void)
{
	return reboot(RB_KEXEC);
}

/* The kernel's lock is held for as long as a load takes. */
static bool wait_a_little(unsigned tries)
{
	enum { TRIES = 200, PAUSE_MS = 50 };

	if (tries >= TRIES)
		return false;
	clock_wait_ms(PAUSE_MS);
	return true;
}

const struct kexec_calls kexec_live = { load, file_load, jump, wait_a_little, &kexec_xen };
