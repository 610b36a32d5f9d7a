/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut status: first whether this kernel can kexec at all, then what is loaded and who forbids what. */
#include <stdio.h>

#include "cmd/json.h"
#include "cmd/saut/look-options.h"
#include "cmd/saut/reboots.h"
#include "cmd/saut/verb.h"
#include "system/verdict.h"
#include "sys/snapshot.h"

struct facts {
	struct kexec_ability ability;
	struct kernel_config config;
	struct verdict verdict;
	struct reboots reboots;
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

	rows_of(&facts->ability, rows);
	json_open(&j, NULL, '{');
	json_bool(&j, "can_kexec", facts->verdict.can);
	json_string(&j, "why", facts->verdict.why);
	json_string(&j, "step", facts->verdict.step);
	for (size_t i = 0; i < ROWS; i++)
		json_string(&j, rows[i].key, words[rows[i].answer]);
	json_string(&j, "lockdown", lockdowns[facts->ability.lockdown]);
	show_limit(&j, "load_limit_reboot", facts->ability.load_limit_reboot);
	show_limit(&j, "load_limit_panic", facts->ability.load_limit_panic);
	json_string(&j, "config_file", facts->config.file);
	json_open(&j, "config", '{');
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		json_string(&j, kernel_options[i].name, words[facts->config.answers[i]]);
	json_close(&j, '}');
	reboots_show_json(&facts->reboots, &j);
	json_close(&j, '}');
}

static void show(const struct facts *facts)
{
	struct row rows[ROWS];

	rows_of(&facts->ability, rows);
	printf("this kernel %s kexec: %s\n", facts->verdict.can ? "can" : "cannot",
		facts->verdict.why);
	if (facts->verdict.step)
		printf("what to do: %s\n", facts->verdict.step);
	reboots_show(&facts->reboots);
	for (size_t i = 0; i < ROWS; i++)
		printf("  %-44s %s\n", rows[i].text, words[rows[i].answer]);
	printf("  %-44s %s\n", "lockdown", lockdowns[facts->ability.lockdown]);
	if (!facts->config.file) {
		puts("its configuration is neither in /proc/config.gz nor in /boot nor beside its "
		     "modules");
		return;
	}
	printf("by %s:\n", facts->config.file);
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		printf("  %-24s %-3s  %s\n", kernel_options[i].name,
			words[facts->config.answers[i]], kernel_options[i].what);
}

static bool status(bool as_json, const char *root, struct error *err)
{
	struct arena arena = { 0 };
	struct snapshot snapshot;
	struct facts facts;

	if (!snapshot_open(root, &snapshot, err))
		return false;
	facts.ability = machine_kexec_ability(&snapshot.source, &arena);
	facts.config = kernel_config_read(&snapshot.source, &arena);
	facts.verdict = verdict_of(&facts.ability, &facts.config);
	facts.reboots = reboots_look(&snapshot.source, &arena, &facts.ability);
	if (as_json)
		show_json(&facts);
	else
		show(&facts);
	snapshot_close(&snapshot);
	arena_free(&arena);
	return true;
}

bool verb_status(int argc, char **argv, struct error *err)
{
	struct look_options look;

	if (!look_options_read(argc, argv, &look) || look.no_mount)
		fail(err, FAULT_USAGE, "status takes --json and --root=FOLDER");
	else if (status(look.as_json, look.root, err))
		return true;
	return error_attempting(err, "tell the status");
}
