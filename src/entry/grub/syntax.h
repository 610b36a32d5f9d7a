/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The syntax of grub.cfg: "The GNU GRUB Manual", "Shell-like scripting". Text goes in, statements come
 * out; what they mean, it does not know.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"

enum { GRUB_NESTING_MAX = 64 }; /* of statements in one another */

enum grub_part_kind {
	GRUB_PLAIN,  /* with its backslashes */
	GRUB_QUOTED, /* as it is, and a word though it be empty */
	GRUB_VARIABLE,
	GRUB_QUOTED_VARIABLE, /* is not split at blanks */
	GRUB_MESSAGE,         /* $"…", which GRUB translates */
};

struct grub_part {
	struct grub_part *next;
	enum grub_part_kind kind;
	const char *text; /* or the variable's name */
};

struct grub_word {
	struct grub_word *next;
	const struct grub_part *parts;
	const char *plain; /* all of it where it has no quotes, escapes and variables, else NULL */
};

enum grub_node_kind { GRUB_COMMAND, GRUB_IF, GRUB_FOR, GRUB_WHILE, GRUB_UNTIL, GRUB_FUNCTION };

/* A statement; those of a list are linked. */
struct grub_node {
	struct grub_node *next;
	enum grub_node_kind kind;
	const char *file;
	unsigned line;
	const char *name;              /* of a function, or the variable of a for */
	const struct grub_word *words; /* of a command, or those that a for goes through */
	const struct grub_node *condition;
	const struct grub_node *body; /* a command's block, what a loop repeats, "then" */
	const struct grub_node *otherwise;
};

/* Where the next statement is read. */
struct grub_text {
	const char *file;
	struct view text;
	unsigned line;
	bool is_file; /* in which lines that begin with # are none */
	size_t at;
};

enum grub_unit { GRUB_END, GRUB_STATEMENTS, GRUB_BAD_SYNTAX, GRUB_OUT_OF_MEMORY };

/*
 * What GRUB reads before it runs anything of it: the statements of a line, with the lines that they go on
 * in. *ret_line: where it begins, or where the error is.
 */
enum grub_unit grub_parse(struct arena *arena, struct grub_text *text, const struct grub_node **ret,
	unsigned *ret_line);
