/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tokens of grub.cfg; parse.c alone reads them. */
#pragma once

#include "entry/grub/syntax.h"

enum grub_token_kind {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_SEMICOLON,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_WORD,
	TOKEN_BAD,
};

struct grub_token {
	enum grub_token_kind kind;
	unsigned line;
	struct grub_word *word;
};

/* False when memory is out. */
bool grub_lex(struct arena *arena, struct grub_text *text, struct grub_token *ret);
