/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan as a picture: the memory from its lowest address down the page, then the blackout as a bar. */
#include "cmd/saut/plan.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/amount.h"
#include "cmd/saut/plan-map.h"
#include "cmd/svg.h"
#include "sys/store.h"

/* In pixels. */
static const double WIDTH = 760;
static const double MARGIN = 20;
static const double BAR_X = 140;
static const double SIZE_X = 450; /* where sizes end */
static const double NAME_X = 462;
static const double MAP_Y = 110;
static const double ROW_LEAST = 16;
static const double COST_HEIGHT = 22;
static const double COST_LINE = 18;

/* Whole ones. */
enum { BAR_WIDTH = 240, ROW_MORE = 28 /* for the largest piece */ };

static const char *const use_classes[PREVIEW_USES] = {
	[PREVIEW_LOADED] = "a",
	[PREVIEW_ROOM] = "b",
	[PREVIEW_FREE] = "c",
	[PREVIEW_KEPT] = "d",
	[PREVIEW_FIRMWARE] = "e",
};

static const char *const cost_classes[PREVIEW_COSTS_MAX] = { "a", "b", "d", "f" };

struct picture {
	FILE *out;
	const struct preview *preview;
	struct arena arena;
	const struct preview_row *rows;
	size_t count;
	double y;
};

/* Of a path its last name, since a picture has no room for more. */
static void put_head(struct picture *p, const char *title)
{
	const struct job *job = p->preview->job;
	const char *name = title[0] == '/' || title[0] == '.' ? strrchr(title, '/') : NULL;

	svg_text(p->out, (struct svg_place){ "title", MARGIN, 32 }, name ? name + 1 : title);
	svg_text(p->out, (struct svg_place){ "small", MARGIN, 52 },
		arena_printf(&p->arena, "%s %.*s", job->image.name,
			(int)strcspn(job->image.version, " "), job->image.version));
	svg_text(p->out, (struct svg_place){ "small", MARGIN, 70 },
		arena_printf(&p->arena, "%s, since %s", kexec_call_name(job->plan.call),
			job->plan.call_reason));
}

static void put_legend(struct picture *p)
{
	for (size_t use = 0; use < PREVIEW_USES; use++) {
		const double x = MARGIN + (double)use * 145;

		svg_box(p->out, (struct svg_box){ use_classes[use], x, 84, 12, 12 }, NULL);
		svg_text(p->out, (struct svg_place){ "small", x + 18, 94 }, plan_use_texts[use]);
	}
}

static double height_of(const struct preview_row *row)
{
	return ROW_LEAST + preview_length(row->size, ROW_MORE) - 1;
}

static const char *about(struct picture *p, const struct preview_row *row, size_t use)
{
	if (row->single && row->single->why)
		return row->single->why;
	return arena_printf(
		&p->arena, "%s: %s", plan_use_texts[use], amount_text(row->sizes[use], &p->arena));
}

static void put_row(struct picture *p, const struct preview_row *row)
{
	const double height = height_of(row), middle = p->y + height / 2 + 4;
	unsigned cells[PREVIEW_USES];
	double x = BAR_X;

	plan_bar(row, BAR_WIDTH, cells);
	for (size_t use = 0; use < PREVIEW_USES; use++) {
		if (!cells[use])
			continue;
		svg_box(p->out, (struct svg_box){ use_classes[use], x, p->y, cells[use], height },
			about(p, row, use));
		x += cells[use];
	}
	svg_text(p->out, (struct svg_place){ "mono", MARGIN, middle },
		arena_printf(&p->arena, "0x%012llx", (unsigned long long)row->span.start));
	svg_text(p->out, (struct svg_place){ "end", SIZE_X, middle },
		amount_text(row->size, &p->arena));
	svg_text(p->out, (struct svg_place){ "", NAME_X, middle }, plan_row_text(row, &p->arena));
	p->y += height;
}

static void put_map(struct picture *p)
{
	p->y = MAP_Y;
	for (size_t i = 0; i < p->count; i++)
		put_row(p, &p->rows[i]);
	if (!p->count)
		svg_text(p->out, (struct svg_place){ "", MARGIN, p->y },
			"the memory of this machine is not known");
}

static double milliseconds(uint64_t ns)
{
	return (double)ns / 1e6;
}

static void put_blackout(struct picture *p)
{
	const struct preview *of = p->preview;
	const double all = (double)(of->blackout_ns ? of->blackout_ns : 1);
	double x = MARGIN;

	p->y += 34;
	svg_text(p->out, (struct svg_place){ "", MARGIN, p->y },
		arena_printf(&p->arena, "blackout: %.1f ms by the model, and what it leaves out",
			milliseconds(of->blackout_ns)));
	p->y += 10;
	for (size_t i = 0; i < of->cost_count; i++) {
		const double width = (double)of->costs[i].ns / all * (WIDTH - 2 * MARGIN);

		svg_box(p->out, (struct svg_box){ cost_classes[i], x, p->y, width, COST_HEIGHT },
			of->costs[i].name);
		x += width;
	}
	p->y += COST_HEIGHT;
	for (size_t i = 0; i < of->cost_count; i++) {
		p->y += COST_LINE;
		svg_box(p->out, (struct svg_box){ cost_classes[i], MARGIN, p->y - 10, 12, 12 },
			NULL);
		svg_text(p->out, (struct svg_place){ "small", MARGIN + 18, p->y },
			arena_printf(&p->arena, "%.1f ms: %s, %s", milliseconds(of->costs[i].ns),
				of->costs[i].name, of->costs[i].of));
	}
}

static double height_of_all(const struct picture *p)
{
	double height =
		MAP_Y + 34 + 10 + COST_HEIGHT + 24 + COST_LINE * (double)p->preview->cost_count;

	for (size_t i = 0; i < p->count; i++)
		height += height_of(&p->rows[i]);
	return height;
}

static void draw(struct picture *p, const char *title)
{
	svg_begin(p->out, WIDTH, height_of_all(p));
	put_head(p, title);
	put_legend(p);
	put_map(p);
	put_blackout(p);
	svg_end(p->out);
}

bool plan_svg(const struct preview *preview, const char *title, const char *path, struct error *err)
{
	struct picture p = { .preview = preview };
	char *text = NULL;
	size_t size;
	bool done;

	p.out = open_memstream(&text, &size);
	if (!p.out)
		return fail_no_memory(err);
	done = preview_map(preview, &p.arena, &p.rows, &p.count);
	if (done)
		draw(&p, title);
	arena_free(&p.arena);
	if (fclose(p.out) != 0 || !done) {
		free(text);
		return fail_no_memory(err);
	}
	done = store_file(path, text, err);
	free(text);
	return done;
}
