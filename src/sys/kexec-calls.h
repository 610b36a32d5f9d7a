/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The system calls of kexec as a table, so that a test can stand in for the kernel. They return 0,
 * or -1 with errno as the kernel set it.
 */
#pragma once

#include <linux/kexec.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>

/* Not every CPU has both: to the caller that is a kernel without it. Each answers ENOSYS to -1. */
#ifndef SYS_kexec_load
#define SYS_kexec_load (-1L)
#endif
#ifndef SYS_kexec_file_load
#define SYS_kexec_file_load (-1L)
#endif

struct kexec_calls {
	long (*load)(unsigned long entry, unsigned long segment_count,
		const struct kexec_segment *segments, unsigned long flags);
	/* command_line_size counts the terminating zero; initrd_fd -1 is none. */
	long (*file_load)(int kernel_fd, int initrd_fd, unsigned long command_line_size,
		const char *command_line, unsigned long flags);
	long (*jump)(void); /* reboot(LINUX_REBOOT_CMD_KEXEC); returns only when it failed */

	/*
	 * After EBUSY for the tries + 1st time: waits a little; false where that has been long enough.
	 * NULL: one try is enough.
	 */
	bool (*wait)(unsigned tries);

	/*
	 * Instead of these where Xen has the machine (XEN_PV_DOM0): a load of no segments unloads, and
	 * there is no file_load. NULL: these all the same.
	 */
	const struct kexec_calls *xen;
};

/* The running kernel. */
extern const struct kexec_calls kexec_live;
