/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text as the kernel writes it under /proc and /sys: lines, words, numbers. Everything works on
 * views, nothing needs a terminating zero, and a number is the whole of its view or none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Cuts the next line off *text, without its newline; false when nothing is left. */
bool text_line(struct view *text, struct view *ret);

/* Cuts the next word between blanks off *text; false when none is left. */
bool text_word(struct view *text, struct view *ret);

/* Cuts what stands before the first c off *text, and c itself; false when there is no c. */
bool text_cut(struct view *text, char c, struct view *ret);

/* Whether one of the items between commas is this name, with a value behind "=" or without: fstab(5), crypttab(5). */
bool text_has_option(struct view options, const char *name);

/* Cuts the next item off *list, and the separator behind it where one is; false when none is left. */
bool text_item(struct view *list, char separator, struct view *ret);

/* Without blanks and newlines at both ends. */
struct view text_trim(struct view v);

/* Hexadecimal, with or without 0x; false for anything but digits and for more than 64 bits. */
bool text_hex(struct view v, uint64_t *ret) __attribute__((warn_unused_result));
bool text_decimal(struct view v, uint64_t *ret) __attribute__((warn_unused_result));

/* A decimal number of bytes, or with K, M, G or T behind it of so many KiB, MiB, GiB or TiB. */
bool text_size(struct view v, uint64_t *ret) __attribute__((warn_unused_result));

bool text_is(struct view v, const char *s);

/* ASCII letters of either case are the same: the kernel has changed the case of names before. */
bool text_is_any_case(struct view v, const char *s);
bool text_starts_any_case(struct view v, const char *prefix);

/* Whether one of the words in v is this one. */
bool text_has_word(struct view v, const char *word);

/* The value of the first line "KEY: value" (or another separator), trimmed; false if none. */
bool text_value(struct view text, const char *key, char separator, struct view *ret);
