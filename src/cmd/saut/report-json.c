/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut report for programs, as schema/report.json has it. */
#include "cmd/json.h"
#include "cmd/saut/reboots.h"
#include "cmd/saut/report.h"

enum { SCHEMA = 1 };

static const char *const clocks[] = {
	[TIMELINE_NONE] = NULL,
	[TIMELINE_OWN] = "own",
	[TIMELINE_COUNTER] = "counter",
	[TIMELINE_WALL_CLOCK] = "wall",
};

/* Each moment that there was, or may have been. */
static void show_moments(const struct report *r, struct json *j)
{
	const struct timeline *t = &r->timeline;

	json_open(j, "moments", '[');
	for (unsigned i = 0; i < MOMENTS; i++) {
		const struct timeline_moment *m = &t->moments[i];
		enum moment before;
		uint64_t us = 0;
		bool has_before;

		if (m->clock == TIMELINE_NONE && !r->unknown[i])
			continue;
		has_before = m->clock != TIMELINE_NONE &&
			timeline_before(t, (enum moment)i, &before) &&
			timeline_between(t, before, (enum moment)i, &us);
		json_open(j, NULL, '{');
		json_string(j, "name", moment_name((enum moment)i));
		json_number_if(j, "at_us", m->clock != TIMELINE_NONE, m->us);
		json_number_if(j, "took_us", has_before, us);
		json_string(j, "after", has_before ? moment_name(before) : NULL);
		json_string(j, "clock", clocks[m->clock]);
		json_string(j, "unknown", r->unknown[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void show_longest(const char *key, const struct longest *l, struct json *j)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < l->count; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", l->items[i].name);
		json_number(j, "us", l->items[i].us);
		json_number(j, "begun_us", l->items[i].begun_us);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void show_time(const char *key, struct own_time t, struct json *j)
{
	json_number_if(j, key, t.is_known, t.us);
}

/* By its own word, and by ours. */
static void show_firmware(const struct report *r, struct json *j)
{
	json_open(j, "firmware", '{');
	show_time("firmware_us", r->firmware.firmware, j);
	show_time("boot_loader_us", r->firmware.loader, j);
	json_string(j, "by", r->firmware.by);
	json_number_if(j, "measured", r->has_cold, r->cold.when);
	json_string(j, "from", r->has_cold ? moment_name(r->cold.from) : NULL);
	show_time("away_us", r->has_cold ? r->cold.away : (struct own_time){ 0 }, j);
	show_time("since_reset_us", r->has_cold ? r->cold.reset : (struct own_time){ 0 }, j);
	json_close(j, '}');
}

static void show_history(const struct history *h, struct json *j)
{
	json_open(j, "history", '[');
	for (size_t i = 0; i < h->count; i++) {
		const struct past_reboot *p = &h->items[i];

		json_open(j, NULL, '{');
		json_number(j, "when", p->when);
		json_string(j, "by", p->way);
		json_string(j, "release", p->release);
		show_time("shutdown_us", p->shutdown, j);
		show_time("away_us", p->away, j);
		show_time("boot_us", p->boot, j);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void report_show_json(const struct report *r)
{
	struct json j = { .out = stdout };
	enum moment first, last;
	uint64_t us = 0;
	const bool has_sum = timeline_ends(&r->timeline, &first, &last) &&
		timeline_between(&r->timeline, first, last, &us);

	json_begin(&j, SCHEMA);
	json_answer(&j, "came_by_kexec", r->arrival.by_kexec);
	json_bool(&j, "came_by_saut", r->arrival.by_saut);
	reboots_show_json_record("last_reboot", r->has_record ? &r->record : NULL, &j);
	json_string(&j, "last_reboot_unknown", r->record_unknown);
	show_moments(r, &j);
	json_bool(&j, "joined", r->timeline.is_joined);
	json_number_if(&j, "total_us", has_sum, us);
	json_known_number(&j, "counter_khz", r->timeline.khz);
	show_time("away_us", r->away, &j);
	json_string(&j, "away_from", r->away.is_known ? moment_name(r->from) : NULL);
	show_firmware(r, &j);
	show_time("saved_us", r->gain, &j);
	show_history(&r->history, &j);
	show_longest("units", &r->units, &j);
	show_longest("initcalls", &r->initcalls, &j);
	show_longest("probes", &r->probes, &j);
	json_notes(&j, &r->timeline.notes, NULL);
	json_end(&j);
}
