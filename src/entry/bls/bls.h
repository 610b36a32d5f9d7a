/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of both types of the Boot Loader Specification share; only they include it. */
#pragma once

#include "entry/ground/finder.h"

/* What a partition's type says (UAPI.1, "The Partitions"), as udev has it. */
enum bls_partition { BLS_UNTOLD, BLS_ESP, BLS_XBOOTLDR, BLS_OTHER };

/* A folder that may have loader/entries or EFI/Linux in it. */
struct bls_root {
	const char *path;          /* "/boot" */
	const struct place *place; /* the file system that paths are relative to; NULL: unknown */
	enum bls_partition partition;
	const char *uuid; /* of the partition; "": unknown */
};

enum { BLS_ROOTS_MAX = 3 };

struct bls_roots {
	struct bls_root items[BLS_ROOTS_MAX]; /* the ESP before XBOOTLDR, as far as that is known */
	size_t count;
	const char *doubt; /* why the boot loader's own are not all among them; NULL: they may be */
};

/* Each file system once; those that a loader for EFI does not look at are left out for it. */
void bls_list_roots(struct finder *f, bool is_for_efi, struct bls_roots *ret);

/* A file that may be an entry, read once. */
struct bls_file {
	const struct bls_root *root;
	const char *name, *path;
	struct view text;   /* type 1: all of it */
	bool is_image;      /* type 2: */
	struct entry image; /* what its sections say, without title, sort key and version */
	struct view os_release;
	size_t profiles;
};

/* All of them, and where they were looked for. */
struct bls_files {
	struct bls_file *items;
	size_t count;
	struct bls_roots roots;
};

/* What one version of systemd-boot does in its own way. */
struct bls_rules {
	unsigned first, last; /* the versions that may be so, both included */
	bool has_sort_keys;
	bool has_own_patterns;    /* bls_matches; older ones ask the firmware */
	bool has_single_quotes;   /* around a value, beside double ones */
	bool has_counters_in_ids; /* "a+3.conf" is not "a.conf" */
	bool has_uki_key;         /* and skips an entry with two kinds of kernel */
	bool has_preferred;
};

/* An entry as systemd-boot sees it. */
struct bls_item {
	struct entry entry;
	const struct bls_file *file;
	const char *id; /* as it is compared with patterns: in lower case, with its suffix */
	const char *sort_key, *machine_id, *version; /* NULL: none */
	bool is_shown;                               /* in the menu: all else is skipped */
	bool is_vague; /* it is not known whether it is shown, or where */
	size_t order;  /* of reading */
};

/* The next line of the form KEY VALUE; what else is there is skipped. UAPI.1, "Type #1". */
bool bls_line(struct view *text, const char *separators, const struct bls_rules *rules,
	struct view *ret_key, struct view *ret_value);

/* Whether systemd-boot reads a file of this name: ".conf" or ".efi" is the suffix. */
bool bls_is_entry_name(const char *name, const char *suffix);

/* Takes "+LEFT-DONE" off the name, which is without its suffix: UAPI.1, "Boot counting". */
const char *bls_uncount(struct finder *f, const char *name, struct entry *entry);

/* What a file of type 1 says by the rules; false when memory is out. */
bool bls_read_conf(struct finder *f, const struct bls_rules *rules, struct bls_item *item);

/* Type 2: reads the sections, whatever the size of the file; false when memory is out. */
bool uki_describe(struct finder *f, struct bls_file *file);

/* The same, by the rules, for the menu; false when memory is out. */
bool uki_read_names(struct finder *f, const struct bls_rules *rules, struct bls_item *item);

/* Of what a path is: an entry, and where its boot loader found it. */
struct bls_owner {
	struct entry *entry;
	const struct bls_root *root;
};

/* A path of a boot loader in its root, in whatever case it is there; NULL with an obstacle. */
const char *bls_locate(
	struct finder *f, struct bls_owner owner, const char *what, struct view path);

/* A value that is used: false with an obstacle where a loader for EFI would take it otherwise. */
bool bls_text(struct finder *f, struct entry *entry, const char *what, struct view value,
	const char **ret);

/* Whether name is matched: '*', '?', [set] and '\' as systemd-boot has them; case matters. */
bool bls_matches(const char *pattern, const char *name);

/* The order of the menu without that of reading: 0 where it leaves it open. */
int bls_compare(const struct bls_item *x, const struct bls_item *y, const struct bls_rules *rules);

/* Text in lower case, as systemd-boot folds it: A to Z. NULL when memory is out. */
const char *bls_lower(struct finder *f, const char *text);

/* What systemd-boot was told to take, each NULL where it was not. */
struct bls_wishes {
	const char *one_shot, *preferred_now, *default_now; /* EFI variables, in lower case */
	const char *preferred, *chosen;                     /* loader.conf */
	const char *saved;                                  /* the last one that was booted */
	const char *doubt; /* why this is not all, or not so; NULL: it is */
};

/* By loader.conf of the first root that has one, and the Boot Loader Interface. */
void bls_read_wishes(struct finder *f, const struct bls_roots *roots, const struct bls_rules *rules,
	struct bls_wishes *ret);

/* A variable of the Boot Loader Interface; NULL where it is not set, or *ret_doubt says why not. */
const char *bls_variable(struct finder *f, const char *name, const char **ret_doubt);

/* The ids that the boot loader listed itself, "auto-windows"; NULL: it did not. NULL-terminated. */
const char *const *bls_listed_ids(struct finder *f);

/* Adds all entries that systemd-boot would list, and which one it would take; false: memory is out. */
bool sdboot_find(struct finder *f, const struct bls_files *files, struct finding *ret);
