/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a row is about this machine: a "no" of one line settles it, whatever else cannot be told. */
#include "check/known.h"

#include "machine/linux-version.h"
#include "machine/text.h"

typedef enum answer has_function(const struct hardware *hardware, struct view name);

static enum answer answer_of(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

static enum answer any_of(const struct hardware *h, struct view words, has_function *has)
{
	enum answer answer = ANSWER_NO, one;
	struct view word;

	while (text_word(&words, &word)) {
		one = has(h, word);
		if (one == ANSWER_YES)
			return one;
		if (one == ANSWER_UNKNOWN)
			answer = one;
	}
	return answer;
}

static enum answer both(enum answer a, enum answer b)
{
	if (a == ANSWER_NO || b == ANSWER_NO)
		return ANSWER_NO;
	return a == ANSWER_YES ? b : a;
}

static enum answer all_flags(const struct hardware *h, struct view flags)
{
	enum answer answer = ANSWER_YES;
	struct view flag;

	while (text_word(&flags, &flag))
		answer = both(answer, hardware_cpu_has(h, flag));
	return answer;
}

static enum answer cpu_is(const struct hardware *h, struct view model)
{
	static const char *const keys[] = { "vendor_id", "cpu family", "model" };
	enum answer answer = ANSWER_YES;
	struct view word;

	for (size_t i = 0; i < sizeof keys / sizeof *keys && text_word(&model, &word); i++)
		answer = both(answer, hardware_cpu_is(h, keys[i], word));
	return answer;
}

static enum answer dmi_is(const struct hardware *h, const struct known *row)
{
	enum answer answer = ANSWER_YES;

	for (size_t i = 0; i < row->dmi_count; i++) {
		struct view text = row->dmi[i], field;

		if (text_cut(&text, ' ', &field))
			answer = both(answer, hardware_dmi_is(h, field, text_trim(text)));
	}
	return answer;
}

/* Of the running kernel, whose drivers leave devices as they are. */
static enum answer is_before(const struct check_subject *subject, struct view value)
{
	const char *text = arena_string(subject->arena, value);
	unsigned running, version;

	if (!text || !linux_version(subject->machine->uname_release, &running) ||
		!linux_version(text, &version))
		return ANSWER_UNKNOWN;
	return answer_of(running < version);
}

/* What is known of the machine and the plan otherwise. */
static enum answer subject_is(
	const struct check_subject *subject, enum known_match match, struct view value)
{
	const struct machine *machine = subject->machine;

	if (match == MATCH_CALL)
		return subject->plan
			? answer_of(text_is(value, kexec_call_name(subject->plan->call)))
			: ANSWER_UNKNOWN;
	if (!machine)
		return ANSWER_UNKNOWN;
	if (match == MATCH_BEFORE)
		return is_before(subject, value);
	if (match == MATCH_ARCH)
		return answer_of(text_is(value, cpu_arch_name(machine->arch)));
	return answer_of(machine->efi.present || machine->efi.hidden);
}

static enum answer one(const struct hardware *h, const struct check_subject *subject,
	enum known_match match, struct view value)
{
	switch (match) {
	case MATCH_MODULE:
		return any_of(h, value, hardware_has_module);
	case MATCH_DRIVER:
		return any_of(h, value, hardware_has_driver);
	case MATCH_TREE:
		return any_of(h, value, hardware_tree_has);
	case MATCH_CPU:
		return cpu_is(h, value);
	case MATCH_CPU_FLAG:
		return all_flags(h, value);
	case MATCH_ARCH:
	case MATCH_EFI:
	case MATCH_BEFORE:
	case MATCH_CALL:
		return subject_is(subject, match, value);
	case MATCH_COUNT:
		break;
	}
	return ANSWER_UNKNOWN;
}

enum answer known_matches(const struct known *row, const struct hardware *hardware,
	const struct check_subject *subject)
{
	enum answer answer = dmi_is(hardware, row);

	for (enum known_match match = 0; match < MATCH_COUNT; match++)
		if (row->match[match].p)
			answer = both(answer, one(hardware, subject, match, row->match[match]));
	return answer;
}
