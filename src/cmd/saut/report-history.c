/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the last reboots took, a line each. */
#include <string.h>

#include "cmd/saut/loadings.h"
#include "cmd/saut/report.h"
#include "cmd/say.h"

static const char *time_of(struct own_time t, char ret[static SECONDS_MAX])
{
	return t.is_known ? seconds_of(t.us, ret) : "?";
}

void report_show_history(const struct report *r)
{
	const struct history *h = &r->history;

	if (!h->count)
		say("no reboot is written down yet\n");
	else
		say("reboot done at       by        shutdown       away       boot  kernel\n");
	for (size_t i = 0; i < h->count; i++) {
		const struct past_reboot *p = &h->items[i];
		char date[DATE_MAX], shutdown[SECONDS_MAX], away[SECONDS_MAX], boot[SECONDS_MAX];

		say("%-20s %-8s %9s %10s %10s  %s\n", date_of(p->when, date), p->way,
			time_of(p->shutdown, shutdown), time_of(p->away, away),
			time_of(p->boot, boot), p->release);
	}
}
