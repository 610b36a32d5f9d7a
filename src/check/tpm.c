/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Measured boot. A TPM's registers (PCRs) are reset by a reset of the machine alone: after a jump they
 * tell of the kernel that the firmware started, plus what has been added since, and nobody measures the
 * next one. What is sealed to some of them is not unsealed then (systemd.io, TPM2 PCR Measurements Made by systemd).
 */
#include "check/rows.h"

#include <string.h>

#include "check/unknown.h"
#include "machine/text.h"
#include "plan/parameters.h"

static const char source[] = "https://systemd.io/TPM2_PCR_MEASUREMENTS/";
static const char advice[] =
	"reboot through the firmware where nobody is there to type a passphrase; a volume that is "
	"sealed to PCR 7 alone is opened after a jump as well";

/* What is opened by the TPM; "" where nothing is seen. */
struct sealed {
	const char *names;
	const struct error *unreadable;
};

static bool add(struct arena *arena, struct sealed *sealed, const char *name)
{
	const char *both =
		arena_printf(arena, "%s%s%s", sealed->names, *sealed->names ? ", " : "", name);

	if (both)
		sealed->names = both;
	return both;
}

/* NAME DEVICE KEY OPTIONS: crypttab(5). */
static void add_table(const struct check_subject *subject, const char *path, struct sealed *sealed)
{
	struct view text, line, words[4];
	struct error err, *kept;

	if (!source_take(subject->source, path, subject->arena, &text, &err)) {
		kept = arena_alloc(subject->arena, sizeof *kept);
		if (kept)
			*kept = err;
		sealed->unreadable = kept;
		return;
	}
	while (text_line(&text, &line)) {
		size_t count = 0;
		const char *options, *name;

		while (count < 4 && text_word(&line, &words[count]))
			count++;
		if (count < 4 || words[0].p[0] == '#')
			continue;
		options = arena_string(subject->arena, words[3]);
		name = arena_string(subject->arena, words[0]);
		if (options && name && strstr(options, "tpm2-device="))
			add(subject->arena, sealed, name);
	}
}

static struct sealed look(const struct check_subject *subject)
{
	struct sealed sealed = { .names = "" };
	const char *line = subject->command_line ? subject->command_line : "", *options;
	const char *const *names;

	add_table(subject, "etc/crypttab", &sealed);
	while (parameters_next(&line, "rd.luks.options=", &options))
		if (memmem(options, (size_t)(line - options), "tpm2-device=", 12))
			add(subject->arena, &sealed, "a volume of rd.luks.options=");
	if (source_list(subject->source, "var/lib/systemd", subject->arena, &names))
		for (; *names; names++)
			if (strcmp(*names, "pcrlock.json") == 0)
				add(subject->arena, &sealed, "what systemd-pcrlock's policy opens");
	return sealed;
}

struct check_finding check_tpm(const struct check_subject *subject)
{
	const char *const *chips;
	struct check_finding hidden;
	struct error unreadable;
	struct sealed sealed;

	if (!source_take_names(
		    subject->source, "sys/class/tpm", subject->arena, &chips, &unreadable))
		return check_unreadable(subject, &unreadable);
	if (!chips && check_is_hidden(subject, "sys/class", &hidden))
		return hidden;
	if (!chips || !chips[0])
		return check_finds(subject, CHECK_PASS, "this machine has no TPM");
	sealed = look(subject);
	if (*sealed.names)
		return check_advise(
			check_finds(subject, CHECK_WARN,
				"the TPM opens %s: after a jump PCRs 4, 8, 9, 11, 12 and 13 tell of the "
				"kernel before, and 11 and 15 are added to a second time, so that the "
				"next kernel may stop and ask for a passphrase",
				sealed.names),
			advice, source);
	if (sealed.unreadable)
		return check_unreadable(subject, sealed.unreadable);
	return check_advise(
		check_finds(subject, CHECK_NOTE,
			"%s measures no jump: PCRs 4, 8, 9, 11, 12 and 13 go on telling of the kernel "
			"that the firmware started",
			chips[0]),
		"reboot through the firmware where others verify what this machine has booted",
		source);
}
