/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every row of hints: whatever is closed, a step is left, and no closed one is told. */
#include "test.h"

#include "base/fields.h"

/* What a hint says that goes a way, and says nowhere else. */
static const struct {
	enum hint_way way;
	const char *words;
} told[] = {
	{ WAY_LOAD, "load with " FIELD_KEXEC_SYSCALL },
	{ WAY_FILE_LOAD, "with " FIELD_KEXEC_FILE_SYSCALL },
	{ WAY_LIMITS, FIELD_LIMITS },
	{ WAY_ROOT, "as root" },
	{ WAY_LIST, FIELD_LIST },
	{ WAY_DEBUG, "kexec --debug" },
	{ WAY_SECURE_BOOT, "mokutil" },
	{ WAY_SECURE_BOOT, "Secure Boot" },
	{ WAY_NO_SECURE_BOOT, "lockdown=" },
};

static bool tells_closed(const char *hint, const bool closed[WAY_COUNT])
{
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (closed[told[i].way] && strstr(hint, told[i].words))
			return true;
	return false;
}

static void a_hint_tells_open_ways_only(void **state)
{
	(void)state;
	for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
		/* Every set of ways that are closed. */
		for (unsigned set = 0; set < 1u << WAY_COUNT; set++) {
			struct error err = { .fault = (enum fault)fault };
			char hint[ERROR_HINT_MAX];

			for (unsigned way = 0; way < WAY_COUNT; way++)
				err.closed[way] = set >> way & 1;
			error_hint(&err, hint);
			if (hint[0] == '\0' || tells_closed(hint, err.closed))
				fail_msg("fault %d, closed %#x: \"%s\"", fault, set, hint);
			assert_true(strlen(hint) < ERROR_HINT_MAX - 1);
		}
}

/* Or the test above would hold for a table without steps. */
static void every_way_is_told_by_some_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		bool found = false;

		for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
			const struct error err = { .fault = (enum fault)fault };
			char hint[ERROR_HINT_MAX];

			error_hint(&err, hint);
			found |= strstr(hint, told[i].words) != NULL;
		}
		if (!found)
			fail_msg("no hint says \"%s\"", told[i].words);
	}
}

static void steps_are_joined_as_a_sentence(void **state)
{
	struct error err = { .fault = FAULT_NO_SYSCALL };
	char hint[ERROR_HINT_MAX];

	(void)state;
	error_hint(&err, hint);
	assert_string_equal(hint,
		"load with " FIELD_KEXEC_SYSCALL ", load with " FIELD_KEXEC_FILE_SYSCALL
		", or boot a kernel with CONFIG_KEXEC=y and CONFIG_KEXEC_FILE=y");
	err.closed[WAY_LOAD] = true;
	error_hint(&err, hint);
	assert_string_equal(hint,
		"load with " FIELD_KEXEC_FILE_SYSCALL
		", or boot a kernel with CONFIG_KEXEC=y and CONFIG_KEXEC_FILE=y");
	err = (struct error){ .fault = FAULT_NONE };
	error_hint(&err, hint);
	assert_string_equal(hint, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_hint_tells_open_ways_only),
		CASE(every_way_is_told_by_some_row),
		CASE(steps_are_joined_as_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
