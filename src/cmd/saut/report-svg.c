/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report as a picture: time from left to right, a bar for each part of the reboot and for what took long in this boot. */
#include <stdlib.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/saut/loadings.h"
#include "cmd/saut/report.h"
#include "cmd/svg.h"
#include "sys/store.h"

/* In pixels. */
static const double WIDTH = 900;
static const double MARGIN = 20;
static const double HEAD = 90; /* above the first row */
static const double ROW = 22;
static const double BAR = 16;
static const double GAP = 12;   /* between groups */
static const double LEAST = 3;  /* of a bar, of which the edge hides one */
static const double LETTER = 7; /* the width of one, or a little more */

enum { TICKS_MOST = 10 };

/* The colour of what a moment ends. */
static const char *const classes[MOMENTS] = {
	[MOMENT_ASKED] = "a",
	[MOMENT_SHUTDOWN] = "a",
	[MOMENT_LOAD_BEGINS] = "a",
	[MOMENT_LOADED] = "a",
	[MOMENT_STOPPED] = "a",
	[MOMENT_LEAVES] = "a",
	[MOMENT_STUB_ENTERED] = "f",
	[MOMENT_STUB_VERIFIED] = "d",
	[MOMENT_KERNEL_ENTERED] = "d",
	[MOMENT_KERNEL_CLOCK] = "f",
	[MOMENT_INIT] = "b",
	[MOMENT_ROOT] = "b",
	[MOMENT_SYSTEM] = "b",
	[MOMENT_FINISHED] = "c",
};

struct picture {
	FILE *out;
	const struct report *report;
	struct arena arena;
	uint64_t all_us;
	double y;
};

/* From one time to another, of which class, and what is written beside it. */
struct bar {
	const char *class;
	uint64_t from, to;
	const char *text;
};

static double x_of(const struct picture *p, uint64_t us)
{
	const double room = WIDTH - 2 * MARGIN;

	return MARGIN + (p->all_us ? (double)us / (double)p->all_us * room : 0);
}

/* Beside the bar: to its right where there is room, else before it, else below it. */
static void put_bar(struct picture *p, const struct bar *bar)
{
	const double left = x_of(p, bar->from), right = x_of(p, bar->to);
	const double width = right - left < LEAST ? LEAST : right - left;
	const double text = LETTER * (double)strlen(bar->text);
	const double middle = p->y + BAR - 4;

	svg_box(p->out, (struct svg_box){ bar->class, left, p->y, width, BAR }, bar->text);
	if (right + text < WIDTH - MARGIN)
		svg_text(p->out, (struct svg_place){ "", right + 4, middle }, bar->text);
	else if (left > text + MARGIN)
		svg_text(p->out, (struct svg_place){ "", left - text, middle }, bar->text);
	else
		svg_text(p->out, (struct svg_place){ "", MARGIN + 4, (p->y += BAR) + BAR - 3 },
			bar->text);
	p->y += ROW;
}

/* What is said of it in the user's language, behind what all say alike, with how long it took. */
static const char *words(struct picture *p, const char *before, const char *what, uint64_t us)
{
	const char *said = message_in_language(what, &p->arena);
	char text[SECONDS_MAX];
	const char *made = said
		? arena_printf(&p->arena, "%s%s (%s)", before, said, seconds_of(us, text))
		: NULL;

	return made ? made : what;
}

static void put_moments(struct picture *p)
{
	const struct timeline *t = &p->report->timeline;

	/* A bar is what leads to the moment that it ends with. */
	for (unsigned i = 0; i < MOMENTS; i++) {
		const enum moment moment = (enum moment)i;
		enum moment before;
		uint64_t us;

		if (t->moments[moment].clock == TIMELINE_NONE ||
			!timeline_before(t, moment, &before) ||
			!timeline_between(t, before, moment, &us))
			continue;
		put_bar(p,
			&(const struct bar){ classes[moment], t->moments[before].us,
				t->moments[moment].us, words(p, "→ ", report_words(moment), us) });
	}
}

/* By the clock of this boot, which begins somewhere on the axis. */
static void put_longest(struct picture *p, const struct longest *l)
{
	const struct timeline_moment *clock = &p->report->timeline.moments[MOMENT_KERNEL_CLOCK];

	if (l->count == 0 || clock->clock == TIMELINE_NONE)
		return;
	p->y += GAP;
	for (size_t i = 0; i < l->count; i++) {
		const struct long_one *one = &l->items[i];
		const uint64_t from = clock->us + one->begun_us;

		if (from <= p->all_us && one->us <= p->all_us - from)
			put_bar(p,
				&(const struct bar){ "e", from, from + one->us,
					words(p, "", one->name, one->us) });
	}
}

/* 1, 2 or 5 of a power of ten, so that not too many fit. */
static uint64_t step_of(uint64_t all)
{
	uint64_t step = 100000;

	for (unsigned i = 0; all / step > TICKS_MOST; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

static void put_axis(struct picture *p, double height)
{
	const uint64_t step = step_of(p->all_us);

	for (uint64_t us = 0; us <= p->all_us; us += step) {
		const double x = x_of(p, us);
		char text[SECONDS_MAX];

		svg_box(p->out, (struct svg_box){ "e", x, HEAD - 14, 2, height - HEAD - 6 }, NULL);
		if (x < WIDTH - 3 * MARGIN)
			svg_text(p->out, (struct svg_place){ "small", x + 3, HEAD - 6 },
				seconds_of(us, text));
	}
}

static void put_head(struct picture *p)
{
	const struct report *r = p->report;
	const char *title = r->arrival.by_kexec == ANSWER_YES ? "reboot by kexec"
		: r->arrival.by_kexec == ANSWER_NO            ? "reboot through the firmware"
							      : "last reboot";
	char date[DATE_MAX];

	svg_text(p->out, (struct svg_place){ "title", MARGIN, 32 }, words(p, "", title, p->all_us));
	if (r->has_record)
		svg_text(p->out, (struct svg_place){ "small", MARGIN, 52 },
			arena_printf(&p->arena, "%s  %s", date_of(r->record.when, date),
				r->record.of.release));
	else if (!r->timeline.is_joined)
		svg_text(p->out, (struct svg_place){ "small", MARGIN, 52 },
			"no clock tells how far apart the two boots are");
}

/* Where a text has no room beside its bar it has a line of its own, so that the height is not known before. */
static void put_rows(struct picture *p)
{
	p->y = HEAD;
	put_moments(p);
	put_longest(p, &p->report->units);
	put_longest(p, &p->report->initcalls);
	put_longest(p, &p->report->probes);
}

static void draw(struct picture *p, double height)
{
	svg_begin(p->out, WIDTH, height);
	put_head(p);
	put_axis(p, height);
	put_rows(p);
	svg_end(p->out);
}

/* Of the height that a first try has come to. */
static bool write_all(struct picture *p, char **ret)
{
	double height = 0;
	size_t size;

	for (unsigned i = 0; i < 2; i++) {
		free(*ret);
		p->out = open_memstream(ret, &size);
		if (!p->out)
			return false;
		draw(p, height);
		height = p->y + MARGIN;
		if (fclose(p->out) != 0)
			return false;
	}
	return true;
}

bool report_svg(const struct report *report, const char *path, struct error *err)
{
	struct picture p = { .report = report };
	enum moment first, last;
	char *text = NULL;
	bool done;

	if (timeline_ends(&report->timeline, &first, &last))
		p.all_us = report->timeline.moments[last].us;
	done = write_all(&p, &text) ? store_file(path, text, err) : fail_no_memory(err);
	arena_free(&p.arena);
	free(text);
	return done;
}
