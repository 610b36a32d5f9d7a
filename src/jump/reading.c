/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/reading.h"

#include "base/arith.h"
#include "base/whole.h"

/* Between two tellings while files are read ahead, and the least page that is mapped. */
enum { AHEAD_PIECE = 1 << 20, PAGE_LEAST = 4096 };

static void tell(const struct reading *reading, const struct input *file, uint64_t done)
{
	if (reading->to->call)
		reading->to->call(reading->to->context,
			&(struct job_progress){ reading->step, file->name, done, file->bytes.n });
}

static void tell_place(const struct sink_watch *watch, const uint8_t *place)
{
	const struct reading *reading = WHOLE_OF(watch, const struct reading, watch);

	for (size_t i = 0; i < reading->count; i++) {
		const struct view bytes = reading->files[i].bytes;

		if ((uintptr_t)place < (uintptr_t)bytes.p ||
			(uintptr_t)place - (uintptr_t)bytes.p > bytes.n)
			continue;
		tell(reading, &reading->files[i], (uintptr_t)place - (uintptr_t)bytes.p);
		return;
	}
}

void reading_begin(struct reading *reading)
{
	reading->watch.call = tell_place;
}

void reading_ahead(const struct reading *reading)
{
	for (size_t i = 0; i < reading->count && reading->to->call; i++) {
		const struct view bytes = reading->files[i].bytes;

		for (size_t at = 0; at < bytes.n; at += PAGE_LEAST) {
			(void)*(const volatile uint8_t *)(bytes.p + at);
			if (at % AHEAD_PIECE == 0)
				tell(reading, &reading->files[i], at);
		}
	}
}
