/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/reboots.h"

#include <string.h>

#include "cmd/saut/foretold.h"
#include "cmd/saut/loadings.h"
#include "cmd/say.h"

static const char *const ways[] = {
	[REBOOT_BY_FIRMWARE] = "through the firmware",
	[REBOOT_BY_KEXEC] = "by kexec",
};

static const char *const checks[] = {
	[STUB_CHECK_NONE] = "were not checked",
	[STUB_CHECK_SHA256] = "were checked by SHA-256",
	[STUB_CHECK_CRC32C] = "were checked by CRC-32C",
};

static void show_arrival(const struct arrival *a)
{
	if (a->by_kexec == ANSWER_UNKNOWN)
		say("whether this boot came by kexec is unknown: this kernel does not tell\n");
	else if (a->by_kexec == ANSWER_NO)
		say("this boot came through the firmware\n");
	else if (a->by_saut && a->record.check < sizeof checks / sizeof *checks)
		say("this boot came by kexec, loaded by saut: %llu bytes %s on the way\n",
			(unsigned long long)a->record.bytes, checks[a->record.check]);
	else
		say("this boot came by kexec\n");
}

/* The next reboot has been told of: what is left is what the sentence does not say. */
static void show_loaded(struct system *s, const struct foretold *f)
{
	const struct loaded *l = &s->loaded;
	const char *kernel = l->of.kernel ? loading_words(&l->of, &s->arena) : NULL;
	char date[DATE_MAX];

	if (l->is_stale)
		say("nothing is loaded any more; %s was loaded last, by %s\n",
			kernel ? kernel : "a kernel", loader_words(l->of.by));
	if (f->next.way == NEXT_JUMP || l->is != ANSWER_YES)
		return;
	if (!l->has_record)
		say("a kernel is loaded that nothing is known of: %s\n",
			l->unread ? l->unread : "saut did not load it");
	else if (l->of.when)
		say("%s is loaded, by %s on %s\n", kernel, loader_words(l->of.by),
			date_of(l->of.when, date));
	else
		say("%s is loaded, by %s\n", kernel, loader_words(l->of.by));
}

/* What this boot shows of how it came, against what was meant. */
static const char *contradiction(const struct system *s)
{
	const struct reboot_record *r = &s->record;

	if (r->way == REBOOT_BY_KEXEC && s->arrival.by_kexec == ANSWER_NO)
		return "but this boot came through the firmware: the jump failed or was left out, or "
		       "the machine was reset since";
	if (r->way == REBOOT_BY_FIRMWARE && s->arrival.by_kexec == ANSWER_YES)
		return "but this boot came by kexec: that reboot was not the last one";
	if (r->way == REBOOT_BY_KEXEC && r->of.release[0] && s->now.release[0] &&
		strcmp(r->of.release, s->now.release) != 0)
		return "but another kernel runs: that reboot was not the last one";
	return NULL;
}

static void show_record(struct system *s)
{
	const struct reboot_record *record = &s->record;
	const char *what = s->is_ahead ? "reboot under way" : "last reboot";
	const char *kernel = record->of.kernel[0] ? loading_words(&record->of, &s->arena) : NULL;
	char date[DATE_MAX];

	say("%s (%s): %s", what, date_of(record->when, date), ways[record->way]);
	if (kernel && record->way == REBOOT_BY_KEXEC)
		say(" into %s", kernel);
	if (record->of.by != LOADER_UNKNOWN && record->way == REBOOT_BY_KEXEC)
		say(", loaded by %s", loader_words(record->of.by));
	if (record->reason[0])
		say("; %s", record->reason);
	say("\n");
	if (!s->is_ahead && contradiction(s))
		say("    %s\n", contradiction(s));
}

static void show_schedule(const struct schedule *schedule)
{
	char date[DATE_MAX];

	say("a reboot %s waits for %s: saut reboot --cancel forgets it\n",
		ways[schedule->record.way], date_of(schedule->record.when, date));
}

/* What is switched off, where the next reboot has another reason. */
static void show_switch(const struct off_switch *off)
{
	if (off->kind == OFF_UNKNOWN)
		say("whether reboots by kexec are switched off is unknown: %s\nto change that: %s\n",
			off->what, off->undo);
	else if (off->kind != OFF_NONE)
		say("reboots by kexec are switched off: %s\nto change that: %s\n", off->what,
			off->undo);
}

void reboots_show(struct system *s, const struct foretold *f)
{
	foretold_show(s, f, &s->arena);
	if (s->off.what != f->next.reason)
		show_switch(&s->off);
	if (s->has_schedule)
		show_schedule(&s->schedule);
	if (s->schedule_unknown)
		say("whether a reboot waits for its time is unknown: %s\n", s->schedule_unknown);
	show_loaded(s, f);
	show_arrival(&s->arrival);
	if (s->has_record)
		show_record(s);
}

void reboots_show_json_record(const char *name, const struct reboot_record *record, struct json *j)
{
	if (!record) {
		json_null(j, name);
		return;
	}
	json_open(j, name, '{');
	json_number(j, "when", record->when);
	json_known(j, "boot_id", record->boot_id);
	json_bool(j, "by_kexec", record->way == REBOOT_BY_KEXEC);
	json_known(j, "reason", record->reason);
	loading_show_json("kernel", record->of.kernel[0] ? &record->of : NULL, j);
	json_close(j, '}');
}

void reboots_show_json(const struct system *s, const struct foretold *f, struct json *j)
{
	const struct loaded *l = &s->loaded;
	const bool is_unknown = s->off.kind == OFF_UNKNOWN;

	foretold_show_json(f, j);
	json_string(j, "switched_off", is_unknown ? NULL : s->off.what);
	json_string(j, "switches_unknown", is_unknown ? s->off.what : NULL);
	json_string(j, "switch_on", s->off.undo);
	loading_show_json("loaded_kernel", l->has_record ? &l->of : NULL, j);
	json_string(j, "loaded_unknown", l->unread);
	loading_show_json("loaded_before", l->is_stale ? &l->of : NULL, j);
	json_answer(j, "came_by_kexec", s->arrival.by_kexec);
	json_bool(j, "came_by_saut", s->arrival.by_saut);
	reboots_show_json_record(
		"last_reboot", s->has_record && !s->is_ahead ? &s->record : NULL, j);
	reboots_show_json_record(
		"reboot_under_way", s->has_record && s->is_ahead ? &s->record : NULL, j);
	reboots_show_json_record("reboot_waiting", s->has_schedule ? &s->schedule.record : NULL, j);
	json_string(j, "reboot_waiting_unknown", s->schedule_unknown);
}
