/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a job that is prepared may be loaded: on a captured machine, and where it is switched off there. */
#include "image/bzimage-file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fields.h"
#include "machine/machine-folders.h"
#include "sys/file.h"
#include "sys/store.h"
#include "system/checkup.h"

static char folder[] = "/tmp/saut-test-checkup-XXXXXX";
static char kernel[64], machine[64];

/* The captured machine, with more files behind it. */
static void set_up(const char *more)
{
	struct arena arena = { 0 };
	struct file captured;
	struct error err;

	assert_true(file_open(MACHINE_FOLDERS "/q35-1g.machine", &captured, &err));
	assert_true(store_file(machine,
		arena_printf(&arena, "%s%s", arena_string(&arena, captured.bytes), more), &err));
	file_close(&captured);
	arena_free(&arena);
}

struct checked_job {
	struct system system;
	struct job job;
	struct error error;
};

static bool permits(struct checked_job *c)
{
	const struct system_options options = { .root = machine };
	struct job_request request = { .kernel = kernel,
		.command_line = "root=/dev/vda1",
		.limits = { 0, PHYS_MAX },
		.initrd_form = INITRD_KEEP };

	*c = (struct checked_job){ 0 };
	assert_true(system_look(&options, &c->system, &c->error));
	request.source = c->system.source;
	if (!job_prepare(&c->job, &request, &c->error))
		fail_msg("%s", c->error.reason);
	return checkup_permits(&c->system, &c->job, &c->error);
}

static void end(struct checked_job *c)
{
	job_free(&c->job);
	system_free(&c->system);
}

static void what_passes_may_be_loaded(void **state)
{
	struct checked_job c;

	(void)state;
	set_up("");
	assert_true(permits(&c));
	end(&c);
}

static void what_fails_is_refused_by_its_name(void **state)
{
	char hint[ERROR_HINT_MAX];
	struct checked_job c;

	(void)state;
	set_up("=== proc/sys/kernel/kexec_load_limit_reboot\n0\n");
	assert_false(permits(&c));
	assert_int_equal(c.error.fault, FAULT_CHECK);
	assert_reason(c.error, "system-calls: the limit kernel.kexec_load_limit_reboot is used up");
	error_hint(&c.error, hint);
	assert_non_null(strstr(hint, FIELD_NO_CHECKS));
	end(&c);
}

/* What the one who only wants to know is told: all that can be found out. */
static void a_survey_goes_on(void **state)
{
	const struct system_options options = { .root = machine };
	struct checked_job c = { 0 };
	struct job_request request = { .kernel = kernel,
		.initrds = (const char *const[]){ "/nonexistent" },
		.initrd_count = 1,
		.command_line = "quiet",
		.limits = { 0, PHYS_MAX } };
	struct checkup checkup;

	(void)state;
	set_up("");
	assert_true(system_look(&options, &c.system, &c.error));
	request.source = c.system.source;
	assert_false(job_survey(&c.job, &request, &c.error));
	assert_int_equal(c.error.fault, FAULT_FILE_MISSING);
	assert_true(checkup_make(&c.system, &c.job, &c.error, &checkup, &c.error));
	assert_non_null(checkup.subject.machine);
	assert_non_null(checkup.subject.image);
	assert_string_equal(checkup.subject.command_line, "quiet");
	assert_false(checkup.subject.has_initrds);
	assert_null(checkup.subject.plan);
	assert_int_equal(check_worst(checkup.findings), CHECK_FAIL);
	end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_passes_may_be_loaded),
		CASE(what_fails_is_refused_by_its_name),
		CASE(a_survey_goes_on),
	};
	struct arena arena = { 0 };
	struct block made = bz_make(&arena);
	FILE *out;
	int failed;

	if (!mkdtemp(folder))
		return 1;
	snprintf(kernel, sizeof kernel, "%s/vmlinuz", folder);
	snprintf(machine, sizeof machine, "%s/machine", folder);
	out = fopen(kernel, "w");
	if (!out || fwrite(bz_view(made).p, 1, bz_view(made).n, out) != bz_view(made).n)
		return 1;
	fclose(out);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(kernel);
	unlink(machine);
	rmdir(folder);
	arena_free(&arena);
	return failed;
}
