/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/next-step.h"

#include <string.h>

/* The boot service of an init: what is there when it is installed, and when it is switched on. */
static const struct boot_service {
	enum init init;
	const char *const scripts[4]; /* any of them; NULL at the end */
	const char *folder, *name;    /* of what switches it on; NULL: a setting does */
	const char *command, *start;
} services[] = {
	{ INIT_SYSTEMD,
		{ "usr/lib/systemd/system/kexec-load.service",
			"lib/systemd/system/kexec-load.service",
			"etc/systemd/system/kexec-load.service" },
		"etc/systemd/system/multi-user.target.wants", "kexec-load.service",
		"systemctl enable --now kexec-load.service", "systemctl start kexec-load.service" },
	{ INIT_OPENRC, { "etc/init.d/kexec" }, "etc/runlevels/boot", "kexec",
		"rc-update add kexec boot && rc-service kexec start", "rc-service kexec start" },
	{ INIT_OPENRC_INIT, { "etc/init.d/kexec" }, "etc/runlevels/boot", "kexec",
		"rc-update add kexec boot && rc-service kexec start", "rc-service kexec start" },
	{ INIT_SYSVINIT, { "etc/init.d/kexec-load" }, NULL, NULL,
		"LOAD_KEXEC=true in /etc/default/kexec", NULL },
	{ INIT_RUNIT, { "etc/runit/shutdown.d/05-kexec-load.sh" }, NULL, NULL,
		"LOAD_KEXEC=true in /etc/kexec.conf", NULL },
};

enum { SERVICES = sizeof services / sizeof *services };

static bool is_installed(struct system *s, const struct boot_service *service)
{
	struct view text;

	for (size_t i = 0; service->scripts[i]; i++)
		if (source_read(s->source, service->scripts[i], &s->arena, &text) &&
			memmem(text.p, text.n, "saut", 4))
			return true;
	return false;
}

static enum answer is_switched_on(struct system *s, const struct boot_service *service)
{
	const char *const *names = NULL;
	struct error ignored;

	if (!service->folder)
		return s->settings.off_by ? ANSWER_NO : ANSWER_YES;
	if (!source_take_names(s->source, service->folder, &s->arena, &names, &ignored))
		return ANSWER_UNKNOWN;
	return names && source_names_have(names, service->name) ? ANSWER_YES : ANSWER_NO;
}

static const struct boot_service *installed_service(struct system *s)
{
	for (size_t i = 0; i < SERVICES; i++)
		if (services[i].init == s->init.init && is_installed(s, &services[i]))
			return &services[i];
	return NULL;
}

static const char *step_without_kernel(struct system *s, struct next_reboot *next)
{
	const struct boot_service *service = installed_service(s);
	const enum answer is_on = service ? is_switched_on(s, service) : ANSWER_UNKNOWN;

	if (is_on == ANSWER_NO)
		return arena_printf(
			&s->arena, "saut load (once), or %s (for every reboot)", service->command);
	if (is_on == ANSWER_UNKNOWN || !service->name)
		return "saut load";
	/* What is up would load in the shutdown. */
	if (service_loads_at_shutdown(&s->settings)) {
		next->reason = "the boot service is switched on, and not up";
		return arena_printf(&s->arena, "%s, or saut load", service->start);
	}
	/* What it does at last, or why it could not, is written down. */
	next->reason = "the boot service has not loaded a kernel yet";
	return arena_printf(&s->arena, "wait until %s has done so, or saut load", service->name);
}

const char *next_step(struct system *s, struct next_reboot *next)
{
	if (next->way == NEXT_JUMP || next->way == NEXT_LOAD)
		return NULL;
	if (s->off.kind != OFF_NONE && next->reason == s->off.what)
		return s->off.undo;
	return next->is_unloaded ? step_without_kernel(s, next) : NULL;
}
