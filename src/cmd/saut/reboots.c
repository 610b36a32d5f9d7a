/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/reboots.h"

#include <stdio.h>
#include <time.h>

#include "machine/text.h"

static const char *const ways[] = {
	[REBOOT_BY_FIRMWARE] = "through the firmware",
	[REBOOT_BY_KEXEC] = "by kexec",
};

static const char *const checks[] = {
	[STUB_CHECK_NONE] = "not checked",
	[STUB_CHECK_SHA256] = "checked by SHA-256",
	[STUB_CHECK_CRC32C] = "checked by CRC-32C",
};

struct reboots reboots_look(
	const struct source *source, struct arena *arena, const struct kexec_ability *ability)
{
	struct reboots r = {
		.off = off_switch_find(source, arena, ability),
		.arrival = arrival_find(source, arena),
	};
	struct view id;

	r.has_record = reboot_record_read(source, arena, &r.record);
	r.is_ahead = r.has_record &&
		source_read(source, "proc/sys/kernel/random/boot_id", arena, &id) &&
		text_is(text_trim(id), r.record.boot_id);
	return r;
}

static void show_arrival(const struct arrival *a)
{
	fputs("this boot came: ", stdout);
	if (a->by_kexec == ANSWER_UNKNOWN)
		puts("unknown, this kernel does not tell");
	else if (a->by_kexec == ANSWER_NO)
		puts(ways[REBOOT_BY_FIRMWARE]);
	else if (a->by_saut && a->record.check < sizeof checks / sizeof *checks)
		printf("by kexec, loaded by saut, %llu bytes %s on the way\n",
			(unsigned long long)a->record.bytes, checks[a->record.check]);
	else
		puts(ways[REBOOT_BY_KEXEC]);
}

static const char *date_of(uint64_t when, char ret[static 32])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!localtime_r(&t, &tm) || !strftime(ret, 32, "%Y-%m-%d %H:%M:%S", &tm))
		return "some day";
	return ret;
}

static void show_record(const struct reboots *r)
{
	const struct reboot_record *record = &r->record;
	char date[32];

	printf("%s (%s): %s", r->is_ahead ? "reboot under way" : "last reboot",
		date_of(record->when, date), ways[record->way]);
	if (record->kernel[0])
		printf(" into %s", record->kernel);
	if (record->reason[0])
		printf("; %s", record->reason);
	putchar('\n');
	if (!r->is_ahead && record->way == REBOOT_BY_KEXEC && r->arrival.by_kexec == ANSWER_NO)
		puts("    but this boot came through the firmware: the jump failed or was left out, or "
		     "the machine was reset since");
}

void reboots_show(const struct reboots *r)
{
	if (r->off.kind == OFF_NONE)
		puts("reboots by kexec are not switched off");
	else
		printf("reboots by kexec are switched off: %s\nto change that: %s\n", r->off.what,
			r->off.undo);
	show_arrival(&r->arrival);
	if (r->has_record)
		show_record(r);
}

static void show_json_record(const struct reboots *r, struct json *j)
{
	json_open(j, r->is_ahead ? "reboot_under_way" : "last_reboot", '{');
	json_number(j, "when", r->record.when);
	json_string(j, "boot_id", r->record.boot_id);
	json_bool(j, "by_kexec", r->record.way == REBOOT_BY_KEXEC);
	json_string(j, "kernel", r->record.kernel);
	json_string(j, "reason", r->record.reason);
	json_close(j, '}');
}

void reboots_show_json(const struct reboots *r, struct json *j)
{
	json_string(j, "switched_off", r->off.what);
	if (r->arrival.by_kexec == ANSWER_UNKNOWN)
		json_null(j, "came_by_kexec");
	else
		json_bool(j, "came_by_kexec", r->arrival.by_kexec == ANSWER_YES);
	json_bool(j, "came_by_saut", r->arrival.by_saut);
	if (r->has_record)
		show_json_record(r, j);
}
