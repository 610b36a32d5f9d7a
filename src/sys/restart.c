/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/restart.h"

#include <sys/reboot.h>
#include <unistd.h>

#include "sys/sysctl.h"

void restart_now(void)
{
	sync();
	(void)reboot(RB_AUTOBOOT);
}

bool restart_by_panic(struct error *err)
{
	sync();
	return sysctl_set("/proc/sysrq-trigger", "c", err) &&
		fail(err, FAULT_KERNEL_OTHER, "the kernel was asked to panic, and has not");
}
