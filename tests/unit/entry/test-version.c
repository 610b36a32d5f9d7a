/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The examples of UAPI.10 and versions of kernels. */
#include "test.h"

#include "entry/version.h"

static const struct {
	const char *a;
	char order;
	const char *b;
} examples[] = {
	/* UAPI.10, "Examples" */
	{ "11", '=', "11" },
	{ "systemd-123", '=', "systemd-123" },
	{ "bar-123", '<', "foo-123" },
	{ "123a", '>', "123" },
	{ "123.a", '>', "123" },
	{ "123.a", '<', "123.b" },
	{ "123a", '>', "123.a" },
	{ "11α", '=', "11β" },
	{ "B", '<', "a" },
	{ "", '<', "0" },
	{ "0.", '>', "0" },
	{ "0.0", '>', "0" },
	{ "0", '>', "~" },
	{ "", '>', "~" },
	{ "1_", '=', "1" },
	{ "_1", '=', "1" },
	{ "1_", '<', "1.2" },
	{ "1_2_3", '>', "1.3.3" },
	{ "1+", '=', "1" },
	{ "+1", '=', "1" },
	{ "1+", '<', "1.2" },
	{ "1+2+3", '>', "1.3.3" },

	{ "6.1.0-9-amd64", '<', "6.1.0-10-amd64" },
	{ "6.9.12", '<', "6.10.0" },
	{ "6.6.0-rc7", '>', "6.6.0" },
	{ "6.6.0~rc7", '<', "6.6.0" },
	{ "6.6.21-gentoo", '<', "6.6.21-gentoo-r1" },
	{ "5.14.0-362.8.1.el9_3.x86_64", '<', "5.14.0-362.18.1.el9_3.x86_64" },
	{ "0-rescue-3a17f34dc2694acd", '<', "4.18.0" },
	{ "1", '=', "0001" },
	{ "99999999999999999999999999998", '<', "99999999999999999999999999999" },
	{ "1^20240101", '>', "1" },
	{ "1^", '<', "1.1" },
	{ "1-1", '<', "1.1" },
	{ "~~", '>', "~" },
	{ "", '=', "" },
};

/* The same section: ascending. */
static const char *const chain[] = { "122.1", "123~rc1-1", "123", "123-a", "123-a.1", "123-1",
	"123-1.1", "123^post1", "123.a-1", "123.1-1", "123a-1", "124-1" };

static char order_of(const char *a, const char *b)
{
	int order = version_compare(a, b);

	return order < 0 ? '<' : order > 0 ? '>' : '=';
}

static char opposite(char order)
{
	return order == '<' ? '>' : order == '>' ? '<' : '=';
}

static void examples_hold_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		const char *a = examples[i].a, *b = examples[i].b;
		char order = examples[i].order;

		if (order_of(a, b) != order || order_of(b, a) != opposite(order))
			fail_msg("\"%s\" %c \"%s\", and not %c", a, order, b, order_of(a, b));
	}
}

static void the_chain_ascends(void **state)
{
	enum { COUNT = sizeof chain / sizeof *chain };

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		for (size_t k = 0; k < COUNT; k++)
			assert_int_equal(order_of(chain[i], chain[k]),
				i < k           ? '<'
					: i > k ? '>'
						: '=');
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(examples_hold_both_ways),
		CASE(the_chain_ascends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
