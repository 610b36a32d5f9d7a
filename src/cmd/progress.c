/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/progress.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/say.h"
#include "cmd/translate.h"
#include "cmd/utf8.h"
#include "sys/clock.h"
#include "sys/terminal.h"

/* Milliseconds: before anything is shown, and between two bars, and two lines. */
enum { PATIENCE = 1000, BAR_EVERY = 100, LINE_EVERY = 10000 };

/* Characters: of a line, of the least and the largest bar, and of "100 %" with the blank before it. */
enum { WIDTH_MAX = 80, BAR_LEAST = 8, BAR_MOST = 40, PERCENT = 6 };

static unsigned percent_of(uint64_t done, uint64_t total)
{
	return done >= total ? 100 : (unsigned)((double)done * 100 / (double)total);
}

static void wipe(struct progress *p)
{
	if (p->drawn)
		say_error("\r%*s\r", (int)p->drawn, "");
	p->drawn = 0;
}

/* What there is room for of the percentage, then what is done, then a bar; no word is cut. */
static void draw(struct progress *p, const char *step, unsigned percent, bool is_known)
{
	const size_t room = p->width - 1, wide = utf8_count(step, strlen(step));
	size_t used = wide + (is_known ? PERCENT : 0) <= room ? wide : 0, bar = 0;

	wipe(p);
	if (used)
		say_error("%s", step);
	if (is_known && used + 1 + BAR_LEAST + 2 + PERCENT <= room)
		bar = room - used - 1 - 2 - PERCENT;
	bar = bar < BAR_MOST ? bar : BAR_MOST;
	if (bar) {
		say_error("%s[", used ? " " : "");
		for (size_t i = 0; i < bar; i++)
			say_error("%s", i * 100 < bar * percent ? "#" : ".");
		say_error("]");
		used += (used ? 1 : 0) + bar + 2;
	}
	if (is_known && used + PERCENT <= room) {
		say_error("%s%3u %%", used ? " " : "", percent);
		used += used ? PERCENT : PERCENT - 1;
	}
	fflush(stderr);
	p->drawn = used;
}

static void show_bar(struct progress *p, const char *step, unsigned percent, bool is_known)
{
	struct translation language;

	translation_begin(&language);
	draw(p, translated_format(&language, step), percent, is_known);
	translation_end(&language);
}

static void show_line(const struct job_progress *at, unsigned percent)
{
	struct translation language;
	const char *shown;

	translation_begin(&language);
	shown = translated_format(&language, at->step);
	say_error("%s: %s%s%s", program_invocation_short_name, shown, at->what[0] ? " " : "",
		at->what);
	if (at->total)
		say_error(": %u %%", percent);
	say_error("\n");
	translation_end(&language);
}

static void tell(void *context, const struct job_progress *at)
{
	struct progress *p = context;
	const int64_t now = clock_ms();
	const int64_t every = p->width ? BAR_EVERY : LINE_EVERY;
	const unsigned percent = at->total ? percent_of(at->done, at->total) : 0;

	if (now - p->begun < PATIENCE || (p->shown && now - p->shown < every))
		return;
	p->shown = now;
	if (p->width)
		show_bar(p, at->step, percent, at->total > 0);
	else
		show_line(at, percent);
}

void progress_begin(struct progress *progress, enum progress_form form)
{
	const size_t width = form == PROGRESS_BAR ? terminal_width(STDERR_FILENO) : 0;

	*progress = (struct progress){ .is_quiet = form == PROGRESS_NONE,
		.width = width < WIDTH_MAX ? width : WIDTH_MAX,
		.begun = clock_ms() };
}

struct job_watch progress_watch(struct progress *progress)
{
	return progress->is_quiet ? (struct job_watch){ 0 }
				  : (struct job_watch){ .call = tell, .context = progress };
}

void progress_end(struct progress *progress)
{
	wipe(progress);
	fflush(stderr);
}
