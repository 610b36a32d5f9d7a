/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut report for people: the moments of the reboot in their order, with what lies between them. */
#include <string.h>

#include "cmd/columns.h"
#include "cmd/saut/loadings.h"
#include "cmd/saut/report.h"
#include "cmd/say.h"

enum { LABEL = 24 };

static const char *const words[MOMENTS] = {
	[MOMENT_ASKED] = "the init is asked to reboot",
	[MOMENT_SHUTDOWN] = "the shutdown begins",
	[MOMENT_LOAD_BEGINS] = "loading begins",
	[MOMENT_LOADED] = "the kernel is loaded",
	[MOMENT_STOPPED] = "all services have stopped",
	[MOMENT_LEAVES] = "reboot(2) is called",
	[MOMENT_STUB_ENTERED] = "the stub is entered",
	[MOMENT_STUB_VERIFIED] = "what was loaded is verified",
	[MOMENT_KERNEL_ENTERED] = "the kernel is entered",
	[MOMENT_KERNEL_CLOCK] = "the kernel's clock begins",
	[MOMENT_INIT] = "/init is started",
	[MOMENT_ROOT] = "the root file system is mounted",
	[MOMENT_SYSTEM] = "the system's init is started",
	[MOMENT_FINISHED] = "the boot is done",
};

const char *report_words(enum moment moment)
{
	return words[moment];
}

const char *seconds_of(uint64_t us, char ret[static SECONDS_MAX])
{
	snprintf(ret, SECONDS_MAX, "%llu.%03llu s", (unsigned long long)(us / 1000000),
		(unsigned long long)(us / 1000 % 1000));
	return ret;
}

/* Wrapped, from the left side on. */
static void show_sentence(const char *sentence)
{
	static const struct columns whole = { 0 };

	if (sentence)
		columns_say(&whole, "", sentence);
}

static const char *way_of(struct report *r, struct arena *arena)
{
	const struct reboot_record *record = &r->record;
	const char *kernel =
		r->has_record && record->of.kernel[0] ? loading_words(&record->of, arena) : NULL;

	if (r->arrival.by_kexec == ANSWER_UNKNOWN)
		return "whether this boot came by kexec is unknown: this kernel does not tell";
	if (r->arrival.by_kexec == ANSWER_NO)
		return "this boot came through the firmware";
	return kernel && record->way == REBOOT_BY_KEXEC
		? arena_printf(arena, "by kexec into %s", kernel)
		: "this boot came by kexec";
}

static void show_way(struct report *r, struct arena *arena)
{
	const struct reboot_record *record = &r->record;
	const char *way = way_of(r, arena);
	char date[DATE_MAX];

	if (r->has_record && way)
		way = arena_printf(arena, "last reboot (%s): %s", date_of(record->when, date), way);
	show_sentence(way);
	if (r->has_record && record->reason[0])
		say("    %s\n", record->reason);
	if (r->record_unknown)
		show_sentence(arena_printf(
			arena, "how the last boot ended is not known: %s", r->record_unknown));
}

/* Both numbers are of one width. */
static void show_row(const char *at, const char *took, const char *text)
{
	static const struct columns columns = { LABEL };
	char label[3 * SECONDS_MAX];

	snprintf(label, sizeof label, "%10s %10s", at, took);
	columns_say(&columns, label, text);
}

static void show_moment(const struct report *r, enum moment moment, struct arena *arena)
{
	const struct timeline *t = &r->timeline;
	char at[SECONDS_MAX], took[SECONDS_MAX];
	const char *unknown = r->unknown[moment];
	enum moment before;
	uint64_t us;

	if (t->moments[moment].clock != TIMELINE_NONE) {
		bool has_before = timeline_before(t, moment, &before) &&
			timeline_between(t, before, moment, &us);

		show_row(seconds_of(t->moments[moment].us, at),
			has_before ? seconds_of(us, took) : "", words[moment]);
		return;
	}
	/* What is told of once. */
	if (unknown == r->record_unknown)
		return;
	unknown = unknown ? arena_printf(arena, "%s: not known, %s", words[moment], unknown) : NULL;
	if (unknown)
		show_row("?", "?", unknown);
}

/* Of those that lie in one boot the earlier one first: what is loaded may be so beside what stops. */
static size_t in_order(const struct timeline *t, enum moment ret[static MOMENTS])
{
	for (unsigned i = 0; i < MOMENTS; i++) {
		unsigned at = i;

		while (at > 0 && t->moments[i].clock != TIMELINE_NONE &&
			t->moments[ret[at - 1]].clock != TIMELINE_NONE && t->is_joined &&
			t->moments[ret[at - 1]].us > t->moments[i].us) {
			ret[at] = ret[at - 1];
			at--;
		}
		ret[at] = (enum moment)i;
	}
	return MOMENTS;
}

static void show_sum(const struct report *r)
{
	enum moment first, last;
	char text[SECONDS_MAX];
	uint64_t us;

	if (!timeline_ends(&r->timeline, &first, &last))
		return;
	if (timeline_between(&r->timeline, first, last, &us))
		say("in all %s\n", seconds_of(us, text));
	else
		say("no clock tells how far apart the two boots are: each one's times begin at 0\n");
}

/* What the firmware would have cost, by its own word and by ours. */
static void show_firmware(const struct report *r)
{
	const struct firmware_times *f = &r->firmware;
	const struct cold_boot *cold = &r->cold;
	char a[SECONDS_MAX], b[SECONDS_MAX], date[DATE_MAX];

	if (f->by && f->loader.is_known)
		say("the firmware took %s the last time, the boot loader %s (%s)\n",
			seconds_of(f->firmware.us, a), seconds_of(f->loader.us, b), f->by);
	else if (f->by)
		say("the firmware took %s the last time (%s)\n", seconds_of(f->firmware.us, a),
			f->by);
	if (r->has_cold && cold->away.is_known && r->arrival.by_kexec == ANSWER_YES)
		say("the same through the firmware took %s (%s)\n", seconds_of(cold->away.us, a),
			date_of(cold->when, date));
	if (r->has_cold && cold->reset.is_known)
		say("then the kernel began %s after the reset (%s)\n",
			seconds_of(cold->reset.us, a), date_of(cold->when, date));
	if (r->gain.is_known)
		say("this jump has saved %s\n", seconds_of(r->gain.us, a));
}

static void show_longest(const char *what, const struct longest *l)
{
	char text[SECONDS_MAX];

	if (l->count)
		say("%s:\n", what);
	for (size_t i = 0; i < l->count; i++)
		say("%10s  %s\n", seconds_of(l->items[i].us, text), l->items[i].name);
}

void report_show(struct report *r, struct arena *arena)
{
	enum moment order[MOMENTS];
	const size_t count = in_order(&r->timeline, order);

	show_way(r, arena);
	say("        at       took\n");
	for (size_t i = 0; i < count; i++)
		show_moment(r, order[i], arena);
	show_sum(r);
	show_firmware(r);
	show_longest("the slowest units of this boot", &r->units);
	show_longest("the slowest calls of the kernel's start", &r->initcalls);
	show_longest("the slowest probes of devices", &r->probes);
}
