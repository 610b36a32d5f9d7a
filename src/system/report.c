/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/report.h"

#include <string.h>

#include "machine/boot-id.h"
#include "machine/machine.h"
#include "machine/text.h"
#include "sys/store.h"

/* From the last record to the stub; a longer wait means that they are of different reboots. */
enum { LEAVING_MOST_S = 600, KHZ_MOST = 100000000 };

struct reading {
	const struct source *source;
	struct arena *arena;
	struct report *report;
	struct timeline_stamps stamps;
	struct kernel_times kernel;
	struct systemd_times systemd;
	bool has_systemd, has_log;
	struct boot_time boot; /* of this boot; zeros: it was not written down */
	bool is_early;         /* by the boot service, which looks at nothing that takes long */
};

static struct view text_of(const struct reading *r, const char *path)
{
	struct view text;

	return source_read(r->source, path, r->arena, &text) ? text : (struct view){ 0 };
}

/* The kernel's own name of the device with the root file system, by the numbers that mountinfo has; "": none. */
static const char *root_device(const struct reading *r)
{
	struct view info = text_of(r, "proc/self/mountinfo"), line, numbers, word, name;
	const char *path, *device;

	while (text_line(&info, &line)) {
		if (!text_word(&line, &word) || !text_word(&line, &word) ||
			!text_word(&line, &numbers) || !text_word(&line, &word) ||
			!text_word(&line, &word) || !text_is(word, "/"))
			continue;
		path = arena_printf(r->arena, "sys/dev/block/%.*s/uevent", (int)numbers.n,
			(const char *)numbers.p);
		if (path && text_value(text_of(r, path), "DEVNAME", '=', &name)) {
			device = arena_string(r->arena, name);
			return device ? device : "";
		}
		/* A file system of several devices is known by the name of one. */
		while (text_word(&line, &word))
			if (view_has_at(word, 0, "/dev/")) {
				device = arena_string(r->arena, view_from(word, strlen("/dev/")));
				return device ? device : "";
			}
		return "";
	}
	return "";
}

static void read_this_boot(struct reading *r)
{
	const struct view manager = text_of(r, "saut/systemd-manager");
	const struct view log = text_of(r, "saut/kmsg-times");

	r->stamps.now = stamp_parse(text_of(r, "saut/clocks"));
	r->has_log = log.n > 0;
	r->has_systemd = manager.n > 0;
	r->kernel = kernel_times_parse(log, root_device(r), r->arena);
	r->systemd = systemd_times_parse(manager);
	r->stamps.init = r->kernel.init;
	r->stamps.root = r->kernel.root;
	r->stamps.system = r->systemd.system;
	r->stamps.finished = r->systemd.finished;
	r->report->initcalls = r->kernel.initcalls;
	r->report->probes = r->kernel.probes;
	r->report->units = systemd_units_parse(text_of(r, "saut/systemd-units"),
		r->systemd.finished.is_known ? r->systemd.finished.us : 0, r->arena);
	if (r->stamps.now.is_known)
		r->report->uptime_us = r->stamps.now.boot_us;
}

/* What the boot service of this boot has written down of it. */
static void read_boot_time(struct reading *r)
{
	struct boot_time boot = r->boot;

	if (!r->is_early && !boot_time_read(r->source, r->arena, &boot))
		return;
	if (strcmp(boot.boot_id, r->report->now.boot_id) != 0)
		return;
	r->boot = boot;
	r->stamps.early = boot.stamp;
	if (!r->has_systemd && boot.stamp.is_known)
		r->stamps.finished = (struct own_time){ true, boot.stamp.boot_us };
}

/* Whether so many ticks are no longer than a reboot takes; of a counter that may be of any frequency, no more than that. */
static bool are_near(const struct reading *r, uint64_t before, uint64_t after)
{
	const uint64_t khz = r->stamps.told_khz ? r->stamps.told_khz : KHZ_MOST;

	return after >= before && (after - before) / 1000 / LEAVING_MOST_S <= khz;
}

/* What a device tree or a command line has may be of an earlier jump: then its counters lie far before this boot, or behind now. */
static bool is_of_this_boot(const struct reading *r, const struct stub_record *record)
{
	const struct stamp *s = r->stamps.early.is_known ? &r->stamps.early : &r->stamps.now;
	uint64_t khz = r->stamps.told_khz ? r->stamps.told_khz : KHZ_MOST;

	return s->is_known && s->ticks >= record->left &&
		(s->ticks - record->left) / khz / 1000 <= s->boot_us / 1000000 + LEAVING_MOST_S;
}

static void read_stub(struct reading *r)
{
	struct arrival *a = &r->report->arrival;
	const struct stub_record *record = &a->record;
	struct stub_record handed_on;

	*a = arrival_find(r->source, r->arena);
	if (!a->by_saut && arrival_by_what_is_handed_on(r->source, r->arena, &handed_on) &&
		is_of_this_boot(r, &handed_on)) {
		a->record = handed_on;
		a->by_saut = true;
		a->by_kexec = ANSWER_YES;
	}
	if (!a->by_saut || !record->entered)
		return;
	r->stamps.has_stub = true;
	r->stamps.is_verified = record->check != STUB_CHECK_NONE;
	r->stamps.entered = record->entered;
	r->stamps.verified = record->verified;
	r->stamps.left = record->left;
}

static const struct stamp *last_stamp(const struct reboot_record *record)
{
	const struct stamp *last = NULL;

	for (size_t i = 0; i < MOMENTS_RECORDED; i++)
		if (record->at[i].is_known && (!last || record->at[i].boot_us >= last->boot_us))
			last = &record->at[i];
	return last;
}

/* Why a record is not of the reboot that led here; NULL: it is. */
static const char *strangeness(const struct reading *r, const struct reboot_record *record)
{
	const struct stamp *last = last_stamp(record);

	if (record->is_old || strcmp(record->boot_id, r->report->now.boot_id) == 0)
		return "what is written down is of the reboot that is under way";
	if (r->stamps.has_stub && last && last->ticks)
		return are_near(r, last->ticks, r->stamps.entered)
			? NULL
			: "what is written down is of another reboot, by the CPU's counter";
	if (!r->boot.before || !r->boot.before[0])
		return "whether what is written down is of the boot before this one is not known";
	return strcmp(r->boot.before, record->boot_id) == 0
		? NULL
		: "what is written down is not of the boot before this one";
}

static void read_record(struct reading *r)
{
	struct report *report = r->report;
	struct reboot_record record;

	report->record_unknown = "nothing is written down of the boot before this one";
	if (!reboot_record_read(r->source, REBOOT_RECORD_FILE, r->arena, &record))
		return;
	report->record_unknown = strangeness(r, &record);
	if (report->record_unknown)
		return;
	report->has_record = true;
	report->record = record;
	memcpy(r->stamps.recorded, record.at, sizeof record.at);
}

static const char *why_not_loaded(const struct report *report)
{
	if (!report->has_record)
		return report->record_unknown;
	if (report->record.of.when)
		return "it was loaded ahead";
	return "nothing has written it down";
}

static const char *why_no_log(const struct reading *r)
{
	if (!r->has_log)
		return "the kernel's log cannot be read";
	if (!r->kernel.has_beginning)
		return "the kernel's log has lost its beginning";
	return "the kernel's log does not tell";
}

/* What may be missing for good reasons is not told of at all. */
static const char *why_unknown(const struct reading *r, enum moment moment)
{
	const struct report *report = r->report;
	const bool by_saut = report->arrival.by_saut;

	switch (moment) {
	case MOMENT_ASKED:
		return NULL;
	case MOMENT_SHUTDOWN:
	case MOMENT_STOPPED:
		return report->record_unknown ? report->record_unknown
					      : "nothing has written it down";
	case MOMENT_LOAD_BEGINS:
	case MOMENT_LOADED:
		return by_saut ? why_not_loaded(report) : NULL;
	case MOMENT_LEAVES:
		return report->record_unknown ? report->record_unknown
					      : "file systems are read-only by then";
	case MOMENT_STUB_ENTERED:
	case MOMENT_KERNEL_ENTERED:
		return !by_saut                 ? NULL
			: !report->timeline.khz ? "the frequency of the CPU's counter is not known"
						: "the CPU's counter cannot be relied on";
	case MOMENT_STUB_VERIFIED:
		return by_saut && !r->stamps.is_verified ? "nothing was verified" : NULL;
	case MOMENT_KERNEL_CLOCK:
		return "no clock tells";
	case MOMENT_INIT:
	case MOMENT_ROOT:
		return why_no_log(r);
	case MOMENT_SYSTEM:
		return r->has_systemd ? "systemd does not tell" : "this init does not tell";
	case MOMENT_FINISHED:
		return r->has_systemd ? "the boot is not done" : "the boot service was not started";
	}
	return NULL;
}

/* From what has stopped last to the new kernel. */
static void find_away(struct report *report)
{
	const struct timeline *t = &report->timeline;
	bool found = false;

	for (unsigned i = 0; i < MOMENTS_RECORDED; i++) {
		if (t->moments[i].clock == TIMELINE_NONE ||
			(found && t->moments[i].us < t->moments[report->from].us))
			continue;
		report->from = (enum moment)i;
		found = true;
	}
	/* What calls reboot(2) is not told everywhere. */
	if (t->moments[MOMENT_STOPPED].clock != TIMELINE_NONE)
		report->from = MOMENT_STOPPED;
	report->away.is_known =
		found && timeline_between(t, report->from, MOMENT_KERNEL_CLOCK, &report->away.us);
}

/* Measured between the same moments, else against what the firmware says of itself. */
static void find_gain(struct report *r)
{
	const uint64_t cold = r->firmware.firmware.us + r->firmware.loader.us;
	uint64_t jump;

	if (r->arrival.by_kexec != ANSWER_YES)
		return;
	if (r->has_cold && r->cold.away.is_known && r->away.is_known && r->cold.from == r->from) {
		if (r->cold.away.us >= r->away.us)
			r->gain = (struct own_time){ true, r->cold.away.us - r->away.us };
	} else if (r->firmware.by &&
		timeline_between(&r->timeline, MOMENT_STUB_ENTERED, MOMENT_KERNEL_ENTERED, &jump) &&
		cold >= jump) {
		r->gain = (struct own_time){ true, cold - jump };
	}
}

static void find_firmware(struct reading *r)
{
	struct report *report = r->report;

	report->firmware = firmware_times_read(r->source, r->arena);
	report->has_cold = cold_boot_read(r->source, r->arena, &report->cold);
	report->history = history_read(r->source, r->arena);
	find_away(report);
	find_gain(report);
}

static void make(struct reading *r)
{
	struct report *report = r->report;

	report->now.boot_id = boot_id_read(r->source, r->arena);
	r->stamps.told_khz = cpu_counter_khz(r->source, r->arena);
	if (!r->is_early)
		read_this_boot(r);
	read_boot_time(r);
	if (!r->stamps.told_khz)
		r->stamps.told_khz = timeline_khz_between(&r->stamps.early, &r->stamps.now);
	read_stub(r);
	report->now = trial_now_read(r->source, report->arrival.by_kexec, r->arena);
	read_record(r);
	report->timeline = timeline_make(&r->stamps, r->arena);
	find_firmware(r);
}

struct report report_make(const struct source *source, struct arena *arena)
{
	struct report report = { 0 };
	struct reading r = { .source = source, .arena = arena, .report = &report };

	make(&r);
	for (unsigned i = 0; i < MOMENTS; i++)
		if (report.timeline.moments[i].clock == TIMELINE_NONE)
			report.unknown[i] = why_unknown(&r, (enum moment)i);
	return report;
}

/* The counter at 0 of the new kernel's clock; where a reset is known to have set it back, since that. */
static struct own_time since_reset(const struct reading *r)
{
	const struct stamp *last = r->report->has_record ? last_stamp(&r->report->record) : NULL;
	const struct stamp *now = &r->stamps.early;
	const uint64_t khz = r->report->timeline.khz;
	struct own_time t = { 0 };

	if (last && last->ticks > now->ticks && now->ticks && khz &&
		now->ticks / khz * 1000 > now->boot_us)
		t = (struct own_time){ true, now->ticks / khz * 1000 - now->boot_us };
	return t;
}

static void keep(const char *file, const char *text, struct notes *notes)
{
	struct error unsaid;

	if (!text || !store_file_later(file, text, &unsaid))
		notes_add(notes, "later reports will not know of this boot: %s",
			text ? unsaid.reason : "out of memory");
}

static struct past_reboot past_of(const struct report *report, const struct boot_time *boot)
{
	const struct timeline *t = &report->timeline;
	static const char *const ways[] = {
		[ANSWER_UNKNOWN] = "unknown",
		[ANSWER_NO] = "firmware",
		[ANSWER_YES] = "kexec",
	};
	struct past_reboot p = {
		.when = boot->stamp.wall_us / 1000000,
		.way = ways[report->arrival.by_kexec],
		.release = report->now.release,
		.away = report->away,
	};

	p.shutdown.is_known = report->has_record &&
		timeline_between(t, MOMENT_SHUTDOWN, report->from, &p.shutdown.us);
	p.boot.is_known = timeline_between(t, MOMENT_KERNEL_CLOCK, MOMENT_FINISHED, &p.boot.us);
	return p;
}

void report_keep(const struct source *source, const struct boot_time *boot, struct notes *notes)
{
	struct arena arena = { 0 };
	struct report report = { 0 };
	struct reading r = { .source = source,
		.arena = &arena,
		.report = &report,
		.boot = *boot,
		.is_early = true };
	struct past_reboot past;
	struct cold_boot cold;

	make(&r);
	past = past_of(&report, boot);
	cold = (struct cold_boot){ past.when, report.from, report.away, since_reset(&r) };
	if (report.arrival.by_kexec == ANSWER_NO && (cold.away.is_known || cold.reset.is_known))
		keep(COLD_BOOT_FILE, cold_boot_text(&cold, &arena), notes);
	keep(HISTORY_FILE, history_text(&report.history, &past, &arena), notes);
	arena_free(&arena);
}
