/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prometheus' text format, version 0.0.4: what is not known has no line. All names and labels are ours. */
#include <string.h>

#include "cmd/saut/report.h"
#include "cmd/say.h"

enum { LINE_MAX_BYTES = 256 };

static void put(const char *line)
{
	say_plain(view_of_string(line));
}

static void put_help(const char *name, const char *help)
{
	char line[LINE_MAX_BYTES];

	snprintf(line, sizeof line, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	put(line);
}

/* Seconds, with or without a label. */
static void put_time(const char *name, const char *label, uint64_t us)
{
	char line[LINE_MAX_BYTES];

	snprintf(line, sizeof line, "%s%s %llu.%06llu\n", name, label,
		(unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000));
	put(line);
}

static void put_one(const char *name, const char *help, struct own_time t)
{
	if (!t.is_known)
		return;
	put_help(name, help);
	put_time(name, "", t.us);
}

static void put_moments(const struct timeline *t)
{
	char label[LINE_MAX_BYTES / 2];

	put_help("saut_reboot_moment_seconds",
		"Moments of the last reboot, from its first known one on.");
	for (unsigned i = 0; i < MOMENTS; i++) {
		if (t->moments[i].clock == TIMELINE_NONE ||
			(!t->is_joined && i < MOMENT_KERNEL_CLOCK))
			continue;
		snprintf(label, sizeof label, "{moment=\"%s\"}", moment_name((enum moment)i));
		put_time("saut_reboot_moment_seconds", label, t->moments[i].us);
	}
}

void report_show_metrics(const struct report *r)
{
	struct own_time total = { 0 };
	enum moment first, last;

	total.is_known = timeline_ends(&r->timeline, &first, &last) &&
		timeline_between(&r->timeline, first, last, &total.us);
	if (r->arrival.by_kexec != ANSWER_UNKNOWN) {
		put_help("saut_reboot_by_kexec", "Whether this boot came by kexec.");
		put(r->arrival.by_kexec == ANSWER_YES ? "saut_reboot_by_kexec 1\n"
						      : "saut_reboot_by_kexec 0\n");
	}
	put_moments(&r->timeline);
	put_one("saut_reboot_total_seconds", "From its first known moment to its last.", total);
	put_one("saut_reboot_away_seconds", "From the last service to the next kernel.", r->away);
	put_one("saut_firmware_seconds", "What the firmware took the last time.",
		r->firmware.firmware);
	put_one("saut_boot_loader_seconds", "What the boot loader took the last time.",
		r->firmware.loader);
	put_one("saut_reboot_saved_seconds", "What the last jump saved.", r->gain);
}
