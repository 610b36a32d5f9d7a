/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/promise.h"

#include "cmd/say.h"
#include "system/trial-watchdog.h"

/* The one measure that there is: the last jump that went well. */
static void show_usual_time(const struct system *s)
{
	if (s->has_trial && s->outcome == OUTCOME_CONFIRMED && s->trial.after)
		say(" in about %llu s, as the last time", (unsigned long long)s->trial.after);
}

static const char *who_confirms(const struct come_back *c)
{
	return c->trial.confirm == CONFIRM_MANUAL ? "saut confirm" : "its boot service";
}

/*
 * Who hangs before somebody keeps the watchdog is reset by what the stub has set. Until then a slow boot may
 * have come up, and settle; later a boot has its time, and what the watchdog counts while it is kept, or
 * while a refused boot goes down.
 */
static uint64_t latest(const struct come_back *c, const struct job *job)
{
	const uint32_t times = job->watchdog.latest_factor;
	const uint64_t left = (uint64_t)TRIAL_WATCHDOG_LEAVE_S * times;
	const uint64_t hung = TRIAL_WATCHDOG_SLACK_S + (uint64_t)TRIAL_WATCHDOG_HOLD_S * times;
	uint64_t most = (uint64_t)job->watchdog_setting.latest + TRIAL_SETTLE_S;

	most = most < c->trial.within ? c->trial.within : most;
	return most + (left < hung ? hung : left);
}

static void show_with_watchdog(
	const struct system *s, const struct come_back *c, const struct job *job, const char *back)
{
	say("    trial    back by kexec");
	show_usual_time(s);
	say("; if not, through the firmware after at most %llu s, into %s\n",
		(unsigned long long)latest(c, job), back);
	say("             confirmed by %s within %llu s; else, after a panic or by the watchdog (%s) it "
	    "is left\n",
		who_confirms(c), (unsigned long long)c->trial.within, job->watchdog.name);
}

static void show_without(const struct system *s, const struct come_back *c, const char *back)
{
	say("    trial    back by kexec");
	show_usual_time(s);
	say(", confirmed by %s within %llu s; if not, or after a panic, through the firmware, into "
	    "%s\n",
		who_confirms(c), (unsigned long long)c->trial.within, back);
}

static void show_obstacle(const struct job *job)
{
	if (!job->watchdog.driver)
		say("             a kernel that hangs stays so: no watchdog is started%s%s\n",
			job->watchdog_obstacle ? ": " : "",
			job->watchdog_obstacle ? job->watchdog_obstacle : "");
}

void promise_show(const struct system *system, const struct come_back *trial, const struct job *job,
	const char *back)
{
	const char *place = back[0] ? back : "what the boot loader takes, which is not known";

	if (!trial->is_on)
		return;
	if (trial->nobody)
		say("    trial    a panic leads back through the firmware, into %s; no more is "
		    "promised: %s\n",
			place, trial->nobody);
	else if (job->watchdog.driver)
		show_with_watchdog(system, trial, job, place);
	else
		show_without(system, trial, place);
	if (trial->one_shot.why_not)
		say("             the boot loader is not told to boot the running kernel: %s\n",
			trial->one_shot.why_not);
	show_obstacle(job);
}
