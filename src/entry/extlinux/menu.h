/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What syslinux and U-Boot have in common where they read a menu of labels: files that include one
 * another, paths, and what a label comes to as an entry. Each of the two knows its keywords itself.
 */
#pragma once

#include "entry/ground/finder.h"
#include "entry/ground/loader-files.h"

/* One reading of a configuration by one boot loader. */
struct menu {
	struct finder *f;
	const struct extlinux_file *main;
	const struct place *place; /* of the main file; NULL: nothing is known of mounts */
	const char *folder;        /* of the main file, as its file system has it; "" is the top */
	const char *file;          /* that is being read */
	unsigned line;             /* in it */
	unsigned depth, files;
	const char *doubt; /* why the default cannot be told, with file and line; NULL: it can */
	bool has_ended;    /* the boot loader gives the rest up */
	bool (*take_line)(struct menu *m, struct view line); /* false when memory is out */
};

/* A label while it is read; a view with p NULL was not set. */
struct label {
	struct entry entry;
	struct view kernel, command_line, initrds, device_tree;
};

/* The first doubt is kept; false when memory is out. */
bool menu_doubt(struct menu *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A label that begins at the current line. */
struct label menu_label(const struct menu *m);

/* Reads the main file; false when memory is out. */
bool menu_read(struct menu *m);

/* Reads a file that the current one names; false when memory is out. *ret_found: whether it is there. */
bool menu_include(struct menu *m, struct view name, bool *ret_found);

/* Whether a file of this name is there, as far as its file system is known. */
bool menu_has_file(struct menu *m, struct view name);

/* The title of a menu without the mark of its letter; NULL when memory is out. */
const char *menu_title(struct menu *m, struct view title);

/*
 * Completes a label by the files that it names, and adds it as an entry. Initrds stand between
 * separators; 0: there is one, with any characters in its name.
 */
bool menu_add(struct menu *m, struct label label, char separator);

/*
 * The first "initrd=" of a command line, which is what both boot loaders look for: false where there
 * is none. *ret_is_word is false where it stands inside of a word.
 */
bool menu_initrd_in(struct view line, struct view *ret, bool *ret_is_word);

/* Each reads the main file of an empty menu, and says which of the entries is the default. */
bool syslinux_read(struct menu *m, struct finding *ret);
bool u_boot_read(struct menu *m, struct finding *ret);
