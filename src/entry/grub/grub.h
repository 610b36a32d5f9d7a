/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the reader of grub.cfg share; only they include it. It is the language of "The GNU
 * GRUB Manual", "Writing full configuration files directly", as far as such a file decides what is
 * loaded. Whatever is not known, be it a value, the result of a command or whether something is run at
 * all, carries a doubt: the file and the line that make it so, and why. What comes of it is in doubt.
 */
#pragma once

#include "entry/ground/finder.h"
#include "entry/grub/syntax.h"
#include "machine/machine.h"

/* The fuzzer's build has a smaller one: loops without an end are most of its time otherwise. */
#ifndef GRUB_STEPS_SHIFT
#define GRUB_STEPS_SHIFT 16
#endif

enum {
	/* Of the file with those that it reads, and of each menu and entry. */
	GRUB_STEPS_MAX = 1 << GRUB_STEPS_SHIFT,
	GRUB_ALL_STEPS_MAX = 4 * GRUB_STEPS_MAX, /* of all of them together */
	GRUB_RECURSION_MAX = 60, /* of statements: GRUB itself goes no deeper than 64 */
	GRUB_MENUS_MAX = 16,     /* in one another */
	GRUB_VARIABLES_MAX = 1024,
	GRUB_FILES_MAX = 64,       /* that are read because another one names them */
	GRUB_WORDS_MAX = 4096,     /* of a statement */
	GRUB_BYTES_MAX = 64 << 20, /* of all words together, expanded */
};

/*
 * A device's name is known to GRUB only: it stands for it in texts, between two bytes that no text has.
 * "saut" has the running system's own paths, "home" is what the file lies on, "uuid/…" and "label/…"
 * are file systems by what they were searched for.
 */
#define GRUB_DEVICE_OPEN  '\x01'
#define GRUB_DEVICE_CLOSE '\x02'
#define GRUB_SYSTEM       "\x01saut\x02"
#define GRUB_HOME         "\x01home\x02"

struct grub_value {
	const char *text;  /* never NULL; in doubt: no more than what is sure of it */
	const char *doubt; /* NULL: known */
};

struct grub_variable {
	const char *name;
	struct grub_value value;
	enum answer exported;
};

/* Variables; what is not in one may be in the one below. */
struct grub_context {
	const struct grub_context *below;
	bool is_apart; /* of what lies below, only what is exported is seen */
	struct grub_variable *items;
	size_t count;
	size_t own; /* of the items, the first ones: GRUB sets them itself, and no tool does */
	const char *doubt; /* of all that is not among the items; NULL: look below */
};

/* A word of a command, expanded. */
struct grub_argument {
	const char *text;
	size_t sure;       /* so many of its bytes are known */
	const char *doubt; /* NULL: all of them are */
};

struct grub_arguments {
	struct grub_argument *items;
	size_t count;
	const char *doubt; /* how many there are is not known; NULL: it is */
};

/* How a command ends. */
struct grub_status {
	enum answer answer;
	int code; /* GRUB's number where it is known: 0 for success, else -1 */
	const char *
		doubt; /* why, where the answer is ANSWER_UNKNOWN; NULL: the command does not tell */
};

struct grub_function {
	const char *name;
	const struct grub_node *body;
	const char *doubt; /* whether it is this one; NULL: it is */
};

/* A line of a menu. */
struct grub_item {
	struct grub_item *next;
	struct grub_value title, id;
	bool is_menu, is_bls; /* a submenu; the entries of UAPI.1, as many as there are */
	const char *doubt; /* whether it is there, and once; of all others, where it has no body */
	const char *file;  /* what says so */
	unsigned line;
	const struct grub_node *node; /* NULL: there is no such line, but what made it unknown */
	struct grub_arguments arguments;
	size_t entry; /* its index among the entries */
	bool has_entry;
	struct grub_menu *menu; /* a submenu's own; NULL: it was not looked into */
};

struct grub_menu {
	struct grub_item *first, *last;
	struct grub_context *context; /* when it is shown */
	struct grub_value chosen;     /* its default */
	struct grub_value inherited;  /* what Red Hat's GRUB takes instead; text NULL: the same */
};

enum grub_flow { GRUB_GOES_ON, GRUB_BREAKS, GRUB_CONTINUES, GRUB_RETURNS, GRUB_STOPS };

struct grub;

/* A command by its name; a function of that name is not called where all builds of GRUB have it. */
struct grub_command {
	const char *name;
	void (*run)(struct grub *g, const struct grub_node *node, const struct grub_arguments *a);
	bool is_everywhere;
};

struct grub {
	struct finder *f;
	const struct grub_command *commands; /* up to one without a name */
	const char *main_file, *folder;      /* grub.cfg, and where it lies */
	const struct place *place;           /* what that lies on */
	bool is_red_hat;                     /* or may be: its menus differ from GNU's */
	struct grub_context *variables;
	struct grub_function *functions;
	size_t function_count;
	const char *functions_doubt;
	const char *path;       /* of the submenus that are open: "A>B>"; NULL: not known */
	struct grub_menu *menu; /* that is being filled */
	struct grub_context *bls_variables; /* when "blscfg" was run; NULL: it was not */
	struct entry *entry;                /* whose body is run; NULL: none */
	struct grub_arguments *scope;       /* $1 and on; NULL: outside of functions and entries */
	const char *file;                   /* of the statement that is run */
	unsigned line;
	const char *doubt;      /* whether what is run is run by GRUB; NULL: it is */
	const char *rest_doubt; /* the same, up to the end of the function, file or entry */
	const char *loaded;     /* why "boot" would not wait for a menu; NULL: nothing is loaded */
	bool has_linux;
	bool is_unsure_file; /* a file that is not found may be there all the same */
	enum grub_flow flow;
	unsigned loops, breaks;
	unsigned depth, files, menus;
	size_t steps, all_steps, bytes; /* so far */
	size_t entries;
	struct grub_status status; /* of the last command */
	bool is_out_of_memory;
	char *scratch; /* a word that is being made: FINDER_TEXT_MAX + 1 bytes */
};

/* doubt.c */

/* "FILE, line N: " and the text, of the statement that is run. */
const char *grub_reason(struct grub *g, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Why it is not known whether GRUB comes to what is run; NULL: it does. */
const char *grub_doubt(const struct grub *g);

/* Anything may have been done: variables, functions, menu and entry are unknown from here on. */
void grub_lose(struct grub *g, const char *doubt);

/* The same, and nothing that follows in this function or file is sure to be run. */
void grub_lose_the_rest(struct grub *g, const char *doubt);

void grub_succeed(struct grub *g);
void grub_fail(struct grub *g, int code);
void grub_wonder(struct grub *g, const char *doubt); /* how it ends is not known; NULL: by itself */

/* Why it is not known how the last command ended. */
const char *grub_status_doubt(struct grub *g);

/* variables.c */

/* Any of them may have been set to anything, but for those that are GRUB's own. */
void grub_lose_variables(struct grub *g, const char *doubt);
struct grub_value grub_value_of(const struct grub *g, const char *name);
void grub_assign(struct grub *g, const char *name, struct grub_value value);
void grub_unset(struct grub *g, const char *name);
void grub_export(struct grub *g, const char *name);
struct grub_context *grub_context_on(
	struct grub *g, const struct grub_context *below, bool is_apart);
void grub_set(struct grub *g, const char *name, const char *value);

/* What a variable's value has of others is not looked at; false: it is no environment block. */
bool grub_load_block(struct grub *g, struct view text, const struct grub_arguments *only);

/* Whether a text has the name of a device in it, which is known to GRUB only. */
bool grub_names_device(const char *text);

/* expand.c */
bool grub_expand_words(struct grub *g, const struct grub_word *words, struct grub_arguments *ret);

/* The first doubt of any of them from the index on; NULL: all is known. */
const char *grub_arguments_doubt(const struct grub_arguments *a, size_t from);
struct grub_arguments grub_arguments_from(const struct grub_arguments *a, size_t from);

/* run.c: runs what the text says. */
void grub_run_text(struct grub *g, struct grub_text text);
void grub_run_function(
	struct grub *g, const struct grub_node *body, const struct grub_arguments *arguments);

/* options.c: a command's options, as all of GRUB's extended commands have them. */
enum grub_option_kind { GRUB_NO_VALUE, GRUB_VALUE, GRUB_MAY_HAVE_VALUE };

struct grub_option {
	const char *name;
	char letter;
	enum grub_option_kind kind;
	bool is_set;
	const char *value; /* the last one; NULL: none */
};

/* Options have a row each, up to one without a name; false: the command fails. */
bool grub_take_options(struct grub *g, const struct grub_arguments *a, struct grub_option *options,
	bool accepts_dashes, struct grub_arguments *ret);

/* number.c: as GRUB reads numbers; false: there is none. *ret_end: what follows. */
bool grub_number(const char *text, int base, uint64_t *ret, const char **ret_end);

/* test.c: words without "[" and "]". */
void grub_test(struct grub *g, const struct grub_arguments *a);

/* files.c */

/* Where a device is now; *ret_is_system: it has the running system's paths. */
bool grub_place_of(struct grub *g, struct entry *entry, const char *device,
	const struct place **ret, bool *ret_is_system);

/* A file by GRUB's name for it, as it is mounted now; NULL with an obstacle of *entry. */
const char *grub_locate(struct grub *g, struct entry *entry, const char *what, const char *name);

enum grub_kind { GRUB_IS_ABSENT, GRUB_IS_FILE, GRUB_IS_FOLDER, GRUB_IS_UNKNOWN };

/* *ret_path where it is there; *ret_doubt where it is not known. */
enum grub_kind grub_look(
	struct grub *g, const char *name, const char **ret_path, const char **ret_doubt);

/* Without the device that it may begin with. */
const char *grub_path_in(const char *name);

/* menu.c */
void grub_add_doubt(struct grub *g, const char *doubt);
struct grub_menu *grub_new_menu(struct grub *g);
bool grub_show(struct grub *g, struct grub_menu *menu); /* its entries; false: memory is out */

/* What the rows of commands.c run: builtins.c, load.c, match.c, menu.c, read.c, search.c. */
typedef void grub_runner(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a);
grub_runner grub_run_menuentry, grub_run_blscfg, grub_run_search, grub_run_search_short,
	grub_run_probe, grub_run_linux, grub_run_initrd, grub_run_device_tree, grub_run_regexp,
	grub_run_hwmatch, grub_run_load_env, grub_run_source, grub_run_configfile, grub_run_eval;
grub_runner grub_run_aside, grub_run_boot, grub_run_break, grub_run_count, grub_run_cpuid,
	grub_run_export, grub_run_false, grub_run_fwsetup, grub_run_leave, grub_run_loader,
	grub_run_loadfont, grub_run_nothing, grub_run_on_machine, grub_run_other, grub_run_read,
	grub_run_return, grub_run_set, grub_run_setparams, grub_run_shift, grub_run_test,
	grub_run_unset;

extern const struct grub_command grub_commands[];
