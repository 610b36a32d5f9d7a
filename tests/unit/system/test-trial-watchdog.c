/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which device is a driver's, in a folder with the links of sysfs. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/snapshot.h"
#include "system/trial-watchdog.h"

static char folder[] = "/tmp/saut-test-trial-watchdog-XXXXXX";

static void make(const char *name, const char *module, const char *status)
{
	char text[300];

	snprintf(text, sizeof text,
		"d=%s/sys/class/watchdog/%s && mkdir -p $d/device $d/driver-of && "
		"ln -s ../driver-of $d/device/driver && ln -s ../../../../module/%s "
		"$d/driver-of/module && echo %s >$d/bootstatus",
		folder, name, module, status);
	assert_int_equal(system(text), 0);
}

static void the_device_is_the_drivers(void **state)
{
	static const struct {
		const char *driver, *identity;
		bool has_reset;
	} cases[] = { { "i6300esb", "", false }, { "sp5100-tco", "", true },
		{ "sp5100_tco", "", true }, { "sp5100", "", false }, { "other", "", false },
		{ "other", "the other one", true }, { "other", "another one", false },
		{ "", "", false } };
	struct arena arena = { 0 };
	struct snapshot source;
	struct error err;
	char text[200];

	(void)state;
	assert_non_null(mkdtemp(folder));
	make("watchdog0", "i6300esb", "1");
	make("watchdog1", "sp5100_tco", "33");
	make("watchdog2", "another", "32");
	/* Of a driver that sysfs does not link with it. */
	snprintf(text, sizeof text,
		"cd %s/sys/class/watchdog && mkdir watchdog3 && "
		"echo the other one >watchdog3/identity && echo 32 >watchdog3/bootstatus",
		folder);
	assert_int_equal(system(text), 0);
	assert_true(snapshot_open(folder, &source, &err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct trial trial = { .watchdog = cases[i].driver,
			.identity = cases[i].identity };

		assert_int_equal(trial_watchdog_has_reset(&source.source, &trial, &arena),
			cases[i].has_reset);
	}
	snapshot_close(&source);
	arena_free(&arena);
	snprintf(text, sizeof text, "rm -r %s", folder);
	assert_int_equal(system(text), 0);
}

/* Nothing is loaded, and nothing opened. */
static void a_trial_without_one_has_none(void **state)
{
	const struct trial trial = { .watchdog = "", .identity = "" };
	struct trial_watchdog w;
	struct arena arena = { 0 };
	struct error err;

	(void)state;
	assert_true(trial_watchdog_take(&trial, &arena, &w, &err));
	assert_null(w.device);
	assert_true(trial_watchdog_end(&w, true, &err));
	trial_watchdog_leave(&w);
	arena_free(&arena);
}

static void one_without_a_driver_is_told(void **state)
{
	const struct trial trial = { .watchdog = "saut_no_such_driver", .identity = "" };
	struct trial_watchdog w;
	struct arena arena = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_false(trial_watchdog_take(&trial, &arena, &w, &err));
	assert_reason(err, "the watchdog that was started cannot be taken over: ");
	assert_int_equal(w.keeper.child, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_device_is_the_drivers),
		cmocka_unit_test(a_trial_without_one_has_none),
		cmocka_unit_test(one_without_a_driver_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
