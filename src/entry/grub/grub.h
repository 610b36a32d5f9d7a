/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the reader of grub.cfg share; only they include it. It is the language of "The GNU
 * GRUB Manual", "Writing full configuration files directly", as far as such a file decides what is
 * loaded: what is not understood leaves a condition unanswered, and a chosen entry refused.
 */
#pragma once

#include "entry/ground/finder.h"
#include "machine/machine.h"

enum {
	GRUB_STATEMENTS_MAX = 1 << 20, /* of all that is read and run */
	GRUB_DEPTH_MAX = 64,           /* of blocks, calls and files in one another */
	GRUB_VARIABLES_MAX = 1024,
	GRUB_FILES_MAX = 64,       /* that are read because another one names them */
	GRUB_WORDS_MAX = 4096,     /* in a statement */
	GRUB_BYTES_MAX = 64 << 20, /* of all words together, expanded */
};

/* The device that stands for the running system's own paths. */
#define GRUB_SYSTEM "saut"

struct grub_cursor {
	const char *file;
	struct view text;
	size_t at;
	unsigned line;
};

enum grub_end { GRUB_LINE, GRUB_OPEN, GRUB_CLOSE, GRUB_FILE };

/* A command with its words, or the end of a block. */
struct grub_statement {
	const char **words;
	size_t count;
	unsigned line;
	enum grub_end end;
	bool is_odd; /* with operators that GRUB's language reserves */
};

struct grub_variable {
	struct grub_variable *next; /* of an entry's */
	const char *name, *value;
};

struct grub_function {
	const char *name;
	struct grub_cursor body;
};

/* A line of a menu. */
struct grub_item {
	const char *title, *id; /* id "" for none */
	size_t parent, index;   /* in its menu; parent GRUB_TOP for the first menu */
	bool is_menu, is_bls;   /* a submenu; the entries of UAPI.1, as many as there are */
	struct grub_cursor body;
	const char *const *arguments;
	size_t entry; /* its index among the entries */
	bool has_entry;
};

#define GRUB_TOP SIZE_MAX

struct grub {
	struct finder *f;
	const char *folder;        /* of grub.cfg */
	const struct place *place; /* what that lies on */
	struct grub_variable *variables;
	size_t variable_count;
	struct grub_variable *locals; /* what an entry's body sets */
	struct grub_function *functions;
	size_t function_count;
	struct grub_item *items;
	size_t item_count, menu;      /* menu: the item that is being filled */
	struct entry *entry;          /* whose body is run; NULL: none */
	const char *const *arguments; /* $1 and on; NULL-terminated */
	const char *file;             /* of the statement that is run */
	unsigned line;
	unsigned depth, files;
	size_t statements, bytes; /* so far */
	enum answer result;       /* of the last command */
	bool is_out_of_memory;
	char *scratch; /* a word that is being read: FINDER_TEXT_MAX + 1 bytes */
};

/* "" for what is not set. */
const char *grub_get(const struct grub *g, const char *name);
void grub_set(struct grub *g, const char *name, const char *value);

/* The value with its variables expanded. */
const char *grub_expand(struct grub *g, struct view text);

/* With run, variables are expanded; else words are only what tells where blocks end. */
void grub_read(struct grub *g, struct grub_cursor *cursor, bool run, struct grub_statement *ret);

/* Runs, or only reads to its end, the statements up to what closes their block. */
void grub_run(struct grub *g, struct grub_cursor cursor);

void grub_command(struct grub *g, const struct grub_statement *s);

/* words without "[" and "]"; count of them. */
enum answer grub_test(struct grub *g, const char *const *words, size_t count);

/* A file by GRUB's name for it, as it is mounted now; NULL with an obstacle of *entry. */
const char *grub_locate(struct grub *g, struct entry *entry, const char *what, const char *name);

/* The name of the device that a file's name begins with, else of the root; *ret_path: the rest. */
const char *grub_device(struct grub *g, const char *name, const char **ret_path);

/* Sets what an environment block has, "The GRUB environment block". */
void grub_load_block(struct grub *g, struct view text);

/* What is not understood: an obstacle inside of an entry, else nothing is known of the result. */
void grub_unknown(struct grub *g, const char *what);
