/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/trial.h"

#include <stddef.h>
#include <string.h>

#include "machine/boot-id.h"
#include "machine/text.h"
#include "machine/trial-parameter.h"
#include "service/assignments.h"
#include "service/quoted.h"

static const char *const states[TRIAL_STATES] = {
	[TRIAL_LEFT] = "left",
	[TRIAL_UP] = "up",
	[TRIAL_CONFIRMED] = "confirmed",
	[TRIAL_REFUSED] = "refused",
	[TRIAL_FORGIVEN] = "forgiven",
	[TRIAL_SILENT] = "silent",
};

static const char *const confirms[TRIAL_CONFIRMS] = {
	[CONFIRM_NOBODY] = "nobody",
	[CONFIRM_AUTO] = "auto",
	[CONFIRM_MANUAL] = "manual",
};

/* The same table for both ways, so that what is written is what is read. */
static const struct text_row {
	const char *name;
	size_t offset;
} texts[] = {
	{ "ID", offsetof(struct trial, id) },
	{ "BOOT_ID", offsetof(struct trial, boot_id) },
	{ "RELEASE", offsetof(struct trial, release) },
	{ "ENTRY", offsetof(struct trial, entry) },
	{ "KERNEL", offsetof(struct trial, kernel) },
	{ "NEXT_RELEASE", offsetof(struct trial, next_release) },
	{ "ONE_SHOT", offsetof(struct trial, one_shot) },
	{ "WATCHDOG", offsetof(struct trial, watchdog) },
	{ "WATCHDOG_IDENTITY", offsetof(struct trial, identity) },
	{ "KEEP", offsetof(struct trial, keep) },
	{ "STRICT", offsetof(struct trial, strict) },
	{ "PANIC_WAS", offsetof(struct trial, panic_was) },
	{ "UP_BOOT_ID", offsetof(struct trial, up_boot_id) },
	{ "REASON", offsetof(struct trial, reason) },
}, numbers[] = {
	{ "WHEN", offsetof(struct trial, when) },
	{ "WITHIN", offsetof(struct trial, within) },
	{ "AFTER", offsetof(struct trial, after) },
};

enum { TEXTS = sizeof texts / sizeof *texts, NUMBERS = sizeof numbers / sizeof *numbers };

static const char **text_at(struct trial *t, const struct text_row *row)
{
	return (const char **)(void *)((char *)t + row->offset);
}

static uint64_t *number_at(struct trial *t, const struct text_row *row)
{
	return (uint64_t *)(void *)((char *)t + row->offset);
}

const char *trial_text(const struct trial *trial, struct arena *arena)
{
	struct trial t = *trial;
	const char *s =
		arena_printf(arena, "STATE=%s\nCONFIRM=%s\n", states[t.state], confirms[t.confirm]);

	for (size_t i = 0; s && i < TEXTS; i++) {
		const char *value = quoted(*text_at(&t, &texts[i]), arena);

		s = value ? arena_printf(arena, "%s%s=%s\n", s, texts[i].name, value) : NULL;
	}
	for (size_t i = 0; s && i < NUMBERS; i++)
		s = arena_printf(arena, "%s%s=%llu\n", s, numbers[i].name,
			(unsigned long long)*number_at(&t, &numbers[i]));
	return s;
}

static const char *value_of(const struct assignments *all, const char *name)
{
	const struct assignment *a = assignments_find(all, name);

	return a && a->value ? a->value : "";
}

static bool index_of(const char *word, const char *const *words, size_t count, size_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

static bool parse(const struct assignments *all, struct trial *ret)
{
	struct trial t = { 0 };
	size_t state, confirm;

	if (!index_of(value_of(all, "STATE"), states, TRIAL_STATES, &state) ||
		!index_of(value_of(all, "CONFIRM"), confirms, TRIAL_CONFIRMS, &confirm))
		return false;
	t.state = (enum trial_state)state;
	t.confirm = (enum trial_confirm)confirm;
	for (size_t i = 0; i < TEXTS; i++)
		*text_at(&t, &texts[i]) = value_of(all, texts[i].name);
	for (size_t i = 0; i < NUMBERS; i++)
		if (!text_decimal(view_of_string(value_of(all, numbers[i].name)),
			    number_at(&t, &numbers[i])))
			return false;
	if (!t.id[0] || !t.boot_id[0] || !t.kernel[0])
		return false;
	*ret = t;
	return true;
}

enum presence trial_take(const struct source *source, const char *file, struct arena *arena,
	struct trial *ret, struct error *err)
{
	struct assignments all = { 0 };
	struct view text;
	enum presence presence = source->read(source, file + 1, arena, &text, err);

	if (presence != IS_THERE || (assignments_read(&all, file, text, arena) && parse(&all, ret)))
		return presence;
	fail(err, FAULT_FILE_UNREADABLE, "%s is not understood", file);
	return IS_UNREADABLE;
}

bool trial_read(
	const struct source *source, const char *file, struct arena *arena, struct trial *ret)
{
	struct error ignored;

	return trial_take(source, file, arena, ret, &ignored) == IS_THERE;
}

struct trial_now trial_now_read(
	const struct source *source, enum answer by_kexec, struct arena *arena)
{
	struct view name, release;
	const char *s = NULL;

	if (source_read(source, "saut/uname", arena, &name) && text_word(&name, &release))
		s = arena_string(arena, release);

	return (struct trial_now){
		.boot_id = boot_id_read(source, arena),
		.release = s ? s : "",
		.id = trial_parameter_read(source, arena),
		.by_kexec = by_kexec,
	};
}

static bool is_here(const struct trial *t, const struct trial_now *now)
{
	return now->id[0] && strcmp(t->id, now->id) == 0 && strcmp(t->boot_id, now->boot_id) != 0;
}

/* By kexec, the boot is no proof: it has been a jump that failed. */
static bool has_redeemed(const struct trial *t, const struct trial_now *now)
{
	return now->by_kexec != ANSWER_YES && t->next_release[0] &&
		strcmp(t->next_release, now->release) == 0 &&
		strcmp(t->next_release, t->release) != 0;
}

enum trial_outcome trial_outcome(const struct trial *trial, const struct trial_now *now)
{
	switch (trial->state) {
	case TRIAL_CONFIRMED:
		return OUTCOME_CONFIRMED;
	case TRIAL_FORGIVEN:
		return OUTCOME_FORGIVEN;
	case TRIAL_LEFT:
	case TRIAL_UP:
	case TRIAL_REFUSED:
	case TRIAL_SILENT:
		break;
	}
	if (!now->boot_id[0])
		return OUTCOME_UNKNOWN;
	if (strcmp(trial->boot_id, now->boot_id) == 0)
		return OUTCOME_AHEAD;
	if (!is_here(trial, now) && trial->confirm == CONFIRM_NOBODY)
		return OUTCOME_UNKNOWN;
	if (!is_here(trial, now) && has_redeemed(trial, now))
		return OUTCOME_REDEEMED;
	if (trial->state == TRIAL_REFUSED)
		return OUTCOME_REFUSED;
	if (is_here(trial, now))
		return OUTCOME_WAITING;
	return trial->state == TRIAL_UP ? OUTCOME_LOST : OUTCOME_SILENT;
}

bool trial_has_failed(enum trial_outcome outcome)
{
	return outcome == OUTCOME_REFUSED || outcome == OUTCOME_SILENT || outcome == OUTCOME_LOST;
}

bool trial_is_of(const struct trial *trial, const char *kernel, const char *release)
{
	return strcmp(trial->kernel, kernel) == 0 &&
		(!trial->next_release[0] || !release || !release[0] ||
			strcmp(trial->next_release, release) == 0);
}
