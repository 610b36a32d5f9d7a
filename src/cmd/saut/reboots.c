/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/reboots.h"

#include <time.h>

#include "cmd/say.h"

static const char *const ways[] = {
	[REBOOT_BY_FIRMWARE] = "through the firmware",
	[REBOOT_BY_KEXEC] = "by kexec",
};

static const char *const checks[] = {
	[STUB_CHECK_NONE] = "not checked",
	[STUB_CHECK_SHA256] = "checked by SHA-256",
	[STUB_CHECK_CRC32C] = "checked by CRC-32C",
};

static void show_arrival(const struct arrival *a)
{
	say("this boot came: ");
	if (a->by_kexec == ANSWER_UNKNOWN)
		say("unknown, this kernel does not tell\n");
	else if (a->by_kexec == ANSWER_NO)
		say("%s\n", ways[REBOOT_BY_FIRMWARE]);
	else if (a->by_saut && a->record.check < sizeof checks / sizeof *checks)
		say("by kexec, loaded by saut, %llu bytes %s on the way\n",
			(unsigned long long)a->record.bytes, checks[a->record.check]);
	else
		say("%s\n", ways[REBOOT_BY_KEXEC]);
}

static const char *date_of(uint64_t when, char ret[static 32])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!localtime_r(&t, &tm) || !strftime(ret, 32, "%Y-%m-%d %H:%M:%S", &tm))
		return "some day";
	return ret;
}

/* For people: who has loaded it. */
static const char *const loaders[LOADERS] = {
	[LOADER_UNKNOWN] = "somebody else",
	[LOADER_SERVICE] = "the boot service",
	[LOADER_SAUT] = "saut",
	[LOADER_KEXEC] = "kexec",
	[LOADER_LIBRARY] = "a program, by libsaut",
};

static void show_loading(const struct loading *l)
{
	char date[32];

	say("%s", l->kernel);
	if (l->release[0])
		say(" (Linux %s)", l->release);
	say(", by %s", loaders[l->by]);
	if (l->when)
		say(", %s", date_of(l->when, date));
	say("\n");
	if (l->title[0])
		say("    entry    %s\n", l->title);
	for (size_t i = 0; l->initrds && l->initrds[i]; i++)
		say("    initrd   %s\n", l->initrds[i]);
	if (l->command_line)
		say("    options  %s\n", l->command_line);
}

static void show_loaded(const struct loaded *l)
{
	if (l->has_record) {
		say("%s: ", l->is == ANSWER_YES ? "loaded" : "loaded, as far as is known");
		show_loading(&l->of);
	} else if (l->is == ANSWER_YES && l->unread) {
		say("loaded: a kernel that nothing is known of: %s\n", l->unread);
	} else if (l->is == ANSWER_YES) {
		say("loaded: a kernel that nothing is known of: it was not loaded by saut\n");
	} else if (l->is_stale) {
		say("loaded: nothing any more; it was ");
		show_loading(&l->of);
	}
}

static void show_record(const struct system *s)
{
	const struct reboot_record *record = &s->record;
	char date[32];

	say("%s (%s): %s", s->is_ahead ? "reboot under way" : "last reboot",
		date_of(record->when, date), ways[record->way]);
	if (record->of.kernel[0])
		say(" into %s", record->of.kernel);
	if (record->reason[0])
		say("; %s", record->reason);
	say("\n");
	if (!s->is_ahead && record->way == REBOOT_BY_KEXEC && s->arrival.by_kexec == ANSWER_NO)
		say("    but this boot came through the firmware: the jump failed or was left out, or "
		    "the machine was reset since\n");
}

static void show_schedule(const struct schedule *schedule)
{
	char date[32];

	say("a reboot %s waits for %s: saut reboot --cancel forgets it\n",
		ways[schedule->record.way], date_of(schedule->record.when, date));
}

void reboots_show(const struct system *s)
{
	if (s->off.kind == OFF_NONE)
		say("reboots by kexec are not switched off\n");
	else if (s->off.kind == OFF_UNKNOWN)
		say("whether reboots by kexec are switched off is unknown: %s\nto change that: %s\n",
			s->off.what, s->off.undo);
	else
		say("reboots by kexec are switched off: %s\nto change that: %s\n", s->off.what,
			s->off.undo);
	if (s->has_schedule)
		show_schedule(&s->schedule);
	if (s->schedule_unknown)
		say("whether a reboot waits for its time is unknown: %s\n", s->schedule_unknown);
	show_loaded(&s->loaded);
	show_arrival(&s->arrival);
	if (s->has_record)
		show_record(s);
}

static void show_json_record(const char *name, const struct reboot_record *record, struct json *j)
{
	json_open(j, name, '{');
	json_number(j, "when", record->when);
	json_string(j, "boot_id", record->boot_id);
	json_bool(j, "by_kexec", record->way == REBOOT_BY_KEXEC);
	json_string(j, "kernel", record->of.kernel);
	json_string(j, "reason", record->reason);
	json_close(j, '}');
}

static const char *known(const char *text)
{
	return text && text[0] ? text : NULL;
}

static void show_json_loading(const char *name, const struct loading *l, struct json *j)
{
	json_open(j, name, '{');
	json_string(j, "by", l->by == LOADER_UNKNOWN ? NULL : loader_name(l->by));
	if (l->when)
		json_number(j, "when", l->when);
	else
		json_null(j, "when");
	json_string(j, "entry", known(l->title));
	json_string(j, "kernel", known(l->kernel));
	json_string(j, "release", known(l->release));
	json_string(j, "command_line", l->command_line);
	if (l->initrds) {
		json_open(j, "initrds", '[');
		for (size_t i = 0; l->initrds[i]; i++)
			json_string(j, NULL, l->initrds[i]);
		json_close(j, ']');
	} else {
		json_null(j, "initrds");
	}
	json_close(j, '}');
}

void reboots_show_json(const struct system *s, struct json *j)
{
	json_string(j, "switched_off", s->off.kind == OFF_UNKNOWN ? NULL : s->off.what);
	json_string(j, "switches_unknown", s->off.kind == OFF_UNKNOWN ? s->off.what : NULL);
	if (s->arrival.by_kexec == ANSWER_UNKNOWN)
		json_null(j, "came_by_kexec");
	else
		json_bool(j, "came_by_kexec", s->arrival.by_kexec == ANSWER_YES);
	json_bool(j, "came_by_saut", s->arrival.by_saut);
	if (s->loaded.has_record)
		show_json_loading("loaded_kernel", &s->loaded.of, j);
	if (s->has_record)
		show_json_record(s->is_ahead ? "reboot_under_way" : "last_reboot", &s->record, j);
	if (s->has_schedule)
		show_json_record("reboot_waiting", &s->schedule.record, j);
	if (s->schedule_unknown)
		json_string(j, "reboot_waiting_unknown", s->schedule_unknown);
}
