/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public API as a stranger uses it: this program links the shared library and saut.h alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <saut.h>

static void nothing_is_done_without_a_kernel(void **state)
{
	struct saut *s = saut_new();

	(void)state;
	assert_non_null(s);
	assert_int_equal(saut_plan(s), SAUT_USAGE);
	assert_string_equal(saut_reason(s), "no kernel is named");
	assert_true(saut_hint(s)[0] != '\0');
	assert_null(saut_note(s, 0));
	saut_free(s);
}

static void an_error_names_attempt_reason_and_hint(void **state)
{
	struct saut *s = saut_new();

	(void)state;
	assert_int_equal(saut_set_kernel(s, "/nowhere/vmlinuz"), SAUT_DONE);
	assert_int_equal(saut_load(s), SAUT_IMAGE);
	assert_string_equal(saut_attempt(s), "load /nowhere/vmlinuz");
	assert_non_null(strstr(saut_reason(s), "No such file"));
	assert_non_null(strstr(saut_hint(s), "/boot"));
	saut_free(s);
}

static void wrong_arguments_are_refused(void **state)
{
	struct saut *s = saut_new();
	int done = SAUT_DONE;

	(void)state;
	assert_int_equal(saut_set_limits(s, 2, 1), SAUT_USAGE);
	assert_string_equal(saut_hint(s), "saut.h shows all that can be asked for");
	assert_int_equal(saut_add_initrd(s, NULL), SAUT_USAGE);
	for (int i = 0; i < 64; i++)
		done |= saut_add_initrd(s, "initrd");
	assert_int_equal(done, SAUT_DONE);
	assert_int_equal(saut_add_initrd(s, "initrd"), SAUT_FIT);
	saut_free(s);
}

static void another_machine_is_planned_not_loaded(void **state)
{
	struct saut *s = saut_new();

	(void)state;
	assert_int_equal(saut_set_root(s, "/nowhere"), SAUT_DONE);
	assert_int_equal(saut_set_kernel(s, "/nowhere/vmlinuz"), SAUT_DONE);
	assert_int_equal(saut_load(s), SAUT_USAGE);
	saut_free(NULL);
	saut_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_done_without_a_kernel),
		cmocka_unit_test(an_error_names_attempt_reason_and_hint),
		cmocka_unit_test(wrong_arguments_are_refused),
		cmocka_unit_test(another_machine_is_planned_not_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
