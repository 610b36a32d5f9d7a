/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * saut service: what the scripts and units of boot services call. Whatever fails here, the machine
 * still reboots: then nothing is loaded, and init goes through the firmware.
 */
#include "cmd/saut/service.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/near.h"
#include "cmd/message.h"
#include "cmd/saut/confirm.h"
#include "cmd/saut/verb.h"

static bool confirm(struct service *s, struct error *err)
{
	return confirm_boot(&s->system, err);
}

static const struct {
	const char *name;
	bool (*run)(struct service *s, struct error *err);
	bool changes; /* what is loaded, so that it needs a turn */
	bool has_json;
	bool leaves_unmounted; /* it can do without what nobody has mounted, and keeps nobody from doing that */
	const char *attempt;
} actions[] = {
	{ "start", service_start, true, false, false, "start the boot service" },
	{ "stop", service_stop, true, false, false, "stop the boot service" },
	{ "load", service_load, true, false, false, "load for the boot service" },
	{ "reload", service_reload, true, false, false, "load for the boot service" },
	{ "prepare", service_prepare, false, false, true,
		"keep ready what the next shutdown loads" },
	{ "check", service_check, false, true, false, "load for the boot service" },
	{ "status", service_status, false, true, false, "boot by kexec" },
	{ "unbind", service_unbind, true, false, false, "unbind drivers before the jump" },
	{ "jump", service_jump, true, false, false, "jump at the end of the shutdown" },
	{ "leave", service_leave, true, false, false, "write down what runs before a jump" },
	{ "confirm", confirm, false, false, true, "confirm this boot" },
};

enum { ACTIONS = sizeof actions / sizeof *actions };

static bool parse(int argc, char **argv, struct service *ret)
{
	static const struct option options[] = {
		{ "style", required_argument, NULL, 's' },
		{ "conf", required_argument, NULL, 'c' },
		{ "environment", no_argument, NULL, 'e' },
		{ "rebooting", no_argument, NULL, 'r' },
		{ "check", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 },
	};

	ret->request.style = SERVICE_SYSTEMD;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's' && service_style_by_name(optarg, &ret->request.style))
			continue;
		if (c == 'c')
			ret->request.file = optarg;
		else if (c == 'e')
			ret->request.environment = (const char *const *)environ;
		else if (c == 'r')
			ret->rebooting = true;
		else if (c == 'n')
			ret->only_check = true;
		else if (c == 'j')
			ret->as_json = true;
		else
			return false;
	}
	return optind + 1 == argc;
}

static bool unknown_action(const char *name, struct error *err)
{
	struct near_search search = { name, strlen(name), NULL, 0 };

	for (size_t i = 0; i < ACTIONS; i++)
		near_consider(&search, actions[i].name, strlen(actions[i].name));
	if (search.found)
		return fail(err, FAULT_USAGE, "saut service has no action \"%s\": did you mean %s?",
			name, search.found);
	return fail(err, FAULT_USAGE, "saut service has no action \"%s\"", name);
}

static bool run(struct service *s, const char *name, struct error *err)
{
	struct system_options options = { .service = &s->request };

	for (size_t i = 0; i < ACTIONS; i++) {
		bool done;

		if (strcmp(actions[i].name, name) != 0)
			continue;
		if (s->as_json && !actions[i].has_json)
			return fail(err, FAULT_USAGE, "saut service %s has no --json", name);
		options.to_change = actions[i].changes;
		options.leave_unmounted = actions[i].leaves_unmounted;
		done = system_look(&options, &s->system, err) && actions[i].run(s, err);
		message_flush();
		message_notes(&s->system.notes);
		system_free(&s->system);
		return done || error_attempting(err, "%s", actions[i].attempt);
	}
	return unknown_action(name, err);
}

bool verb_service(int argc, char **argv, struct error *err)
{
	struct service service = { 0 };

	/* The log is read by programs, and perhaps by others than who set the system's language. */
	setenv("LC_ALL", "C", true);
	if (!parse(argc, argv, &service))
		fail(err, FAULT_USAGE,
			"service takes one of start, stop, load, reload, prepare, check, status, unbind, jump, leave "
			"and confirm, and --style of openrc, debian, systemd or runit");
	else if (run(&service, argv[optind], err))
		return true;
	return error_attempting(err, "run saut service");
}
