/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut report: where the time of the last reboot went, in the form that was asked for. */
#include "cmd/saut/report.h"

#include <getopt.h>

#include "cmd/message.h"
#include "cmd/saut/verb.h"
#include "system/look.h"

struct wanted {
	const char *root, *svg;
	bool as_json, history, metrics;
};

static void show(const struct wanted *w, struct report *r, struct arena *arena)
{
	if (w->as_json)
		report_show_json(r);
	else if (w->metrics)
		report_show_metrics(r);
	else if (w->history)
		report_show_history(r);
	else
		report_show(r, arena);
}

static bool report(const struct wanted *w, struct error *err)
{
	struct look look;
	struct report r;
	bool done;

	if (!look_open(w->root, &look, err))
		return false;
	r = report_make(&look.memory.source, &look.arena);
	done = !w->svg || report_svg(&r, w->svg, err) || error_attempting(err, "draw %s", w->svg);
	if (done)
		show(w, &r, &look.arena);
	message_flush();
	if (done && !w->as_json && !w->history && !w->metrics)
		message_notes(&r.timeline.notes);
	look_close(&look);
	return done;
}

static bool read_words(int argc, char **argv, struct wanted *w)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' }, { "history", no_argument, NULL, 'h' },
		{ "prometheus", no_argument, NULL, 'p' }, { "svg", required_argument, NULL, 's' },
		{ 0 } };

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j' && c != 'r' && c != 'h' && c != 'p' && c != 's')
			return false;
		w->as_json |= c == 'j';
		w->history |= c == 'h';
		w->metrics |= c == 'p';
		w->root = c == 'r' ? optarg : w->root;
		w->svg = c == 's' ? optarg : w->svg;
	}
	return optind == argc && w->as_json + w->history + w->metrics <= 1;
}

bool verb_report(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { 0 };

	if (!read_words(argc, argv, &wanted))
		fail(err, FAULT_USAGE,
			"report takes --root=FOLDER, --svg=FILE, and one of --json, --history and --prometheus");
	else if (report(&wanted, err))
		return true;
	return error_attempting(err, "report on the last reboot");
}
