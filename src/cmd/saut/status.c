/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut status: first whether this kernel can kexec at all, then what is loaded and who forbids what. */
#include <stdio.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/saut/look-options.h"
#include "cmd/saut/reboots.h"
#include "cmd/saut/trials.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "check/verdict.h"

struct facts {
	struct system *system;
	struct kernel_config config;
	struct verdict verdict;
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

enum { ROWS = 7 };

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
	};

	for (size_t i = 0; i < ROWS; i++)
		ret[i] = rows[i];
}

static void show_limit(struct json *j, const char *key, int64_t limit)
{
	if (limit < 0)
		json_null(j, key);
	else
		json_number(j, key, (uint64_t)limit);
}

static void show_json(const struct facts *facts)
{
	struct json j = { .out = stdout };
	struct row rows[ROWS];

	rows_of(&facts->system->ability, rows);
	json_open(&j, NULL, '{');
	json_bool(&j, "can_kexec", facts->verdict.can);
	json_string(&j, "why", facts->verdict.why);
	json_string(&j, "step", facts->verdict.step);
	for (size_t i = 0; i < ROWS; i++)
		json_string(&j, rows[i].key, words[rows[i].answer]);
	json_string(&j, "lockdown", lockdowns[facts->system->ability.lockdown]);
	show_limit(&j, "load_limit_reboot", facts->system->ability.load_limit_reboot);
	show_limit(&j, "load_limit_panic", facts->system->ability.load_limit_panic);
	json_string(&j, "config_file", facts->config.file);
	json_open(&j, "config", '{');
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		json_string(&j, kernel_options[i].name, words[facts->config.answers[i]]);
	json_close(&j, '}');
	reboots_show_json(facts->system, &j);
	trials_show_json(facts->system, &j);
	json_close(&j, '}');
}

static void show(const struct facts *facts)
{
	struct row rows[ROWS];

	rows_of(&facts->system->ability, rows);
	say("this kernel %s kexec: %s\n", facts->verdict.can ? "can" : "cannot",
		facts->verdict.why);
	if (facts->verdict.step)
		say("what to do: %s\n", facts->verdict.step);
	reboots_show(facts->system);
	trials_show(facts->system);
	for (size_t i = 0; i < ROWS; i++)
		say("  %-44s %s\n", rows[i].text, words[rows[i].answer]);
	say("  %-44s %s\n", "lockdown", lockdowns[facts->system->ability.lockdown]);
	if (!facts->config.file) {
		say("its configuration is neither in /proc/config.gz nor in /boot nor beside its "
		    "modules\n");
		return;
	}
	say("by %s:\n", facts->config.file);
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		say("  %-24s %-3s  %s\n", kernel_options[i].name, words[facts->config.answers[i]],
			kernel_options[i].what);
}

static void tell(struct system *system, bool as_json)
{
	struct facts facts = {
		.system = system,
		.config = kernel_config_read(system->source, &system->arena),
	};

	facts.verdict = verdict_of(&system->ability, &facts.config);
	if (as_json)
		show_json(&facts);
	else
		show(&facts);
}

static bool status(const struct look_options *look, struct error *err)
{
	const struct system_options options = { .root = look->root,
		.leave_unmounted = look->no_mount };
	struct system system;
	bool done = system_look(&options, &system, err);

	if (done)
		tell(&system, look->as_json);
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
	return error_attempting(err, "tell the status");
}
