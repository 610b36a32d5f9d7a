/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "adv-file.h"
#include "entry/extlinux/adv.h"
#include "machine/text.h"

static void items_are_found_by_their_tag(void **state)
{
	uint8_t file[ADV_FILE];
	struct view v;

	(void)state;
	adv_make(file, ADV_BOOT_ONCE, "rescue single");
	assert_true(adv_find((struct view){ file, sizeof file }, ADV_BOOT_ONCE, &v));
	assert_true(text_is(v, "rescue single"));
	assert_false(adv_find((struct view){ file, sizeof file }, ADV_MENU_SAVE, &v));
	adv_make(file, ADV_BOOT_ONCE, "");
	assert_false(adv_find((struct view){ file, sizeof file }, ADV_BOOT_ONCE, &v));
}

/* One damaged copy is none; the other one still counts. */
static void a_damaged_copy_is_none(void **state)
{
	(void)state;
	for (size_t i = ADV_COPY; i < ADV_FILE; i++) {
		uint8_t file[ADV_FILE];
		struct view v;

		adv_make(file, ADV_BOOT_ONCE, "a");
		file[i] ^= 0x55;
		assert_true(adv_find((struct view){ file, sizeof file }, ADV_BOOT_ONCE, &v));
		file[i < 2 * ADV_COPY ? i + ADV_COPY : i - ADV_COPY] ^= 0x55;
		assert_false(adv_find((struct view){ file, sizeof file }, ADV_BOOT_ONCE, &v));
	}
}

static void truncated_files_have_none(void **state)
{
	uint8_t file[ADV_FILE];
	struct view v;

	(void)state;
	adv_make(file, ADV_BOOT_ONCE, "a");
	for (size_t n = 0; n < sizeof file; n++)
		if (n != 2 * ADV_COPY)
			assert_false(adv_find((struct view){ file, n }, ADV_BOOT_ONCE, &v));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(items_are_found_by_their_tag),
		CASE(a_damaged_copy_is_none),
		CASE(truncated_files_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
