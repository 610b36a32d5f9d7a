/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands that match by POSIX's extended regular expressions: "regexp" on words, Ubuntu's "hwmatch" on
 * the devices of the PCI bus.
 */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

enum { PATTERN_MAX = 128, SUBJECT_MAX = 1024, GROUPS_MAX = 10 };

/* What a matcher may take too long for: repetitions by number, what was matched before, long texts. */
static bool is_modest(const char *pattern, const char *subject)
{
	unsigned repeats = 0;

	for (const char *p = pattern; *p; p++) {
		repeats += strchr("*+?", *p) != NULL;
		if (*p == '{' || (*p == '\\' && p[1] >= '1' && p[1] <= '9'))
			return false;
	}
	return repeats <= 8 && strlen(pattern) <= PATTERN_MAX && strlen(subject) <= SUBJECT_MAX;
}

/* ANSWER_UNKNOWN where it is no pattern, or none for us. */
static enum answer matches(const char *pattern, const char *subject, regmatch_t *groups)
{
	regex_t compiled;
	int failure;

	if (!is_modest(pattern, subject) || regcomp(&compiled, pattern, REG_EXTENDED) != 0)
		return ANSWER_UNKNOWN;
	failure = regexec(&compiled, subject, groups ? GROUPS_MAX : 0, groups, 0);
	regfree(&compiled);
	return failure ? ANSWER_NO : ANSWER_YES;
}

/* What was matched, with what is not known of it. */
struct match {
	const char *subject;
	const regmatch_t *groups;
	const char *doubt;
};

/* "NAME" or "NUMBER:NAME"; by default the first group. */
static void set_group(struct grub *g, const char *spec, const struct match *match)
{
	const regmatch_t *groups = match->groups;
	const char *colon = strchr(spec, ':'), *end, *text = "", *doubt = match->doubt;
	uint64_t number = 1;

	if (colon && (!grub_number(spec, 10, &number, &end) || end != colon))
		doubt = grub_reason(g, "this group is only known to GRUB");
	if (!doubt && number >= GROUPS_MAX)
		doubt = grub_reason(g, "it has too many groups");
	if (!doubt && groups[number].rm_so >= 0)
		text = arena_string(g->f->arena,
			(struct view){ (const uint8_t *)match->subject + groups[number].rm_so,
				(size_t)(groups[number].rm_eo - groups[number].rm_so) });
	g->is_out_of_memory |= !text;
	grub_assign(g, colon ? colon + 1 : spec, (struct grub_value){ text ? text : "", doubt });
}

/* The options before the pattern; each --set sets one. Without a match they are only counted. */
static size_t set_groups(struct grub *g, const struct grub_arguments *a, const struct match *match)
{
	size_t i = 1;

	for (; i < a->count && a->items[i].text[0] == '-'; i++) {
		const char *word = a->items[i].text, *spec = NULL;

		if (strncmp(word, "--set=", 6) == 0)
			spec = word + 6;
		else if ((strcmp(word, "--set") == 0 || strcmp(word, "-s") == 0) &&
			i + 1 < a->count)
			spec = a->items[++i].text;
		else
			return 0;
		if (match)
			set_group(g, spec, match);
	}
	return i;
}

void grub_run_regexp(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	size_t first = set_groups(g, a, NULL);
	const char *doubt = grub_arguments_doubt(a, 1), *pattern, *subject;
	regmatch_t groups[GROUPS_MAX];
	enum answer answer;

	(void)node;
	if (doubt || first == 0) {
		grub_lose(g, doubt ? doubt : grub_reason(g, "\"regexp\" is not understood"));
		return;
	}
	if (a->count != first + 2) {
		grub_fail(g, -1);
		return;
	}
	pattern = a->items[first].text;
	subject = a->items[first + 1].text;
	answer = grub_names_device(subject) ? ANSWER_UNKNOWN : matches(pattern, subject, groups);
	if (answer == ANSWER_NO) {
		grub_fail(g, -1);
		return;
	}
	if (answer == ANSWER_UNKNOWN)
		doubt = grub_reason(g, "what this expression matches is only known to GRUB");
	set_groups(g, a, &(struct match){ subject, groups, doubt });
	if (doubt)
		grub_wonder(g, doubt);
	else
		grub_succeed(g);
}

static unsigned pci_number(struct grub *g, const char *device, const char *file)
{
	const char *path = arena_printf(g->f->arena, "/sys/bus/pci/devices/%s/%s", device, file);
	struct view text;
	uint64_t number = 0;

	if (!path || !finder_read(g->f, path, &text) || !text_hex(text_trim(text), &number))
		return 0;
	return (unsigned)number;
}

/* As Ubuntu's file of patterns has it. */
static const char *name_of_device(struct grub *g, const char *device, unsigned class)
{
	return arena_printf(g->f->arena, "v%04xd%04xsv%04xsd%04xbc%02xsc%02x",
		pci_number(g, device, "vendor"), pci_number(g, device, "device"),
		pci_number(g, device, "subsystem_vendor"),
		pci_number(g, device, "subsystem_device"), class >> 16, class >> 8 & 0xff);
}

/* Any line of the patterns, all of it. */
static enum answer is_listed(struct grub *g, struct view patterns, const char *name)
{
	struct view line;

	while (text_line(&patterns, &line)) {
		const char *pattern;
		enum answer answer;

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n || line.p[0] == '#')
			continue;
		pattern = arena_printf(g->f->arena, "^%.*s$", (int)(line.n < 256 ? line.n : 256),
			(const char *)line.p);
		answer = pattern ? matches(pattern, name, NULL) : ANSWER_UNKNOWN;
		if (answer != ANSWER_NO)
			return answer;
	}
	return ANSWER_NO;
}

static bool has_patterns(struct view patterns)
{
	struct view line;

	while (text_line(&patterns, &line))
		if (text_trim(line).n && line.p[0] != '#')
			return true;
	return false;
}

static enum answer match_hardware(struct grub *g, struct view patterns, uint64_t class)
{
	enum answer all = ANSWER_NO;
	const char *const *devices;

	if (!has_patterns(patterns))
		return ANSWER_NO;
	if (!source_list(g->f->source, "sys/bus/pci/devices", g->f->arena, &devices))
		return ANSWER_UNKNOWN;
	for (size_t i = 0; devices[i] && all == ANSWER_NO; i++) {
		unsigned code = pci_number(g, devices[i], "class");
		const char *name = code >> 16 == class ? name_of_device(g, devices[i], code) : NULL;

		if (name)
			all = is_listed(g, patterns, name);
	}
	return all;
}

void grub_run_hwmatch(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *doubt = grub_arguments_doubt(a, 1), *path, *end;
	enum answer answer = ANSWER_UNKNOWN;
	enum grub_kind kind;
	struct view patterns;
	uint64_t class;

	(void)node;
	if (!doubt && a->count < 3) {
		grub_fail(g, -1);
		return;
	}
	kind = doubt ? GRUB_IS_UNKNOWN : grub_look(g, a->items[1].text, &path, &doubt);
	if (kind == GRUB_IS_ABSENT || kind == GRUB_IS_FOLDER) {
		grub_fail(g, -1);
		return;
	}
	if (kind == GRUB_IS_FILE && finder_read(g->f, path, &patterns) &&
		grub_number(a->items[2].text, 10, &class, &end))
		answer = match_hardware(g, patterns, class);
	if (answer != ANSWER_UNKNOWN) {
		grub_set(g, "match", answer == ANSWER_YES ? "1" : "0");
		grub_succeed(g);
		return;
	}
	doubt = doubt ? doubt : grub_reason(g, "which hardware \"hwmatch\" matches is not known");
	grub_assign(g, "match", (struct grub_value){ "", doubt });
	grub_wonder(g, doubt);
}
