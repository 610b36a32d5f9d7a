/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut status: first what the next reboot will be, then why, what became of the last one, and what this kernel can. */
#include <stdio.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/saut/foretold.h"
#include "cmd/saut/look-options.h"
#include "cmd/saut/reboots.h"
#include "cmd/saut/trials.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "check/verdict.h"
#include "system/kept.h"

/* Of the JSON: what was there stays and means the same, else it is counted up. */
enum { SCHEMA = 1 };

struct facts {
	struct system *system;
	struct kernel_config config;
	struct verdict verdict;
	struct foretold foretold;
};

static const char *const words[] = {
	[ANSWER_UNKNOWN] = "unknown",
	[ANSWER_NO] = "no",
	[ANSWER_YES] = "yes",
};

static const char *const lockdowns[] = {
	[LOCKDOWN_UNKNOWN] = "unknown",
	[LOCKDOWN_NONE] = "none",
	[LOCKDOWN_INTEGRITY] = "integrity",
	[LOCKDOWN_CONFIDENTIALITY] = "confidentiality",
};

struct row {
	const char *key, *text;
	enum answer answer;
};

enum { ROWS = 8 };

static void rows_of(const struct kexec_ability *a, struct row ret[static ROWS])
{
	const struct row rows[ROWS] = {
		{ "loaded", "a kernel is loaded", a->loaded },
		{ "crash_loaded", "a crash kernel is loaded", a->crash_loaded },
		{ "kexec_load", "system call kexec_load", a->load },
		{ "kexec_file_load", "system call kexec_file_load", a->file_load },
		{ "load_disabled", "switched off by kernel.kexec_load_disabled", a->disabled },
		{ "may_load", "this user may load", a->may_boot },
		{ "secure_boot", "Secure Boot", a->secure_boot },
		{ "live_update", "files can be kept for the next kernel", a->live_update },
	};

	for (size_t i = 0; i < ROWS; i++)
		ret[i] = rows[i];
}

static void show_json(const struct facts *facts)
{
	const struct kexec_ability *a = &facts->system->ability;
	struct json j = { .out = stdout };
	struct row rows[ROWS];

	rows_of(a, rows);
	json_begin(&j, SCHEMA);
	reboots_show_json(facts->system, &facts->foretold, &j);
	trials_show_json(facts->system, &j);
	json_answer(&j, "can_kexec", facts->verdict.can);
	json_string(&j, "why", facts->verdict.why);
	json_string(&j, "step", facts->verdict.step);
	for (size_t i = 0; i < ROWS; i++)
		json_answer(&j, rows[i].key, rows[i].answer);
	json_string(
		&j, "lockdown", a->lockdown == LOCKDOWN_UNKNOWN ? NULL : lockdowns[a->lockdown]);
	json_number_if(
		&j, "load_limit_reboot", a->load_limit_reboot >= 0, (uint64_t)a->load_limit_reboot);
	json_number_if(
		&j, "load_limit_panic", a->load_limit_panic >= 0, (uint64_t)a->load_limit_panic);
	json_string(&j, "config_file", facts->config.file);
	json_open(&j, "config", '{');
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		json_answer(&j, kernel_options[i].name, facts->config.answers[i]);
	json_close(&j, '}');
	json_notes(&j, &facts->system->notes, NULL);
	json_end(&j);
}

/* is_told: why not has been said of the next reboot. */
static void show_verdict(const struct verdict *v, bool is_told)
{
	static const char *const formats[] = {
		[ANSWER_UNKNOWN] = "whether this kernel can kexec is not known: %s\n",
		[ANSWER_NO] = "this kernel cannot kexec: %s\n",
		[ANSWER_YES] = "this kernel can kexec: %s\n",
	};

	if (!is_told || v->can != ANSWER_NO)
		say(formats[v->can], v->why);
	if (v->step)
		say("what to do: %s\n", v->step);
}

static void show(const struct facts *facts)
{
	struct row rows[ROWS];

	rows_of(&facts->system->ability, rows);
	reboots_show(facts->system, &facts->foretold);
	trials_show(facts->system);
	show_verdict(&facts->verdict, facts->foretold.next.is_kernels);
	for (size_t i = 0; i < ROWS; i++)
		say("  %-44s %s\n", rows[i].text, words[rows[i].answer]);
	say("  %-44s %s\n", "lockdown", lockdowns[facts->system->ability.lockdown]);
	if (facts->config.unknown) {
		say("its configuration is not known: %s\n", facts->config.unknown);
		return;
	}
	if (!facts->config.file) {
		say("its configuration is neither in /proc/config.gz nor in /boot nor beside its "
		    "modules\n");
		return;
	}
	say("its configuration, %s:\n", facts->config.file);
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		say("  %-24s %-3s  %s\n", kernel_options[i].name, words[facts->config.answers[i]],
			kernel_options[i].what);
}

/* Sessions that were opened since: `saut reboot` will refuse, another reboot will lose what they keep. */
static void look_at_kept(struct system *s, const struct foretold *foretold)
{
	struct error ignored;

	if (foretold->next.way == NEXT_JUMP || foretold->next.way == NEXT_UNKNOWN)
		(void)!kept_permits(s->source, &s->loaded, true, &s->notes, &ignored);
}

static bool tell(struct system *system, bool as_json, struct error *err)
{
	struct facts facts = {
		.system = system,
		.config = kernel_config_read(system->source, &system->arena),
		.foretold = foretell(system),
	};

	look_at_kept(system, &facts.foretold);
	facts.verdict = verdict_of(&system->ability, &facts.config);
	if (as_json)
		show_json(&facts);
	else
		show(&facts);
	return foretold_is_by_kexec(&facts.foretold, err);
}

static bool status(const struct look_options *look, struct error *err)
{
	const struct system_options options = { .root = look->root,
		.leave_unmounted = look->no_mount,
		.init_service = true,
		.only_looks = true };
	struct system system;
	bool looked = system_look(&options, &system, err);
	bool done = looked && tell(&system, look->as_json, err);

	message_flush();
	if (!looked || !look->as_json)
		message_notes(&system.notes);
	system_free(&system);
	return done;
}

bool verb_status(int argc, char **argv, struct error *err)
{
	struct look_options look;

	if (!look_options_read(argc, argv, &look))
		fail(err, FAULT_USAGE, "status takes --json, --no-mount and --root=FOLDER");
	else if (status(&look, err))
		return true;
	return error_attempting(err, "show the status");
}
