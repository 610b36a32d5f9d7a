/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tokens to statements, by the grammar that GRUB has for them. */
#include <string.h>

#include "entry/grub/lex.h"

struct parser {
	struct arena *arena;
	struct grub_text *t;
	struct grub_token next;
	unsigned depth;
	bool is_bad, is_out_of_memory;
};

static void advance(struct parser *p)
{
	if (!grub_lex(p->arena, p->t, &p->next))
		p->is_out_of_memory = true;
	p->is_bad |= p->next.kind == TOKEN_BAD;
}

static bool is_over(const struct parser *p)
{
	return p->is_bad || p->is_out_of_memory;
}

static bool is_word(const struct parser *p, const char *word)
{
	return p->next.kind == TOKEN_WORD && p->next.word->plain &&
		strcmp(p->next.word->plain, word) == 0;
}

static bool is_one_of(const struct parser *p, const char *const *words)
{
	for (; *words; words++)
		if (is_word(p, *words))
			return true;
	return false;
}

/* No command begins with these. */
static bool is_reserved(const struct parser *p)
{
	static const char *const words[] = { "case", "do", "done", "elif", "else", "esac", "fi",
		"in", "select", "then", "function", "[[", "]]", NULL };

	return is_one_of(p, words);
}

static bool ends_list(const struct parser *p)
{
	static const char *const words[] = { "then", "elif", "else", "fi", "do", "done", NULL };

	return p->next.kind == TOKEN_CLOSE || is_one_of(p, words);
}

static void expect(struct parser *p, const char *word)
{
	if (is_word(p, word))
		advance(p);
	else
		p->is_bad = true;
}

static void skip_newlines(struct parser *p)
{
	while (!is_over(p) && p->next.kind == TOKEN_NEWLINE)
		advance(p);
}

static bool skip_delimiters(struct parser *p)
{
	if (p->next.kind != TOKEN_NEWLINE && p->next.kind != TOKEN_SEMICOLON)
		return false;
	advance(p);
	skip_newlines(p);
	return true;
}

static struct grub_node *new_node(struct parser *p, enum grub_node_kind kind)
{
	struct grub_node *node = arena_alloc(p->arena, sizeof *node);

	if (!node) {
		p->is_out_of_memory = true;
		return NULL;
	}
	node->kind = kind;
	node->file = p->t->file;
	node->line = p->next.line;
	return node;
}

static const struct grub_word *parse_words(struct parser *p)
{
	struct grub_word *first = NULL, **end = &first;

	while (!is_over(p) && p->next.kind == TOKEN_WORD) {
		*end = p->next.word;
		end = &p->next.word->next;
		p->is_bad |= is_word(p, "[[") || is_word(p, "]]");
		advance(p);
	}
	return first;
}

static struct grub_node *parse_command(struct parser *p);

/* At least one; delimited: something stands between the last one and what ends the list. */
static const struct grub_node *parse_list(struct parser *p, bool delimited)
{
	struct grub_node *first = NULL, **end = &first;
	bool is_delimited = true;

	skip_newlines(p);
	do {
		*end = parse_command(p);
		if (!*end || is_over(p))
			return NULL;
		end = &(*end)->next;
		is_delimited = skip_delimiters(p);
	} while (!is_over(p) && is_delimited && !ends_list(p));
	p->is_bad |= delimited && !is_delimited;
	return first;
}

/* Behind "if" or "elif". */
static void parse_if(struct parser *p, struct grub_node *node)
{
	node->condition = parse_list(p, true);
	expect(p, "then");
	node->body = is_over(p) ? NULL : parse_list(p, true);
	if (is_over(p))
		return;
	if (is_word(p, "elif")) {
		struct grub_node *other = new_node(p, GRUB_IF);

		advance(p);
		node->otherwise = other;
		if (++p->depth > GRUB_NESTING_MAX)
			p->is_bad = true;
		else if (other && !is_over(p))
			parse_if(p, other);
		p->depth--;
		return;
	}
	if (is_word(p, "else")) {
		advance(p);
		node->otherwise = is_over(p) ? NULL : parse_list(p, true);
	}
	expect(p, "fi");
}

static void parse_loop(struct parser *p, struct grub_node *node)
{
	node->condition = parse_list(p, true);
	expect(p, "do");
	node->body = is_over(p) ? NULL : parse_list(p, true);
	expect(p, "done");
}

static bool is_name(const char *s)
{
	size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")
		     : 0;

	return n && s[n] == '\0' && (s[0] < '0' || s[0] > '9');
}

static void parse_name(struct parser *p, struct grub_node *node)
{
	if (p->next.kind != TOKEN_WORD || !is_name(p->next.word->plain)) {
		p->is_bad = true;
		return;
	}
	p->is_bad |= is_reserved(p);
	node->name = p->next.word->plain;
	advance(p);
}

static void parse_for(struct parser *p, struct grub_node *node)
{
	parse_name(p, node);
	expect(p, "in");
	node->words = parse_words(p);
	p->is_bad |= !skip_delimiters(p);
	expect(p, "do");
	node->body = is_over(p) ? NULL : parse_list(p, true);
	expect(p, "done");
}

static const struct grub_node *parse_block(struct parser *p, bool delimited)
{
	const struct grub_node *list;

	advance(p);
	list = is_over(p) ? NULL : parse_list(p, delimited);
	if (is_over(p) || p->next.kind != TOKEN_CLOSE)
		p->is_bad = true;
	else
		advance(p);
	return list;
}

static void parse_simple(struct parser *p, struct grub_node *node)
{
	node->words = parse_words(p);
	if (!is_over(p) && p->next.kind == TOKEN_OPEN)
		node->body = parse_block(p, false);
}

static const struct {
	const char *word;
	enum grub_node_kind kind;
	void (*parse)(struct parser *p, struct grub_node *node);
} statements[] = {
	{ "if", GRUB_IF, parse_if },
	{ "for", GRUB_FOR, parse_for },
	{ "while", GRUB_WHILE, parse_loop },
	{ "until", GRUB_UNTIL, parse_loop },
};

static struct grub_node *parse_command(struct parser *p)
{
	struct grub_node *node = new_node(p, GRUB_COMMAND);

	if (p->next.kind != TOKEN_WORD || is_reserved(p) || p->depth == GRUB_NESTING_MAX)
		p->is_bad = true;
	if (!node || is_over(p))
		return NULL;
	p->depth++;
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
		if (node->kind != GRUB_COMMAND || !is_word(p, statements[i].word))
			continue;
		node->kind = statements[i].kind;
		advance(p);
		if (!is_over(p))
			statements[i].parse(p, node);
	}
	if (node->kind == GRUB_COMMAND)
		parse_simple(p, node);
	p->depth--;
	return node;
}

static struct grub_node *parse_function(struct parser *p)
{
	struct grub_node *node = new_node(p, GRUB_FUNCTION);

	advance(p);
	if (!node || is_over(p))
		return NULL;
	parse_name(p, node);
	skip_newlines(p);
	p->is_bad |= p->next.kind != TOKEN_OPEN;
	if (!is_over(p))
		node->body = parse_block(p, true);
	return node;
}

/* Up to the end of its line. */
static const struct grub_node *parse_unit(struct parser *p)
{
	struct grub_node *first = NULL, **end = &first;
	bool more = true;

	while (more && !is_over(p)) {
		*end = is_word(p, "function") ? parse_function(p) : parse_command(p);
		if (!*end || is_over(p))
			return NULL;
		end = &(*end)->next;
		more = p->next.kind == TOKEN_SEMICOLON;
		p->is_bad |= !more && p->next.kind != TOKEN_NEWLINE && p->next.kind != TOKEN_END;
		/* What follows the end of a line is another unit. */
		if (more)
			advance(p);
		more = more && p->next.kind != TOKEN_NEWLINE && p->next.kind != TOKEN_END;
	}
	return first;
}

enum grub_unit grub_parse(struct arena *arena, struct grub_text *text, const struct grub_node **ret,
	unsigned *ret_line)
{
	struct parser p = { .arena = arena, .t = text };

	advance(&p);
	skip_newlines(&p);
	*ret_line = p.next.line;
	if (!is_over(&p) && p.next.kind == TOKEN_END)
		return GRUB_END;
	*ret = is_over(&p) ? NULL : parse_unit(&p);
	if (p.is_out_of_memory)
		return GRUB_OUT_OF_MEMORY;
	if (p.is_bad)
		*ret_line = p.next.line;
	return p.is_bad ? GRUB_BAD_SYNTAX : GRUB_STATEMENTS;
}
