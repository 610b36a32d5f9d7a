/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's commands that change variables and the way of the run, and those that do nothing here. */
#include <string.h>

#include "entry/grub/grub.h"

void grub_run_nothing(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	(void)a;
	grub_succeed(g);
}

void grub_run_false(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	(void)a;
	grub_fail(g, 1);
}

/* Whether it succeeds depends on the machine, or on GRUB's modules. */
void grub_run_aside(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	(void)a;
	grub_wonder(g, NULL);
}

static void not_understood(struct grub *g, const struct grub_arguments *a)
{
	grub_lose(g, grub_reason(g, "\"%.40s\" is not understood", a->items[0].text));
}

/* What it does to the machine matters to what is booted from here only. */
void grub_run_on_machine(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	if (g->entry)
		not_understood(g, a);
	else
		grub_run_aside(g, node, a);
}

/* Another system than Linux, or another way to load it. */
void grub_run_loader(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	if (g->entry) {
		not_understood(g, a);
		return;
	}
	g->loaded = grub_reason(g, "\"%.40s\" stands outside of an entry", a->items[0].text);
	grub_wonder(g, g->loaded);
}

/* Nothing that follows is seen. */
static void leave(struct grub *g, const char *reason)
{
	bool is_sure = !grub_doubt(g);

	if (g->entry)
		finder_obstacle(g->f, g->entry, "%s", reason);
	else
		grub_lose_the_rest(g, reason);
	if (is_sure)
		g->flow = GRUB_STOPS;
}

void grub_run_leave(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	leave(g, grub_reason(g, "\"%.40s\" leaves GRUB", a->items[0].text));
}

/* What is loaded is booted, and without that it fails. */
void grub_run_boot(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	(void)a;
	if (!g->entry && g->loaded) {
		leave(g, g->loaded);
	} else if (!g->entry || !g->has_linux) {
		grub_fail(g, -1);
	} else if (grub_doubt(g)) {
		finder_obstacle(g->f, g->entry, "%s", grub_doubt(g));
	} else {
		grub_succeed(g);
		g->flow = GRUB_STOPS;
	}
}

/* What stands before the first = where that is sure; NULL: there is none. */
static const char *name_before(struct grub *g, const struct grub_argument *word)
{
	const char *equals = strchr(word->text, '='), *name;

	if (!equals || (size_t)(equals - word->text) >= word->sure)
		return NULL;
	name = arena_string(g->f->arena,
		view_first(view_of_string(word->text), (uint64_t)(equals - word->text)));
	g->is_out_of_memory |= !name;
	return name;
}

static void assign(struct grub *g, const char *name, const struct grub_argument *word)
{
	grub_assign(g, name,
		(struct grub_value){ .text = strchr(word->text, '=') + 1, .doubt = word->doubt });
	grub_succeed(g);
}

/* Of its words the first one counts. */
void grub_run_set(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *name = a->count > 1 ? name_before(g, &a->items[1]) : NULL;

	(void)node;
	if (name)
		assign(g, name, &a->items[1]);
	else if (grub_arguments_doubt(a, 1))
		grub_lose(g, grub_arguments_doubt(a, 1));
	else if (a->count > 1)
		grub_fail(g, -1);
	else
		grub_succeed(g);
}

void grub_run_unset(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	if (a->count > 1 && !a->items[1].doubt)
		grub_unset(g, a->items[1].text);
	if (grub_arguments_doubt(a, 1))
		grub_lose(g, grub_arguments_doubt(a, 1));
	else if (a->count > 1)
		grub_succeed(g);
	else
		grub_fail(g, -1);
}

void grub_run_export(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	if (grub_arguments_doubt(a, 1)) {
		grub_lose(g, grub_arguments_doubt(a, 1));
		return;
	}
	for (size_t i = 1; i < a->count; i++)
		grub_export(g, a->items[i].text);
	if (a->count > 1)
		grub_succeed(g);
	else
		grub_fail(g, -1);
}

void grub_run_test(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_arguments words = grub_arguments_from(a, 1);
	const struct grub_argument *last = words.count ? &words.items[words.count - 1] : NULL;

	(void)node;
	if (last && last->doubt && !last->sure)
		words.doubt = words.doubt ? words.doubt : last->doubt;
	else if (last && strcmp(last->text, "]") == 0)
		words.count--;
	grub_test(g, &words);
}

/* A number as the only operand; by default another one. */
static bool take_number(struct grub *g, const struct grub_arguments *a, uint64_t *number)
{
	const char *end;

	if (grub_arguments_doubt(a, 1)) {
		grub_lose_the_rest(g, grub_arguments_doubt(a, 1));
		return false;
	}
	if (a->count < 2)
		return true;
	if (a->count == 2 && grub_number(a->items[1].text, 10, number, &end) && !*end)
		return true;
	grub_fail(g, -1);
	return false;
}

void grub_run_break(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	uint64_t count = 1;

	(void)node;
	if (!take_number(g, a, &count))
		return;
	if (count == 0) {
		grub_fail(g, -1);
		return;
	}
	grub_succeed(g);
	if (!g->loops)
		return;
	if (grub_doubt(g))
		grub_lose_the_rest(g, grub_doubt(g));
	g->breaks = count < g->loops ? (unsigned)count : g->loops;
	g->flow = a->items[0].text[0] == 'b' ? GRUB_BREAKS : GRUB_CONTINUES;
}

/* Without a number it is the last command's. */
void grub_run_return(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	uint64_t number = 0;

	(void)node;
	if (!g->scope) {
		grub_fail(g, -1);
		return;
	}
	if (!take_number(g, a, &number))
		return;
	if (a->count > 1 && number == 0)
		grub_succeed(g);
	else if (a->count > 1)
		grub_fail(g, number < INT32_MAX ? (int)number : -1);
	if (grub_doubt(g))
		grub_lose_the_rest(g, grub_doubt(g));
	else
		g->flow = GRUB_RETURNS;
}

void grub_run_shift(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	uint64_t count = 1;

	(void)node;
	if (!take_number(g, a, &count))
		return;
	if (g->scope && grub_doubt(g)) {
		grub_lose(g, grub_doubt(g));
	} else if (g->scope && count > g->scope->count && !g->scope->doubt) {
		grub_fail(g, -1);
	} else {
		if (g->scope)
			*g->scope = grub_arguments_from(g->scope, (size_t)count);
		grub_succeed(g);
	}
}

void grub_run_setparams(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	if (!g->scope) {
		grub_fail(g, -1);
	} else if (grub_doubt(g)) {
		grub_lose(g, grub_doubt(g));
	} else {
		*g->scope = grub_arguments_from(a, 1);
		grub_succeed(g);
	}
}

/* A font that is not there cannot be loaded. */
void grub_run_loadfont(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *path, *doubt;

	if (a->count < 2 && !a->doubt)
		grub_fail(g, -1);
	else if (!grub_arguments_doubt(a, 1) && strchr(a->items[1].text, '/') &&
		grub_look(g, a->items[1].text, &path, &doubt) == GRUB_IS_ABSENT)
		grub_fail(g, -1);
	else
		grub_run_aside(g, node, a);
}

/* "The GNU GRUB Manual", command "cpuid": a machine that runs a 64-bit kernel has long mode. */
void grub_run_cpuid(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	static const char *const options[] = { "-l", "--long-mode", "-p", "--pae" };

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (g->f->arch != ARCH_X86_64 || a->count != 2 || grub_arguments_doubt(a, 1) ||
			strcmp(a->items[1].text, options[i]) != 0)
			continue;
		grub_succeed(g);
		return;
	}
	grub_run_aside(g, node, a);
}

/* Red Hat's; a GRUB without them leaves the variable alone. */
void grub_run_count(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_value value = { "", grub_arguments_doubt(a, 1) };
	bool negative;
	const char *end;
	uint64_t number = 0;

	(void)node;
	if (value.doubt) {
		grub_lose(g, value.doubt);
		return;
	}
	value = a->count == 2 ? grub_value_of(g, a->items[1].text) : value;
	negative = value.text[0] == '-';
	if (!value.doubt &&
		(!grub_number(value.text + negative, 0, &number, &end) || number > INT32_MAX)) {
		grub_fail(g, -1);
		return;
	}
	value.text = arena_printf(g->f->arena, "%lld",
		(negative ? -(long long)number : (long long)number) +
			(a->items[0].text[0] == 'i' ? 1 : -1));
	if (!value.doubt && !g->is_red_hat)
		value.doubt = grub_reason(g, "only Red Hat's GRUB counts");
	g->is_out_of_memory |= !value.text;
	if (value.text)
		grub_assign(g, a->items[1].text, value);
	grub_wonder(g, NULL);
}

/* UEFI, "OsIndicationsSupported": bit 0 says that the firmware's setup can be asked for. */
void grub_run_fwsetup(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	static const char path[] = "/sys/firmware/efi/efivars/"
				   "OsIndicationsSupported-8be4df61-93ca-11d2-aa0d-00e098032b8c";
	struct view bytes;

	if (a->count != 2 || a->items[1].doubt || strcmp(a->items[1].text, "--is-supported") != 0)
		grub_run_leave(g, node, a);
	else if (!finder_peek(g->f, path, &bytes) || bytes.n < 5)
		grub_run_aside(g, node, a);
	else if (bytes.p[4] & 1)
		grub_succeed(g);
	else
		grub_fail(g, -1);
}

/* What somebody types: nobody is there. */
void grub_run_read(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *doubt = grub_reason(g, "it waits for somebody who types");

	(void)node;
	if (a->count > 1 && !a->items[1].doubt)
		grub_assign(g, a->items[1].text, (struct grub_value){ "", doubt });
	else if (a->count > 1 || a->doubt)
		grub_lose(g, doubt);
	grub_wonder(g, doubt);
}

/*
 * Functions of distributions' own files: they set what GRUB shows, or remember what it has booted. That
 * grub_platform is a command is a mistake on Ubuntu's installation media; no GRUB has it.
 */
static bool is_harmless(const char *name)
{
	static const char *const names[] = { "gfxmode", "grub_platform", "initrdfail", "load_video",
		"recordfail", "savedefault" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_special(const char *name)
{
	return (name[0] >= '0' && name[0] <= '9') || strcmp(name, "#") == 0 ||
		strcmp(name, "*") == 0 || strcmp(name, "@") == 0;
}

/* Neither a command nor a function: an assignment, or it may be anything. */
void grub_run_other(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *name = name_before(g, &a->items[0]);

	(void)node;
	if (name && g->functions_doubt)
		grub_lose(g, g->functions_doubt);
	if (name && is_special(name))
		grub_succeed(g);
	else if (name)
		assign(g, name, &a->items[0]);
	else if (!a->items[0].doubt && is_harmless(a->items[0].text) && !g->functions_doubt)
		grub_succeed(g);
	else
		not_understood(g, a);
}
