/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is what a boot has left of its times: the kernel's log, what systemctl shows, a record, or several of these. */
#include "every-file.h"
#include "fuzz.h"

#include "machine/text.h"
#include "report/firmware.h"
#include "report/history.h"
#include "report/systemd-times.h"
#include "report/timeline.h"

static void expect_sorted(const struct longest *l)
{
	expect(l->count <= LONGEST);
	for (size_t i = 1; i < l->count; i++)
		expect(l->items[i - 1].us >= l->items[i].us);
}

/* A line of numbers for each. */
static struct timeline_stamps stamps_of(struct view text)
{
	struct timeline_stamps in = { .has_stub = true, .is_verified = true };
	struct view line, word;
	uint64_t *const numbers[] = { &in.entered, &in.verified, &in.left, &in.told_khz,
		&in.init.us, &in.finished.us };

	for (size_t i = 0; i < MOMENTS_RECORDED && text_line(&text, &line); i++)
		in.recorded[i] = stamp_parse(line);
	if (text_line(&text, &line))
		in.early = stamp_parse(line);
	if (text_line(&text, &line))
		in.now = stamp_parse(line);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers && text_word(&text, &word); i++)
		if (!text_decimal(word, numbers[i]))
			*numbers[i] = 0;
	in.init.is_known = in.finished.is_known = true;
	return in;
}

static void timeline(struct view text, struct arena *arena)
{
	const struct timeline_stamps in = stamps_of(text);
	const struct timeline t = timeline_make(&in, arena);
	uint64_t us;

	for (unsigned i = 0; i < MOMENTS; i++) {
		enum moment before;

		if (t.moments[i].clock != TIMELINE_NONE &&
			timeline_before(&t, (enum moment)i, &before) &&
			timeline_between(&t, before, (enum moment)i, &us))
			expect(us <= t.moments[i].us);
	}
}

/* What is understood of a file of ours and written again is understood as the same. */
static void files(struct view bytes, struct arena *arena)
{
	struct every_file file = { { read_input, source_look_by_read, NULL }, bytes };
	struct firmware_times firmware = firmware_times_read(&file.source, arena);
	struct history h = history_read(&file.source, arena), again;
	struct cold_boot cold, same;

	expect(firmware.by || !firmware.firmware.is_known);
	if (cold_boot_read(&file.source, arena, &cold)) {
		file.bytes = view_of_string(cold_boot_text(&cold, arena));
		expect(cold_boot_read(&file.source, arena, &same));
		expect(same.when == cold.when && same.away.us == cold.away.us);
	}
	if (h.count == 0)
		return;
	h.count--;
	file.bytes = view_of_string(history_text(&h, &h.items[h.count], arena));
	again = history_read(&file.source, arena);
	expect(again.count == h.count + 1);
	expect(again.items[h.count].when == h.items[h.count].when);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct view text = { data, size };
	struct arena arena = { 0 };
	const struct kernel_times kernel = kernel_times_parse(text, "vda1", &arena);
	const struct longest units = systemd_units_parse(text, 0, &arena);

	expect_sorted(&kernel.initcalls);
	expect_sorted(&kernel.probes);
	expect_sorted(&units);
	(void)systemd_times_parse(text);
	timeline(text, &arena);
	files(text, &arena);
	arena_free(&arena);
	return 0;
}
