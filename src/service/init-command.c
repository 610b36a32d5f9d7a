/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/init-command.h"

#include <stddef.h>

typedef const char *const arguments[];

/*
 * The jobs that systemctl kexec and systemctl reboot end with: those commands themselves would load
 * a kernel of their own choice, and take a loaded one for an ordinary reboot.
 */
static arguments systemd_kexec = { "systemctl", "--no-block", "--job-mode=replace-irreversibly",
	"start", "kexec.target", NULL };
static arguments systemd_reboot = { "systemctl", "--no-block", "--job-mode=replace-irreversibly",
	"start", "reboot.target", NULL };
static arguments openrc_init_kexec = { "openrc-shutdown", "--kexec", "now", NULL };
static arguments openrc_init_reboot = { "openrc-shutdown", "--reboot", "now", NULL };
static arguments shutdown_reboot = { "shutdown", "-r", "now", NULL };
static arguments runit_reboot = { "runit-init", "6", NULL };

static const struct init_command rows[] = {
	[INIT_SYSTEMD] = { "systemd", systemd_kexec, systemd_reboot, NULL },
	[INIT_OPENRC] = { "OpenRC with sysvinit", shutdown_reboot, shutdown_reboot,
		"the service kexec-jump in the runlevel shutdown, or `reboot -dkn` in /etc/inittab" },
	[INIT_OPENRC_INIT] = { "openrc-init", openrc_init_kexec, openrc_init_reboot, NULL },
	[INIT_SYSVINIT] = { "sysvinit", shutdown_reboot, shutdown_reboot,
		"the service kexec in runlevel 6" },
	[INIT_RUNIT] = { "runit", runit_reboot, runit_reboot, "a script in /etc/runit/shutdown.d" },
	[INIT_UNKNOWN] = { 0 },
};

const struct init_command *init_command_for(enum init init)
{
	return rows[init].name ? &rows[init] : NULL;
}
