/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes unknown, and how that is said. */
#include <stdarg.h>
#include <stdio.h>

#include "entry/grub/grub.h"

const char *grub_reason(struct grub *g, const char *format, ...)
{
	char text[ERROR_REASON_MAX / 4], all[ERROR_REASON_MAX / 2];
	const char *reason;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	snprintf(all, sizeof all, "%.150s, line %u: %s", g->file, g->line, text);
	reason = finder_title(g->f, view_of_string(all));
	g->is_out_of_memory |= !reason;
	return reason ? reason : "out of memory";
}

const char *grub_doubt(const struct grub *g)
{
	return g->doubt ? g->doubt : g->rest_doubt;
}

void grub_lose(struct grub *g, const char *doubt)
{
	g->variables->below = NULL;
	g->variables->count = 0;
	g->variables->items = NULL;
	g->variables->doubt = doubt;
	g->function_count = 0;
	g->functions_doubt = doubt;
	g->loaded = g->loaded ? g->loaded : doubt;
	if (g->scope) {
		g->scope->count = 0;
		g->scope->doubt = doubt;
	}
	if (g->entry)
		finder_obstacle(g->f, g->entry, "%s", doubt);
	else
		grub_add_doubt(g, doubt);
	grub_wonder(g, doubt);
}

void grub_lose_the_rest(struct grub *g, const char *doubt)
{
	g->rest_doubt = g->rest_doubt ? g->rest_doubt : doubt;
	grub_lose(g, doubt);
}

void grub_succeed(struct grub *g)
{
	g->status = (struct grub_status){ .answer = ANSWER_YES };
}

void grub_fail(struct grub *g, int code)
{
	g->status = (struct grub_status){ .answer = ANSWER_NO, .code = code };
}

const char *grub_status_doubt(struct grub *g)
{
	return g->status.doubt ? g->status.doubt
			       : grub_reason(g, "whether this succeeds is only known to GRUB");
}

void grub_wonder(struct grub *g, const char *doubt)
{
	g->status = (struct grub_status){ .answer = ANSWER_UNKNOWN, .code = -1, .doubt = doubt };
}
