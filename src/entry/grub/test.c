/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "[ ... ]" of grub.cfg: "The GNU GRUB Manual", command "test". */
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

static enum answer of(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

static enum answer not(enum answer answer) {
	return answer == ANSWER_UNKNOWN ? answer : of(answer == ANSWER_NO);
}

static enum answer file_test(struct grub *g, char what, const char *name)
{
	struct entry none = { 0 };
	const char *path = grub_locate(g, &none, "file", name);
	struct view bytes;

	if (!path || what == 'e' || what == 'f')
		return of(path != NULL);
	if (what == 's')
		return of(finder_read(g->f, path, &bytes) && bytes.n > 0);
	return ANSWER_UNKNOWN;
}

static enum answer one_operand(struct grub *g, const char *operator, const char * value)
{
	if (strcmp(operator, "-n") == 0)
		return of(value[0] != '\0');
	if (strcmp(operator, "-z") == 0)
		return of(value[0] == '\0');
	if (operator[0] == '-' && strlen(operator) == 2 && strchr("efsd", operator[1]))
		return file_test(g, operator[1], value);
	return ANSWER_UNKNOWN;
}

static enum answer by_numbers(const char *x, const char *operator, const char * y)
{
	uint64_t a, b;

	if (!text_decimal(view_of_string(x), &a) || !text_decimal(view_of_string(y), &b))
		return ANSWER_UNKNOWN;
	if (strcmp(operator, "-eq") == 0)
		return of(a == b);
	if (strcmp(operator, "-ne") == 0)
		return of(a != b);
	if (strcmp(operator, "-lt") == 0)
		return of(a < b);
	if (strcmp(operator, "-le") == 0)
		return of(a <= b);
	if (strcmp(operator, "-gt") == 0)
		return of(a > b);
	return strcmp(operator, "-ge") == 0 ? of(a >= b) : ANSWER_UNKNOWN;
}

static enum answer two_operands(const char *x, const char *operator, const char * y)
{
	if (strcmp(operator, "=") == 0 || strcmp(operator, "==") == 0)
		return of(strcmp(x, y) == 0);
	if (strcmp(operator, "!=") == 0)
		return of(strcmp(x, y) != 0);
	return by_numbers(x, operator, y);
}

static enum answer simple(struct grub *g, const char *const *words, size_t count)
{
	bool negated = false;
	enum answer answer = ANSWER_UNKNOWN;

	while (count > 1 && strcmp(words[0], "!") == 0) {
		negated = !negated;
		words++;
		count--;
	}
	if (count == 0)
		answer = ANSWER_NO;
	else if (count == 1)
		answer = of(words[0][0] != '\0');
	else if (count == 2)
		answer = one_operand(g, words[0], words[1]);
	else if (count == 3)
		answer = two_operands(words[0], words[1], words[2]);
	return negated ? not(answer) : answer;
}

/* Either is decided where one side alone decides. */
static enum answer both(enum answer x, enum answer y)
{
	if (x == ANSWER_NO || y == ANSWER_NO)
		return ANSWER_NO;
	return x == ANSWER_YES && y == ANSWER_YES ? ANSWER_YES : ANSWER_UNKNOWN;
}

static size_t find(const char *const *words, size_t count, const char *operator)
{
	size_t i = 0;

	while (i < count && strcmp(words[i], operator) != 0)
		i++;
	return i;
}

static enum answer all_of(struct grub *g, const char *const *words, size_t count)
{
	enum answer answer = ANSWER_YES;

	for (;;) {
		size_t n = find(words, count, "-a");

		answer = both(answer, simple(g, words, n));
		if (n == count)
			return answer;
		words += n + 1;
		count -= n + 1;
	}
}

enum answer grub_test(struct grub *g, const char *const *words, size_t count)
{
	enum answer answer = ANSWER_NO;

	for (;;) {
		size_t n = find(words, count, "-o");

		answer = not(both(not(answer), not(all_of(g, words, n))));
		if (n == count)
			return answer;
		words += n + 1;
		count -= n + 1;
	}
}
