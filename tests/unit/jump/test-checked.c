/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is unpacked for its check once is known, and nothing that differs in anything. */
#include "jump/initrd-job.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "codec/pack.h"
#include "initrd/cpio.h"
#include "jump/checked.h"
#include "jump/initrd-check.h"

enum { SETTLED = 4 };

static char record_path[64];

static void read_record(char text[static 4096])
{
	FILE *f = fopen(record_path, "rb");

	text[0] = '\0';
	if (!f)
		return;
	text[fread(text, 1, 4095, f)] = '\0';
	fclose(f);
}

/* A job with the initrd as its last one, open. */
static void open_job(struct job *job)
{
	struct view none[1] = { { 0 } };
	struct error err = { 0 };

	gather(job, none, 1);
	job->image.format = IMAGE_RAW;
	job->wanted.checked = record_path;
	checked_begin(job);
	if (!file_open(initrd_path, &job->initrds[0], &err))
		fail_msg("%s", err.reason);
	job->inputs[0] = (struct input){ initrd_path, job->initrds[0].bytes, job->initrds[0].fd };
	assert_true(initrd_check_headers(job, &err));
}

static void close_job(struct job *job)
{
	file_close(&job->initrds[0]);
	end(job);
}

static void check(void)
{
	struct error err = { 0 };
	struct job job;

	open_job(&job);
	if (!initrd_check_contents(&job, &err))
		fail_msg("%s", err.reason);
	close_job(&job);
}

static bool is_known(void)
{
	struct job job;
	bool known;

	open_job(&job);
	known = checked_before(&job, 0);
	close_job(&job);
	return known;
}

static void write_initrd(void)
{
	struct arena a = { 0 };
	struct view cpio = join(&a,
		cpio_pack(&a,
			&(struct cpio_member){ .name = "init", .data = make_plain(&a, 300001) }),
		cpio_trailer(&a));

	snprintf(record_path, sizeof record_path, "%s/checked", folder);
	write_file(initrd_path, pack_with("gzip", &a, cpio));
	arena_free(&a);
}

static void what_was_written_just_now_is_not_remembered(void **state)
{
	(void)state;
	write_initrd();
	check();
	assert_int_equal(access(record_path, F_OK), -1);
	assert_false(is_known());
}

static void what_was_checked_is_known(void **state)
{
	char text[4096];

	(void)state;
	sleep(SETTLED);
	assert_false(is_known());
	check();
	assert_true(is_known());
	check();
	read_record(text);
	assert_int_equal(strchr(text, '\n') - text + 1, strlen(text));
	assert_non_null(strstr(text, initrd_path));
}

/* Each is one of what tells files apart. */
static void anything_else_is_another_file(void **state)
{
	enum { ROWS = 7 };

	(void)state;
	for (int i = 0; i < ROWS; i++) {
		struct job job;
		struct stat *st;

		open_job(&job);
		st = &job.initrds[0].identity;
		assert_true(checked_before(&job, 0));
		st->st_dev += i == 0;
		st->st_ino += i == 1;
		st->st_size += i == 2;
		st->st_mtim.tv_nsec += i == 3;
		st->st_ctim.tv_nsec += i == 4;
		job.initrds[0].path = i == 5 ? "/boot/initrd" : initrd_path;
		job.input_count += i == 6;
		assert_false(checked_before(&job, 0));
		close_job(&job);
	}
}

/* What has other times is unpacked again, and damage is found. */
static void what_has_changed_is_unpacked_again(void **state)
{
	struct error err = { 0 };
	struct job job;
	struct stat st;
	FILE *f;

	(void)state;
	assert_true(is_known());
	assert_int_equal(stat(initrd_path, &st), 0);
	f = fopen(initrd_path, "r+b");
	fseek(f, (long)(st.st_size / 2), SEEK_SET);
	fputs("damage", f);
	fclose(f);
	/* Whoever sets the time of writing back changes the other one. */
	assert_int_equal(
		utimensat(AT_FDCWD, initrd_path, (struct timespec[]){ st.st_atim, st.st_mtim }, 0),
		0);
	open_job(&job);
	assert_false(checked_before(&job, 0));
	assert_false(initrd_check_contents(&job, &err));
	assert_int_equal(err.fault, FAULT_INITRD_DAMAGED);
	close_job(&job);
}

static void a_record_is_whole_and_nobody_elses(void **state)
{
	char text[4096], moved[sizeof record_path + 2];

	(void)state;
	write_initrd();
	sleep(SETTLED);
	check();
	assert_true(is_known());
	read_record(text);
	for (size_t n = 0; n < strlen(text); n++) {
		write_file(record_path, (struct view){ (const uint8_t *)text, n });
		assert_false(is_known());
	}
	write_file(record_path, view_of_string(text));
	assert_true(is_known());
	assert_int_equal(chmod(record_path, 0664), 0);
	assert_false(is_known());
	assert_int_equal(chmod(record_path, 0644), 0);
	snprintf(moved, sizeof moved, "%s2", record_path);
	assert_int_equal(rename(record_path, moved), 0);
	assert_int_equal(symlink(moved, record_path), 0);
	assert_false(is_known());
	unlink(record_path);
	unlink(moved);
}

/* The newest lines stay, and no more of them than a few. */
static void a_record_stays_small(void **state)
{
	char old[4096] = "", text[4096];
	int lines = 0;

	(void)state;
	for (int i = 0; i < 40; i++)
		snprintf(old + strlen(old), sizeof old - strlen(old), "line %d\n", i);
	write_file(record_path, view_of_string(old));
	check();
	assert_true(is_known());
	read_record(text);
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, 16);
	assert_ptr_equal(strstr(text, "line 25\n"), text);
	unlink(record_path);
}

static const char question[] = "6.1 all: ext4 nvme", answer[] = "it has modules of this kernel";

static void an_answer_is_of_all_initrds_and_one_question(void **state)
{
	struct job job;

	(void)state;
	open_job(&job);
	assert_null(checked_answer(&job, question));
	checked_keep_answer(&job, "two\nlines", answer);
	checked_keep_answer(&job, question, "two\nlines");
	assert_null(checked_answer(&job, question));
	checked_keep_answer(&job, question, answer);
	close_job(&job);
	open_job(&job);
	assert_string_equal(checked_answer(&job, question), answer);
	assert_null(checked_answer(&job, "6.1 all: ext4"));
	/* That is another question. */
	assert_false(checked_before(&job, 0));
	job.input_count = 2;
	assert_null(checked_answer(&job, question));
	job.input_count = 0;
	assert_null(checked_answer(&job, question));
	job.input_count = 1;
	job.initrds[0].identity.st_mtim.tv_nsec++;
	assert_null(checked_answer(&job, question));
	close_job(&job);
	unlink(record_path);
}

/* What it was rewritten into is no file of the user's, and what was looked at is. */
static void an_answer_is_about_what_was_given(void **state)
{
	struct initrd_decision decision = { 0 };
	struct job job;

	(void)state;
	open_job(&job);
	checked_keep_answer(&job, question, answer);
	decision.given = job.inputs[0];
	job.inputs[0].bytes = view_of_string("070701");
	assert_null(checked_answer(&job, question));
	job.decisions = &decision;
	assert_string_equal(checked_answer(&job, question), answer);
	job.decisions = NULL;
	close_job(&job);
	unlink(record_path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_just_now_is_not_remembered),
		cmocka_unit_test(what_was_checked_is_known),
		cmocka_unit_test(anything_else_is_another_file),
		cmocka_unit_test(what_has_changed_is_unpacked_again),
		cmocka_unit_test(a_record_is_whole_and_nobody_elses),
		cmocka_unit_test(a_record_stays_small),
		cmocka_unit_test(an_answer_is_of_all_initrds_and_one_question),
		cmocka_unit_test(an_answer_is_about_what_was_given),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
