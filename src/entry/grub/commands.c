/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands of grub.cfg that decide what is loaded, and those that do not matter to it. */
#include <ctype.h>
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

static void run_nothing(struct grub *g, const struct grub_statement *s)
{
	(void)s;
	g->result = ANSWER_YES;
}

static void run_false(struct grub *g, const struct grub_statement *s)
{
	(void)s;
	g->result = ANSWER_NO;
}

static void assign(struct grub *g, const char *word)
{
	const char *equals = strchr(word, '=');
	const char *name = equals
		? arena_string(
			  g->f->arena, view_first(view_of_string(word), (uint64_t)(equals - word)))
		: NULL;

	if (name)
		grub_set(g, name, equals + 1);
	g->result = ANSWER_YES;
}

static void run_set(struct grub *g, const struct grub_statement *s)
{
	for (size_t i = 1; i < s->count; i++)
		assign(g, s->words[i]);
}

static void run_unset(struct grub *g, const struct grub_statement *s)
{
	for (size_t i = 1; i < s->count; i++)
		grub_set(g, s->words[i], "");
	g->result = ANSWER_YES;
}

static void run_test(struct grub *g, const struct grub_statement *s)
{
	const char *end = s->words[0][0] == '[' ? s->words[s->count - 1] : "";
	size_t closed = end[0] == ']';

	g->result = grub_test(g, s->words + 1, s->count - 1 - closed);
}

static void run_not(struct grub *g, const struct grub_statement *s)
{
	struct grub_statement rest = *s;

	if (s->count < 2) {
		grub_unknown(g, "!");
		return;
	}
	rest.words++;
	rest.count--;
	grub_command(g, &rest);
	if (g->result != ANSWER_UNKNOWN)
		g->result = g->result == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
}

static void run_load_env(struct grub *g, const struct grub_statement *s)
{
	struct entry none = { 0 };
	const char *path = arena_printf(g->f->arena, "%s/grubenv", g->folder);
	struct view text;

	for (size_t i = 1; i + 1 < s->count; i++)
		if (strcmp(s->words[i], "-f") == 0 || strcmp(s->words[i], "--file") == 0)
			path = grub_locate(g, &none, "file", s->words[i + 1]);
	g->result = path && finder_read(g->f, path, &text) ? ANSWER_YES : ANSWER_NO;
	if (g->result == ANSWER_YES)
		grub_load_block(g, text);
}

static bool has(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static void set_root(struct grub *g, const char *variable, const char *by, const char *name)
{
	const char *value = by[0] ? arena_printf(g->f->arena, "%s/%s", by, name) : "unknown";

	if (value)
		grub_set(g, variable, value);
	g->result = ANSWER_YES;
}

/* What it is by is kept as the device's name: places.h knows devices by that. */
static void run_search(struct grub *g, const struct grub_statement *s)
{
	const char *variable = "root", *by = "", *name = NULL;

	if (strcmp(s->words[0], "search.fs_uuid") == 0 ||
		strcmp(s->words[0], "search.fs_label") == 0) {
		if (s->count > 1)
			set_root(g, s->count > 2 ? s->words[2] : "root",
				s->words[0][10] == 'u' ? "uuid" : "label", s->words[1]);
		return;
	}
	for (size_t i = 1; i < s->count; i++) {
		const char *word = s->words[i];

		if (strncmp(word, "--set=", 6) == 0)
			variable = word + 6;
		else if (has(word, "--fs-uuid", "-u"))
			by = "uuid";
		else if (has(word, "--label", "-l") || has(word, "--fs-label", "-l"))
			by = "label";
		else if (has(word, "--hint", "-h"))
			i++;
		else if (word[0] != '-')
			name = word;
	}
	if (name)
		set_root(g, variable, by, name);
}

/* GRUB quotes words that have blanks, and escapes quotes and backslashes. */
static size_t put_word(char *p, const char *word)
{
	bool blank = word[strcspn(word, " \t")] != '\0';
	size_t n = 0;

	p[n++] = ' ';
	if (blank)
		p[n++] = '"';
	for (; *word; word++) {
		if (strchr("\\'\"", *word))
			p[n++] = '\\';
		p[n++] = *word;
	}
	if (blank)
		p[n++] = '"';
	return n;
}

/* NULL where it is too long, or memory is out. */
static const char *join_words(struct grub *g, const struct grub_statement *s)
{
	size_t room = sizeof "BOOT_IMAGE=", n;
	const char *path;
	char *line;

	for (size_t i = 1; i < s->count; i++)
		room += 2 * strlen(s->words[i]) + 3;
	line = room < 2 * FINDER_TEXT_MAX ? arena_alloc(g->f->arena, room) : NULL;
	if (!line)
		return NULL;
	(void)grub_device(g, s->words[1], &path);
	n = (size_t)(stpcpy(stpcpy(line, "BOOT_IMAGE="), path) - line);
	for (size_t i = 2; i < s->count; i++)
		n += put_word(line + n, s->words[i]);
	return line;
}

static void run_linux(struct grub *g, const struct grub_statement *s)
{
	struct entry *entry = g->entry;
	const char *line, *text;

	if (!entry || s->count < 2) {
		grub_unknown(g, s->words[0]);
		return;
	}
	entry->line = s->line;
	entry->kernel = grub_locate(g, entry, "kernel", s->words[1]);
	line = join_words(g, s);
	if (!line)
		finder_obstacle(
			g->f, entry, "%s, line %u: its command line is too long", g->file, s->line);
	else if (finder_text(g->f, entry, "command line", view_of_string(line), &text))
		entry->command_line = text;
	g->result = ANSWER_YES;
}

static void run_initrd(struct grub *g, const struct grub_statement *s)
{
	if (!g->entry) {
		grub_unknown(g, s->words[0]);
		return;
	}
	g->entry->initrds = NULL;
	g->entry->initrd_count = 0;
	for (size_t i = 1; i < s->count; i++) {
		const char *path = grub_locate(g, g->entry, "initrd", s->words[i]);

		if (path && !finder_add_initrd(g->f, g->entry, path))
			g->is_out_of_memory = true;
	}
	g->result = ANSWER_YES;
}

static void run_device_tree(struct grub *g, const struct grub_statement *s)
{
	if (g->entry && s->count == 2)
		g->entry->device_tree = grub_locate(g, g->entry, "device tree", s->words[1]);
	else
		grub_unknown(g, s->words[0]);
}

static void run_source(struct grub *g, const struct grub_statement *s)
{
	struct entry none = { 0 };
	struct grub_cursor cursor = { .line = 1 };

	if (g->entry || s->count != 2 || g->files == GRUB_FILES_MAX) {
		grub_unknown(g, s->words[0]);
		return;
	}
	g->files++;
	cursor.file = grub_locate(g, &none, "file", s->words[1]);
	g->result = ANSWER_NO;
	if (!cursor.file || !finder_read(g->f, cursor.file, &cursor.text))
		return;
	grub_run(g, cursor);
	g->result = ANSWER_YES;
}

static const struct {
	const char *name;
	void (*run)(struct grub *g, const struct grub_statement *s);
} commands[] = {
	{ "set", run_set },
	{ "unset", run_unset },
	{ "[", run_test },
	{ "test", run_test },
	{ "!", run_not },
	{ "load_env", run_load_env },
	{ "search", run_search },
	{ "search.fs_uuid", run_search },
	{ "search.fs_label", run_search },
	{ "linux", run_linux },
	{ "linux16", run_linux },
	{ "linuxefi", run_linux },
	{ "initrd", run_initrd },
	{ "initrd16", run_initrd },
	{ "initrdefi", run_initrd },
	{ "devicetree", run_device_tree },
	{ "source", run_source },
	{ ".", run_source },
	{ "configfile", run_source },
	{ "true", run_nothing },
	{ "false", run_false },
	/* They change what GRUB shows, knows or saves, and not what it loads. */
	{ "background_color", run_nothing },
	{ "background_image", run_nothing },
	{ "clear", run_nothing },
	{ "cryptomount", run_nothing },
	{ "echo", run_nothing },
	{ "export", run_nothing },
	{ "insmod", run_nothing },
	{ "keymap", run_nothing },
	{ "load_video", run_nothing },
	{ "loadfont", run_nothing },
	{ "nativedisk", run_nothing },
	{ "play", run_nothing },
	{ "recordfail", run_nothing },
	{ "rmmod", run_nothing },
	{ "save_env", run_nothing },
	{ "savedefault", run_nothing },
	{ "serial", run_nothing },
	{ "sleep", run_nothing },
	{ "terminal_input", run_nothing },
	{ "terminal_output", run_nothing },
	{ "boot", run_nothing },
};

static void call(
	struct grub *g, const struct grub_function *function, const struct grub_statement *s)
{
	const char *const *before = g->arguments;
	const char **arguments = arena_alloc_array(g->f->arena, s->count, sizeof *arguments);

	if (!arguments) {
		g->is_out_of_memory = true;
		return;
	}
	for (size_t i = 1; i < s->count; i++)
		arguments[i - 1] = s->words[i];
	g->arguments = arguments;
	g->result = ANSWER_YES;
	grub_run(g, function->body);
	g->arguments = before;
}

static bool is_assignment(const char *word)
{
	size_t n = 0;

	while (isalnum((unsigned char)word[n]) || word[n] == '_')
		n++;
	return n && word[n] == '=';
}

void grub_command(struct grub *g, const struct grub_statement *s)
{
	for (size_t i = 0; i < g->function_count; i++) {
		if (strcmp(s->words[0], g->functions[i].name) == 0) {
			call(g, &g->functions[i], s);
			return;
		}
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(s->words[0], commands[i].name) == 0) {
			commands[i].run(g, s);
			return;
		}
	}
	if (s->count == 1 && is_assignment(s->words[0]))
		assign(g, s->words[0]);
	else
		grub_unknown(g, s->words[0]);
}
