/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/kexec-calls.h"

#include <errno.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RB_KEXEC
#define RB_KEXEC 0x45584543 /* LINUX_REBOOT_CMD_KEXEC, for a libc without it */
#endif

/* Some CPUs have only one of the two: to the caller that is a kernel without it. */
#ifdef SYS_kexec_load
static long load(unsigned long entry, unsigned long segment_count,
	const struct kexec_segment *segments, unsigned long flags)
{
	return syscall(SYS_kexec_load, entry, segment_count, segments, flags);
}
#else
static long load(unsigned long entry, unsigned long segment_count,
	const struct kexec_segment *segments, unsigned long flags)
{
	(void)entry, (void)segment_count, (void)segments, (void)flags;
	errno = ENOSYS;
	return -1;
}
#endif

#ifdef SYS_kexec_file_load
static long file_load(int kernel_fd, int initrd_fd, unsigned long command_line_size,
	const char *command_line, unsigned long flags)
{
	return syscall(SYS_kexec_file_load, kernel_fd, initrd_fd, command_line_size, command_line,
		flags);
}
#else
static long file_load(int kernel_fd, int initrd_fd, unsigned long command_line_size,
	const char *command_line, unsigned long flags)
{
	(void)kernel_fd, (void)initrd_fd, (void)command_line_size, (void)command_line, (void)flags;
	errno = ENOSYS;
	return -1;
}
#endif

static long jump(void)
{
	return reboot(RB_KEXEC);
}

const struct kexec_calls kexec_live = { load, file_load, jump };
