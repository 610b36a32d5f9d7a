/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#include "base/arith.h"
#include "image/bzimage-file.h"

static void begin(struct checked *c, const char *line)
{
	struct block kernel;

	checked_captured(c, "q35-1g");
	kernel = bz_make(&c->arena);
	bz_set(&kernel, "cmdline_size", 255);
	assert_true(image_parse(bz_view(kernel), &c->arena, &c->image, &c->error));
	c->subject.image = &c->image;
	c->subject.command_line = line;
}

static void counts_what_fits(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, "root=/dev/sda1 quiet");
	assert_finding(check_command_line(&c.subject), CHECK_PASS,
		"20 characters, and this kernel takes 255");
	checked_free(&c);
}

static void fails_past_the_limit(void **state)
{
	struct check_finding finding;
	struct checked c;
	char line[257];

	(void)state;
	memset(line, 'x', 256);
	line[255] = '\0';
	begin(&c, line);
	assert_finding(check_command_line(&c.subject), CHECK_PASS, "255 characters");
	checked_free(&c);
	line[255] = 'x';
	line[256] = '\0';
	begin(&c, line);
	finding = check_command_line(&c.subject);
	assert_finding(finding, CHECK_FAIL, "256 characters, and this kernel takes 255");
	assert_non_null(strstr(finding.advice, "shorten"));
	checked_free(&c);
}

static void says_what_the_plan_said(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "arm64-uefi");
	fail(&c.error, FAULT_FIT_COMMAND_LINE, "the command line has 3000 characters");
	c.subject.refused = &c.error;
	c.subject.command_line = "quiet";
	assert_finding(check_command_line(&c.subject), CHECK_FAIL, "3000 characters");
	c.subject.refused = NULL;
	c.subject.plan = &c.plan;
	assert_finding(check_command_line(&c.subject), CHECK_PASS, "5 characters");
	checked_free(&c);
}

static void is_unknown_without_line_or_limit(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-1g");
	assert_finding(check_command_line(&c.subject), CHECK_UNKNOWN, "is not known");
	c.subject.command_line = "quiet";
	assert_finding(check_command_line(&c.subject), CHECK_UNKNOWN, "limit is not known");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(counts_what_fits),
		CASE(fails_past_the_limit),
		CASE(says_what_the_plan_said),
		CASE(is_unknown_without_line_or_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
