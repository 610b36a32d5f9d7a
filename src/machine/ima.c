/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Documentation/ABI/testing/ima_policy, and ima_policy= and ima_appraise= in Documentation/admin-guide/
 * kernel-parameters.txt. A policy that was written stands in for the one that is built in, so that the line
 * is asked only where the policy is not shown.
 */
#include "machine/facts.h"

static bool is_rule_on_kernels(struct view line)
{
	struct view rest = line, word;

	return text_word(&rest, &word) && text_is(word, "appraise") &&
		text_has_word(line, "func=KEXEC_KERNEL_CHECK");
}

static enum answer by_policy(struct view rules)
{
	struct view line;

	while (text_line(&rules, &line))
		if (is_rule_on_kernels(line))
			return ANSWER_YES;
	return ANSWER_NO;
}

/* Several policies are separated by |. */
static bool has_policy(struct view policies, const char *name)
{
	struct view one;

	while (text_cut(&policies, '|', &one))
		if (text_is(text_trim(one), name))
			return true;
	return text_is(text_trim(policies), name);
}

static struct view value_of(struct view word, struct view key)
{
	return view_starts_with(word, key) ? view_from(word, key.n) : (struct view){ 0 };
}

static void read_line(struct view line, struct ima_facts *ima, bool *ret_asked)
{
	struct view word, value;

	while (text_word(&line, &word)) {
		value = value_of(word, view_of_string("ima_policy="));
		*ret_asked |= value.n && has_policy(value, "secure_boot");
		value = value_of(word, view_of_string("ima_appraise="));
		ima->is_lenient |=
			text_is(value, "off") || text_is(value, "log") || text_is(value, "fix");
	}
}

bool machine_ima_refuses(const struct machine *machine)
{
	return machine->ima.appraises_kernels == ANSWER_YES && !machine->ima.is_lenient;
}

struct ima_facts ima_capture(
	const struct source *source, struct arena *arena, const char *command_line)
{
	struct ima_facts ima = { .appraises_kernels = ANSWER_UNKNOWN };
	struct view rules;
	bool is_asked_for = false;

	read_line(view_of_string(command_line), &ima, &is_asked_for);
	if (source_read(source, IMA_POLICY, arena, &rules))
		ima.appraises_kernels = by_policy(rules);
	else if (is_asked_for)
		ima.appraises_kernels = ANSWER_YES;
	return ima;
}
