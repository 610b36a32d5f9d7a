/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "[ ... ]" of grub.cfg: "The GNU GRUB Manual", command "test". Read from left to right, as GRUB does. */
#include <string.h>

#include "entry/grub/grub.h"

/* A conjunction that is being read, and what lies before it and an "-o". */
struct expression {
	enum answer before, conjunction;
	bool inverted;
};

struct testing {
	struct grub *g;
	const struct grub_argument *words;
	size_t count, at;
	unsigned depth;
	const char *doubt; /* why something is not known */
	bool is_odd;       /* a number was none, which leaves GRUB's error set */
	bool is_lost;      /* where the operands are is not known */
};

static enum answer of(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

static enum answer opposite(enum answer answer)
{
	return answer == ANSWER_UNKNOWN ? answer : of(answer == ANSWER_NO);
}

/* One side alone may decide. */
static enum answer both(enum answer x, enum answer y)
{
	if (x == ANSWER_NO || y == ANSWER_NO)
		return ANSWER_NO;
	return x == ANSWER_YES && y == ANSWER_YES ? ANSWER_YES : ANSWER_UNKNOWN;
}

static enum answer either(enum answer x, enum answer y)
{
	return opposite(both(opposite(x), opposite(y)));
}

static enum answer doubtful(struct testing *t, const char *doubt)
{
	t->doubt = t->doubt ? t->doubt : doubt;
	return ANSWER_UNKNOWN;
}

static enum answer only_grub_knows(struct testing *t)
{
	return doubtful(t, grub_reason(t->g, "this condition is only known to GRUB"));
}

/* Whether both are known; else the answer is *ret. */
static bool are_known(struct testing *t, const struct grub_argument *x,
	const struct grub_argument *y, enum answer *ret)
{
	if (x->doubt || y->doubt)
		*ret = doubtful(t, x->doubt ? x->doubt : y->doubt);
	else if (grub_names_device(x->text) || grub_names_device(y->text))
		*ret = only_grub_knows(t);
	else
		return true;
	return false;
}

static int order_of(const struct grub_argument *x, const struct grub_argument *y)
{
	return strcmp(x->text, y->text);
}

static bool is_equal(int order)
{
	return order == 0;
}

static bool is_not_equal(int order)
{
	return order != 0;
}

static bool is_less(int order)
{
	return order < 0;
}

static bool is_no_more(int order)
{
	return order <= 0;
}

static bool is_more(int order)
{
	return order > 0;
}

static bool is_no_less(int order)
{
	return order >= 0;
}

static const struct {
	const char *name;
	bool of_numbers;
	bool (*holds)(int order);
} comparisons[] = {
	{ "=", false, is_equal },
	{ "==", false, is_equal },
	{ "!=", false, is_not_equal },
	{ "<", false, is_less },
	{ "<=", false, is_no_more },
	{ ">", false, is_more },
	{ ">=", false, is_no_less },
	{ "-eq", true, is_equal },
	{ "-ne", true, is_not_equal },
	{ "-lt", true, is_less },
	{ "-le", true, is_no_more },
	{ "-gt", true, is_more },
	{ "-ge", true, is_no_less },
};

/* What is no number is 0; what does not fit GRUB's int differs between machines. */
static bool signed_number(struct testing *t, const char *text, int64_t *ret)
{
	bool negative = text[0] == '-';
	const char *end;
	uint64_t number;

	if (!grub_number(text + negative, 0, &number, &end)) {
		t->is_odd = true;
		number = 0;
	}
	if (number > INT32_MAX)
		return false;
	*ret = negative ? -(int64_t)number : (int64_t)number;
	return true;
}

static enum answer compare(
	struct testing *t, size_t row, const struct grub_argument *x, const struct grub_argument *y)
{
	enum answer answer;
	int64_t a, b;

	if (!are_known(t, x, y, &answer))
		return answer;
	if (!comparisons[row].of_numbers)
		return of(comparisons[row].holds(order_of(x, y)));
	if (!signed_number(t, x->text, &a) || !signed_number(t, y->text, &b))
		return only_grub_knows(t);
	return of(comparisons[row].holds((a > b) - (a < b)));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* By the numbers in which they begin to differ; a number's first digit is not gone back to. */
static enum answer compare_versions(struct testing *t, bool greater, const struct grub_argument *x,
	const struct grub_argument *y)
{
	enum answer answer;
	const char *end;
	uint64_t a, b;
	size_t i = 0;

	if (!are_known(t, x, y, &answer))
		return answer;
	while (x->text[i] && x->text[i] == y->text[i])
		i++;
	if (i) {
		i--;
		while (i > 0 && is_digit(x->text[i]))
			i--;
		i++;
	}
	t->is_odd |= !grub_number(x->text + i, 0, &a, &end);
	t->is_odd |= !grub_number(y->text + i, 0, &b, &end);
	if (a > INT32_MAX || b > INT32_MAX)
		return only_grub_knows(t);
	return of(greater ? a > b : a < b);
}

/* False: the word in the middle is no operation. */
static bool three_words(struct testing *t, enum answer *ret)
{
	const struct grub_argument *x = t->words + t->at, *y = x + 2;
	const char *operation = x[1].text;

	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
		if (strcmp(operation, comparisons[i].name) != 0)
			continue;
		*ret = compare(t, i, x, y);
		return true;
	}
	if (strcmp(operation, "-pgt") == 0 || strcmp(operation, "-plt") == 0) {
		*ret = compare_versions(t, operation[2] == 'g', x, y);
		return true;
	}
	if (strncmp(operation, "-nt", 3) == 0 || strncmp(operation, "-ot", 3) == 0) {
		*ret = only_grub_knows(t);
		return true;
	}
	return false;
}

static enum answer test_length(struct testing *t, const struct grub_argument *word, bool empty)
{
	if (word->sure || !word->doubt)
		return of((word->text[0] == '\0') == empty);
	return doubtful(t, word->doubt);
}

static enum answer test_file(struct testing *t, char what, const struct grub_argument *word)
{
	const char *path, *doubt = word->doubt;
	enum grub_kind kind;
	struct view bytes;

	if (doubt)
		return doubtful(t, doubt);
	kind = grub_look(t->g, word->text, &path, &doubt);
	if (kind == GRUB_IS_UNKNOWN)
		return doubtful(t, doubt);
	if (t->is_odd)
		return only_grub_knows(t);
	if (what == 'd')
		return of(kind == GRUB_IS_FOLDER);
	if (what == 'e')
		return of(kind != GRUB_IS_ABSENT);
	if (what == 'f' || kind != GRUB_IS_FILE)
		return of(kind == GRUB_IS_FILE);
	return of(finder_look(t->g->f, path, 1, &bytes) && bytes.n > 0);
}

/* False: the first of them is no operation. */
static bool two_words(struct testing *t, enum answer *ret)
{
	const struct grub_argument *word = t->words + t->at + 1;
	const char *operation = word[-1].text;

	if (operation[0] != '-' || !operation[1] || operation[2] || !strchr("defsnz", operation[1]))
		return false;
	if (operation[1] == 'n' || operation[1] == 'z')
		*ret = test_length(t, word, operation[1] == 'z');
	else
		*ret = test_file(t, operation[1], word);
	return true;
}

static void take_answer(struct expression *e, enum answer answer)
{
	e->conjunction = both(e->conjunction, e->inverted ? opposite(answer) : answer);
	e->inverted = false;
}

static enum answer read_expression(struct testing *t);

/* True at the end of what is in parentheses. */
static bool take_word(struct testing *t, struct expression *e)
{
	const char *word = t->words[t->at++].text;

	if (strcmp(word, ")") == 0)
		return true;
	if (strcmp(word, "(") == 0) {
		if (++t->depth > GRUB_NESTING_MAX)
			t->is_lost = true;
		else
			take_answer(e, read_expression(t));
		return false;
	}
	if (strcmp(word, "!") == 0) {
		e->inverted = !e->inverted;
	} else if (strcmp(word, "-o") == 0) {
		e->before = either(e->before, e->conjunction);
		e->conjunction = ANSWER_YES;
	} else if (strcmp(word, "-a") != 0) {
		take_answer(e, of(word[0] != '\0'));
	}
	return false;
}

/* Which words are operations must be known. */
static bool is_sure(struct testing *t, size_t index)
{
	if (index >= t->count || !t->words[index].doubt)
		return true;
	(void)doubtful(t, t->words[index].doubt);
	t->is_lost = true;
	return false;
}

static enum answer read_expression(struct testing *t)
{
	struct expression e = { .before = ANSWER_NO, .conjunction = ANSWER_YES };
	bool is_over = false;

	while (!is_over && !t->is_lost && t->at < t->count) {
		size_t left = t->count - t->at;
		enum answer answer;

		if (left > 2 && !is_sure(t, t->at + 1))
			break;
		if (left > 2 && three_words(t, &answer)) {
			t->at += 3;
			take_answer(&e, answer);
			continue;
		}
		if (!is_sure(t, t->at))
			break;
		if (left > 1 && two_words(t, &answer)) {
			t->at += 2;
			take_answer(&e, answer);
			continue;
		}
		is_over = take_word(t, &e);
	}
	return t->is_lost ? ANSWER_UNKNOWN : either(e.before, e.conjunction);
}

void grub_test(struct grub *g, const struct grub_arguments *a)
{
	struct testing t = { .g = g, .words = a->items, .count = a->count };
	enum answer answer = ANSWER_UNKNOWN;

	if (a->doubt)
		(void)doubtful(&t, a->doubt);
	else
		answer = read_expression(&t);
	if (answer == ANSWER_YES)
		grub_succeed(g);
	else if (answer == ANSWER_NO)
		grub_fail(g, 1);
	else
		grub_wonder(g,
			t.doubt ? t.doubt : grub_reason(g, "this condition is only known to GRUB"));
}
