/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cores that end anywhere, and those of which any byte is another: never believed beyond what is there. */
#include "test.h"

#include "crash/made-core.h"

static void begin(struct made_core *core, enum made_form form, bool is_64_bit)
{
	made_begin(core, &(struct made_wish){ form, is_64_bit });
	made_add(core, 1000, "first");
	made_add(core, 2000, "second");
}

static void expect_reason(const struct error *err)
{
	assert_true(err->reason[0] != '\0');
	assert_int_equal(fault_class(err->fault), CLASS_IMAGE);
}

/* Whoever succeeds has all of it. */
static void cut_at_every_byte(void **state)
{
	(void)state;
	for (enum made_form form = 0; form < MADE_FORMS; form++) {
		struct made_output whole, cut;
		struct error err = { 0 };
		struct made_core core;

		begin(&core, form, form % 2 == 0);
		assert_true(made_read(&core.file, &whole, &err));
		for (uint64_t n = 0; n < MADE_SIZE; n++) {
			err = (struct error){ 0 };
			core.file.size = n;
			if (made_read(&core.file, &cut, &err))
				assert_string_equal(cut.text, whole.text);
			else
				expect_reason(&err);
			assert_true(n >= 0x1000 || cut.n == 0);
		}
	}
}

static void every_byte_another(void **state)
{
	static const uint8_t values[] = { 0, 0x80, 0xff };

	(void)state;
	for (enum made_form form = 0; form < MADE_FORMS; form++) {
		struct made_core core;

		begin(&core, form, form % 2 == 1);
		for (size_t at = 0; at < MADE_SIZE; at++)
			for (size_t i = 0; i < sizeof values; i++) {
				struct made_output output;
				struct error err = { 0 };
				uint8_t was = core.bytes[at];

				core.bytes[at] = values[i];
				if (!made_read(&core.file, &output, &err))
					expect_reason(&err);
				core.bytes[at] = was;
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(cut_at_every_byte),
		CASE(every_byte_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
