/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/come-back.h"

#include <string.h>
#include <time.h>

#include "machine/boot-id.h"
#include "machine/os-release.h"
#include "machine/text.h"
#include "service/boot-wait.h"
#include "service/confirmer.h"
#include "sys/fresh.h"
#include "sys/store.h"
#include "sys/watchdog-keeper.h"
#include "system/trial-file.h"
#include "system/trial-panic.h"
#include "system/witness.h"

enum { ID_BYTES = 8, BOOT_SLACK_S = 60 };

struct come_back_settings come_back_settings(struct system *s)
{
	const struct service_request request = { .style = service_style_of(s->init.init) };
	struct notes unheard = { .arena = &s->arena };
	struct service_settings settings;
	struct error ignored;

	if (!service_settings_read(s->source, &request, &unheard, &s->arena, &settings, &ignored))
		return (struct come_back_settings){ 0 };
	if (settings.wrong.fault != FAULT_NONE)
		notes_add(&s->notes, "%s", settings.wrong.reason);
	return settings.come_back;
}

static const char *fresh_id(struct arena *arena)
{
	uint8_t bytes[ID_BYTES];
	const char *id = "";
	struct error ignored;

	if (!fresh_entropy(bytes, sizeof bytes, &ignored))
		return NULL;
	for (size_t i = 0; id && i < sizeof bytes; i++)
		id = arena_printf(arena, "%s%02x", id, bytes[i]);
	return id;
}

/* The running kernel's command line, and the next one's, without what we add; NULL: not known. */
struct lines {
	const char *running, *next;
};

static struct lines lines_of(struct system *s, const struct job_request *job)
{
	struct notes unheard = { .arena = &s->arena };
	struct lines lines = { 0 };
	struct view running;

	if (source_read(s->source, "proc/cmdline", &s->arena, &running))
		lines.running = arena_string(&s->arena, text_trim(running));
	if (lines.running && (job->reuse_command_line || job->command_line))
		lines.next = line_edits_apply(&job->edits,
			job->command_line ? job->command_line : lines.running, &s->arena, &unheard);
	return lines;
}

/* Who confirms is a service of this very system. */
static const char *nobody_in(
	struct system *s, const struct job_request *job, const struct lines *lines)
{
	if (!job->reuse_command_line && !job->command_line)
		return "the command line is inside of the image, and may lead to another system";
	if (!lines->running)
		return "/proc/cmdline cannot be read";
	if (!lines->next || !come_back_is_same_root(lines->next, lines->running, &s->arena))
		return "the next kernel is told another root file system than this system's";
	return confirmer_obstacle(s->source, s->init.init, &s->arena);
}

/* A boot that is to end in a shell, say: whoever wants that is there, and wants no reset. */
static bool leads_elsewhere(struct system *s, const struct lines *lines)
{
	const char *word =
		lines->next ? come_back_unusual(lines->next, lines->running, &s->arena) : NULL;

	if (word)
		notes_add(&s->notes,
			"the next kernel is told %s, and whether it comes up will not be watched",
			word);
	return word != NULL;
}

/* What cannot be written down is not promised. */
static bool write_down(struct system *s, struct come_back *c)
{
	const struct view before = store_own(TRIAL_NEXT_FILE, &s->arena);
	struct error err;

	/* A shutdown has begun with what was loaded before, or was called off: it is not jumped into. */
	if (s->has_trial && s->outcome == OUTCOME_AHEAD)
		come_back_take_back();
	c->replaced = before.n ? arena_string(&s->arena, before) : NULL;
	if (trial_store(TRIAL_NEXT_FILE, &c->trial, &err))
		return true;
	notes_add(
		&s->notes, "whether the next kernel comes up will not be watched: %s", err.reason);
	return false;
}

/* Where nobody would take it back, nothing is set. */
static bool choose_one_shot(struct system *s, struct come_back *c, struct error *err)
{
	struct entries entries = { 0 };
	struct error unknown;

	if (!system_entries(s, &entries, &unknown)) {
		c->one_shot.why_not = "its entries are not known";
		return true;
	}
	c->one_shot = one_shot_find(s->source, &entries, &s->arena);
	c->trial.one_shot = one_shot_text(&c->one_shot, &s->arena);
	return c->trial.one_shot || fail_no_memory(err);
}

/*
 * What a boot needs until its boot service runs: twice what the last one took, and a minute. 0: not known.
 * The usual time is lengthened where that is too short for it; what somebody has chosen stays.
 */
static uint64_t allow_for_boot(struct system *s, struct come_back_settings *settings)
{
	struct boot_time last;
	uint64_t needed;

	if (!boot_time_read(s->source, &s->arena, &last) || last.seconds > COME_BACK_MOST_S / 4)
		return 0;
	needed = 2 * last.seconds + BOOT_SLACK_S;
	if (settings->within == COME_BACK_USUAL_S && needed > settings->within) {
		notes_add(&s->notes,
			"the time until the boot is confirmed is lengthened from %u s to %llu s: the "
			"last boot took %llu s until its boot service",
			settings->within, (unsigned long long)needed,
			(unsigned long long)last.seconds);
		settings->within = (unsigned)needed;
	}
	return needed;
}

/* Where nobody has asked for it, no watchdog may run out during a boot that is only slow. */
static const char *watchdog_obstacle(const struct system *s,
	const struct come_back_settings *settings, uint64_t needed, struct arena *arena)
{
	if (settings->is_asked)
		return NULL;
	if (!needed)
		return "how long this system takes to boot is known after its next boot, or with "
		       "COME_BACK=yes it does not matter";
	return boot_waits_for(s->source, arena);
}

/* What a service's options want of one stays. */
static void want_watchdog(struct system *s, const struct come_back_wanted *wanted, uint64_t needed,
	struct job_request *job)
{
	const unsigned asked = wanted->settings.within + COME_BACK_MARGIN_S;
	const unsigned seconds = wanted->settings.is_asked || asked > COME_BACK_UNASKED_S
		? asked
		: COME_BACK_UNASKED_S;
	const uint64_t least = needed > COME_BACK_BOOT_S ? needed : COME_BACK_BOOT_S;

	job->come_back.open_timeout = seconds - COME_BACK_MARGIN_S;
	if (job->watchdog.seconds == 0)
		job->watchdog = (struct watchdog_wish){
			.seconds = seconds,
			.may_miss = true,
			.may_try = !wanted->dry_run,
			.may_keep = true,
			.obstacle = watchdog_obstacle(s, &wanted->settings, needed, &s->arena),
			.least = seconds < least ? seconds : (unsigned)least,
		};
}

bool come_back_begin(struct system *s, const struct come_back_wanted *given,
	struct job_request *job, struct come_back *ret, struct error *err)
{
	struct come_back_wanted allowed = *given;
	const struct come_back_wanted *wanted = &allowed;
	const struct come_back_settings *settings = &wanted->settings;
	const char *id = fresh_id(&s->arena);
	struct lines lines;
	uint64_t needed;
	struct come_back c = { .is_on = settings->is_on };

	*ret = (struct come_back){ 0 };
	if (!id)
		return fail_no_memory(err);
	if (!settings->is_on)
		return true;
	lines = lines_of(s, job);
	if (leads_elsewhere(s, &lines))
		return true;
	needed = allow_for_boot(s, &allowed.settings);
	c.nobody = nobody_in(s, job, &lines);
	c.parameters =
		(struct come_back_parameters){ .id = id, .on_lockups = settings->on_lockups };
	c.trial = (struct trial){
		.id = id,
		.confirm = c.nobody           ? CONFIRM_NOBODY
			: settings->is_manual ? CONFIRM_MANUAL
					      : CONFIRM_AUTO,
		.when = (uint64_t)time(NULL),
		.boot_id = s->now.boot_id,
		.release = s->now.release,
		.entry = os_release_read(s->source, "PRETTY_NAME", &s->arena),
		.kernel = job->kernel,
		.next_release = wanted->release,
		.within = settings->within,
		.strict = settings->is_strict ? "yes" : "",
	};
	if (!c.nobody && !choose_one_shot(s, &c, err))
		return false;
	if (!s->now.boot_id[0]) {
		notes_add(&s->notes,
			"whether the next kernel comes up will not be watched: "
			"/proc/sys/kernel/random/boot_id cannot be read");
		return true;
	}
	if (!wanted->dry_run && !write_down(s, &c))
		return true;
	job->come_back = c.parameters;
	/* Nobody would take it over, and it would reset a machine that is well. */
	if (!c.nobody)
		want_watchdog(s, wanted, needed, job);
	*ret = c;
	return true;
}

bool come_back_settle(const struct job *job, struct error *err)
{
	const char *driver = job->watchdog.driver ? job->watchdog.driver : "";
	const char *keep = job->watchdog.device ? job->watchdog.device : "";
	struct arena arena = { 0 };
	struct snapshot now;
	struct trial next;
	bool done = true;

	if (!job->wanted.come_back.id)
		return true;
	if (!snapshot_open(NULL, &now, err))
		return false;
	if (trial_read(&now.source, TRIAL_NEXT_FILE, &arena, &next) &&
		strcmp(next.id, job->wanted.come_back.id) == 0 &&
		(strcmp(next.watchdog, driver) != 0 || strcmp(next.keep, keep) != 0)) {
		next.watchdog = driver;
		next.identity = job->watchdog.identity ? job->watchdog.identity : "";
		next.keep = keep;
		done = trial_store(TRIAL_NEXT_FILE, &next, err);
	}
	snapshot_close(&now);
	arena_free(&arena);
	return done;
}

void come_back_undo(const struct come_back *c)
{
	struct error ignored;

	if (!c->is_on)
		return;
	if (!c->replaced || !store_file(TRIAL_NEXT_FILE, c->replaced, &ignored))
		come_back_forget();
}

void come_back_forget(void)
{
	struct error ignored;

	(void)!store_remove(TRIAL_NEXT_FILE, &ignored);
}

void come_back_see(
	const struct source *source, enum init init, struct arena *arena, struct notes *notes)
{
	struct witness w;
	struct error err;
	const char *text = NULL;

	if (system_witness(source, init, arena, &w))
		text = witness_text(&w, arena);
	if (!text)
		fail_no_memory(&err);
	else if (store_file(COME_BACK_SEEN_FILE, text, &err))
		return;
	notes_add(notes, "what runs now cannot be written down: %s", err.reason);
}

/* The last failure is remembered beside a later trial of another kernel. */
static void keep_failed(const struct source *source, const struct trial_now *now,
	const struct trial *next, struct arena *arena)
{
	struct trial last;
	struct error ignored;

	if (trial_read(source, TRIAL_FILE, arena, &last) &&
		trial_has_failed(trial_outcome(&last, now)) &&
		!trial_is_of(&last, next->kernel, next->next_release))
		(void)!trial_store(TRIAL_FAILED_FILE, &last, &ignored);
}

/* A boot that nothing was written down of is held against nothing. */
static bool write_before(
	const struct source *source, enum init init, struct arena *arena, struct error *err)
{
	struct view seen;
	struct witness w;
	const char *text;

	if (source_read(source, &COME_BACK_SEEN_FILE[1], arena, &seen))
		text = arena_string(arena, seen);
	else
		text = system_witness(source, init, arena, &w) ? witness_text(&w, arena) : NULL;
	return text ? store_file(COME_BACK_BEFORE_FILE, text, err) : fail_no_memory(err);
}

static bool is_left(const struct source *source, const struct trial *next, struct arena *arena)
{
	struct trial last;

	return trial_read(source, TRIAL_FILE, arena, &last) && strcmp(last.id, next->id) == 0;
}

static void set_one_shot(struct trial *next, struct notes *notes)
{
	struct error err, ignored;

	if (one_shot_set(next, &err))
		return;
	notes_add(notes, "a reset leads to what the boot loader takes by default: %s", err.reason);
	next->one_shot = "";
	(void)!trial_store(TRIAL_FILE, next, &ignored);
}

/* What no code between the kernels starts runs from here on; that it may not is no reason to stay. */
static void leave_running(struct trial *next, struct notes *notes)
{
	struct error err, ignored;

	if (!next->keep[0] ||
		watchdog_leave(next->keep, (unsigned)next->within + COME_BACK_MARGIN_S, &err))
		return;
	notes_add(notes, "a kernel that hangs stays so, the watchdog is not left running: %s",
		err.reason);
	next->watchdog = "";
	next->keep = "";
	(void)!trial_store(TRIAL_FILE, next, &ignored);
}

/* What is loaded, if it is a trial of this boot that is not left for already. */
static bool is_due(const struct source *source, const struct trial_now *now, struct trial *next,
	struct arena *arena)
{
	return machine_kexec_loaded(source, arena) == ANSWER_YES &&
		trial_read(source, TRIAL_NEXT_FILE, arena, next) &&
		strcmp(next->boot_id, now->boot_id) == 0 && !is_left(source, next, arena);
}

bool come_back_leave(const struct source *source, enum init init, struct arena *arena,
	struct notes *notes, struct error *err)
{
	const struct trial_now now = trial_now_read(source, ANSWER_UNKNOWN, arena);
	struct trial next;

	if (!is_due(source, &now, &next, arena))
		return true;
	keep_failed(source, &now, &next, arena);
	next.when = (uint64_t)time(NULL);
	next.panic_was = trial_panic_read(source, arena);
	/* Written down before it is set, so that it is known for ours. */
	if (!write_before(source, init, arena, err) || !trial_store(TRIAL_FILE, &next, err))
		return error_attempting(err, "write down what the next boot is held against");
	set_one_shot(&next, notes);
	leave_running(&next, notes);
	return true;
}

void come_back_take_back(void)
{
	struct arena arena = { 0 };
	struct snapshot now;
	struct error ignored;
	struct trial t;

	if (!snapshot_open(NULL, &now, &ignored))
		return;
	if (trial_read(&now.source, TRIAL_FILE, &arena, &t) && t.state == TRIAL_LEFT &&
		strcmp(t.boot_id, boot_id_read(&now.source, &arena)) == 0) {
		(void)!one_shot_take_back(&t, &ignored);
		if (t.keep[0])
			(void)!watchdog_stop(t.keep, &ignored);
		(void)!store_remove(TRIAL_FILE, &ignored);
	}
	snapshot_close(&now);
	arena_free(&arena);
}

static const struct trial *find_failed(
	const struct system *s, const char *kernel, const char *release)
{
	if (s->has_trial && trial_has_failed(s->outcome) && trial_is_of(&s->trial, kernel, release))
		return &s->trial;
	if (s->has_failed && trial_has_failed(s->failed_outcome) &&
		trial_is_of(&s->failed, kernel, release))
		return &s->failed;
	return NULL;
}

bool come_back_permits(
	const struct system *s, const char *kernel, const char *release, struct error *err)
{
	const struct trial *failed = find_failed(s, kernel, release);

	if (failed)
		return fail(err, FAULT_FAILED_BEFORE, "the last jump into %s failed%s%s", kernel,
			failed->reason[0] ? ": " : "", failed->reason);
	return !s->trials_unknown ||
		fail(err, FAULT_FAILED_BEFORE,
			"whether the last jump into %s failed is not known: %s", kernel,
			s->trials_unknown);
}
