/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/trials.h"

#include <string.h>

#include "cmd/say.h"
#include "service/panic-message.h"
#include "system/trial-watchdog.h"

/* For programs; and for people, behind the name of the kernel. */
static const struct {
	const char *word, *text;
} outcomes[TRIAL_OUTCOMES] = {
	[OUTCOME_AHEAD] = { "ahead", "is about to be jumped into" },
	[OUTCOME_WAITING] = { "waiting", "came up, and is to be confirmed" },
	[OUTCOME_CONFIRMED] = { "confirmed", "came up and was confirmed" },
	[OUTCOME_REFUSED] = { "refused", "came up and was refused" },
	[OUTCOME_SILENT] = { "silent", "gave no sign of life" },
	[OUTCOME_LOST] = { "lost", "came up, and ended before it was confirmed" },
	[OUTCOME_FORGIVEN] = { "forgiven", "was forgiven" },
	[OUTCOME_REDEEMED] = { "redeemed", "failed, and has come up since" },
	[OUTCOME_UNKNOWN] = { "unknown", "may have come up: nobody was there to tell" },
};

static const char *panic_message(
	struct system *s, const struct trial *t, enum trial_outcome outcome)
{
	if (outcome != OUTCOME_SILENT && outcome != OUTCOME_LOST)
		return NULL;
	return panic_message_find(s->source, t->when, &s->arena);
}

/* What has ended a boot that said nothing: certain only where the watchdog tells, or the kernel did. */
static const char *end_of(struct system *s, const struct trial *t)
{
	const char *text = NULL;

	if (!t->watchdog[0] || t->state == TRIAL_REFUSED)
		return "reset through the firmware";
	if (trial_watchdog_has_reset(s->source, t, &s->arena))
		text = arena_printf(&s->arena, "reset by the watchdog (%s)", t->watchdog);
	else if (!panic_message(s, t, OUTCOME_SILENT))
		text = arena_printf(&s->arena,
			"reset through the firmware, by the watchdog (%s) unless it panicked",
			t->watchdog);
	return text ? text : "reset through the firmware";
}

/* How the machine came from there to here, as far as this boot knows. */
static const char *way_back(struct system *s, const struct trial *t)
{
	bool is_old = t->release[0] && strcmp(t->release, s->now.release) == 0;
	const char *text;

	if (s->arrival.by_kexec != ANSWER_NO)
		return is_old ? "; the old kernel runs again" : "";
	text = arena_printf(
		&s->arena, "; %s%s", end_of(s, t), is_old ? ", the old kernel runs again" : "");
	return text ? text : "";
}

/* Without a boot service that confirms, a boot stays what it is, and no time ends it. */
static bool waits(const struct trial *t, enum trial_outcome outcome)
{
	return outcome == OUTCOME_WAITING && t->confirm != CONFIRM_NOBODY;
}

static const char *text_of(const struct trial *t, enum trial_outcome outcome)
{
	return outcome == OUTCOME_WAITING && !waits(t, outcome)
		? "came up, and no boot service here confirms it"
		: outcomes[outcome].text;
}

static void show(struct system *s, const struct trial *t, enum trial_outcome outcome)
{
	const char *panic = panic_message(s, t, outcome);

	say("%s: %s", outcome == OUTCOME_WAITING ? "this boot is on trial" : "last trial",
		t->kernel);
	if (t->next_release[0])
		say(" (%s)", t->next_release);
	say(" %s", text_of(t, outcome));
	if (outcome == OUTCOME_CONFIRMED || outcome == OUTCOME_REFUSED)
		say(" after %llu s", (unsigned long long)t->after);
	if (waits(t, outcome))
		say(" within %llu s of its start", (unsigned long long)t->within);
	if (t->reason[0])
		say(": %s", t->reason);
	say("%s\n", trial_has_failed(outcome) ? way_back(s, t) : "");
	if (panic)
		say("    it panicked: %s\n", panic);
	if (trial_has_failed(outcome))
		say("    saut does not jump into it again until it has come up through the firmware; "
		    "saut forgive permits it now\n");
}

void trials_show(struct system *s)
{
	if (s->has_trial && s->outcome != OUTCOME_AHEAD)
		show(s, &s->trial, s->outcome);
	else if (s->has_trial)
		say("this boot is about to jump into %s, on trial\n", s->trial.kernel);
	if (s->has_failed && trial_has_failed(s->failed_outcome))
		show(s, &s->failed, s->failed_outcome);
	if (s->trials_unknown)
		say("whether the last jump failed is unknown: %s; saut forgive has it forgotten\n",
			s->trials_unknown);
}

/* What is told to programs. */
struct told {
	const char *name;
	const struct trial *trial; /* NULL: there is none */
	enum trial_outcome outcome;
};

static void show_json(struct system *s, const struct told *told, struct json *j)
{
	const struct trial *t = told->trial;
	const enum trial_outcome outcome = told->outcome;

	if (!t) {
		json_null(j, told->name);
		return;
	}
	json_open(j, told->name, '{');
	json_string(j, "outcome", outcome == OUTCOME_UNKNOWN ? NULL : outcomes[outcome].word);
	if (outcome == OUTCOME_UNKNOWN)
		json_null(j, "failed");
	else
		json_bool(j, "failed", trial_has_failed(outcome));
	json_string(j, "kernel", t->kernel);
	json_known(j, "release", t->next_release);
	json_known(j, "left_release", t->release);
	json_number(j, "when", t->when);
	json_number(j, "within", t->within);
	json_number_if(
		j, "after", outcome == OUTCOME_CONFIRMED || outcome == OUTCOME_REFUSED, t->after);
	json_known(j, "reason", t->reason);
	json_string(j, "last_words", panic_message(s, t, outcome));
	json_string(j, "watchdog", t->watchdog[0] ? t->watchdog : NULL);
	/* Where it does not tell, somebody else may have been it. */
	if (trial_has_failed(outcome) && s->arrival.by_kexec == ANSWER_NO &&
		trial_watchdog_has_reset(s->source, t, &s->arena))
		json_bool(j, "reset_by_watchdog", true);
	else
		json_null(j, "reset_by_watchdog");
	json_close(j, '}');
}

void trials_show_json(struct system *s, struct json *j)
{
	const struct told last = { "trial", s->has_trial ? &s->trial : NULL, s->outcome };
	const struct told failed = { "failed_trial",
		s->has_failed && trial_has_failed(s->failed_outcome) ? &s->failed : NULL,
		s->failed_outcome };

	show_json(s, &last, j);
	show_json(s, &failed, j);
	json_string(j, "trial_unknown", s->trials_unknown);
}
