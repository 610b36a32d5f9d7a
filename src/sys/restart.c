/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/restart.h"

#include <sys/reboot.h>
#include <unistd.h>

void restart_now(void)
{
	sync();
	(void)reboot(RB_AUTOBOOT);
}
