/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What syslinux knows of a configuration when all of it is read. */
#pragma once

#include "entry/extlinux/menu.h"

enum { SYSLINUX_ROOT, SYSLINUX_HIDDEN }; /* the first two menus */

#define SYSLINUX_NONE SIZE_MAX

enum syslinux_item_kind {
	ITEM_LABEL,
	ITEM_MENU,
	ITEM_ACTION,   /* into another menu, or out of this one */
	ITEM_DISABLED, /* for the eye only */
};

struct syslinux_item {
	enum syslinux_item_kind kind;
	size_t menu;      /* that it lies in */
	struct view name; /* of a label: its first word */
	bool has_blanks;  /* more than that stands behind LABEL */
	unsigned line;
	size_t entry; /* of a label: among the finder's */
};

struct syslinux_menu {
	size_t parent; /* its own number for one that has none */
	size_t item;   /* that opens it */
	size_t marked; /* the item with MENU DEFAULT, the last one; SYSLINUX_NONE */
};

struct syslinux {
	struct menu menu;
	struct label label; /* that is being read */
	struct syslinux_item item;
	bool is_open, is_hidden, is_marked;
	bool by_name;         /* whether it is a kernel is told by the end of its name */
	unsigned append_bits; /* SYSAPPEND */
	bool in_text;         /* before ENDTEXT */
	size_t current;       /* menu */
	struct syslinux_item *items;
	size_t item_count;
	struct syslinux_menu *menus;
	size_t menu_count;
	size_t start;       /* menu */
	struct view append; /* for labels that have none */
	unsigned all_append_bits;
	struct view wanted, ui, on_timeout; /* DEFAULT, UI, ONTIMEOUT; p NULL: not there */
	struct view once;                   /* what extlinux --once asks for */
	unsigned wanted_line;
	bool asks;        /* PROMPT */
	bool no_implicit; /* IMPLICIT 0: only labels are started */
};

bool syslinux_is_kernel_name(struct view name);

/* Which entry is booted when nobody touches a key; false when memory is out. */
bool syslinux_pick(struct syslinux *r, struct finding *ret);
