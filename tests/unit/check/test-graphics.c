/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "known-machines.h"

static void tells_what_is_known_and_what_is_not(void **state)
{
	(void)state;
	assert_known(check_graphics,
		(struct known_said){
			{ "NVIDIA's driver", "i915 hides", "hyperv_drm hides" }, "nvidia" });
}

int main(void)
{
	const struct CMUnitTest tests[] = { CASE(tells_what_is_known_and_what_is_not) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
