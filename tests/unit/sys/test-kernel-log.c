/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records as /dev/kmsg gives them, from a socket that keeps them apart as well. */
#include "test.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/kernel-log.h"

struct log {
	int ends[2];
	struct arena arena;
};

static int begin(void **state)
{
	struct log *log = calloc(1, sizeof *log);

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, log->ends), 0);
	*state = log;
	return 0;
}

static int end(void **state)
{
	struct log *log = *state;

	close(log->ends[0]);
	close(log->ends[1]);
	arena_free(&log->arena);
	free(log);
	return 0;
}

static void say(const struct log *log, const char *record)
{
	assert_int_equal(write(log->ends[0], record, strlen(record)), strlen(record));
}

static void messages_become_lines(void **state)
{
	struct log *log = *state;

	say(log, "5,0,0,-;Linux version 6.1.0\n");
	say(log, "6,1,12,-;GICv3: using LPI property table @0x0000000042190000\n");
	say(log, "6,2,12,-,caller=T1;usb 1-1: new device\n SUBSYSTEM=usb\n DEVICE=c189:0\n");
	assert_string_equal(kernel_log_read_from(log->ends[1], false, &log->arena),
		"Linux version 6.1.0\n"
		"GICv3: using LPI property table @0x0000000042190000\n"
		"usb 1-1: new device\n");
}

static void a_sentence_is_one_record(void **state)
{
	struct log *log = *state;
	char record[64] = "";

	kernel_log_write_to(log->ends[0], KERNEL_LOG_NOTICE, "the jump loses what that keeps");
	assert_true(read(log->ends[1], record, sizeof record - 1) > 0);
	assert_string_equal(record, "<5>saut: the jump loses what that keeps\n");
}

/* Their facility is not the kernel's, whatever they write. */
static void what_programs_write_is_left_out(void **state)
{
	struct log *log = *state;

	say(log, "12,3,14,-;GICv3: using LPI property table @0x0\n");
	say(log, "30,4,15,-;systemd[1]: hello\n");
	say(log, "4,5,16,-;kept\n");
	assert_string_equal(kernel_log_read_from(log->ends[1], false, &log->arena), "kept\n");
}

static void what_is_no_record_is_left_out(void **state)
{
	struct log *log = *state;

	say(log, "no number;message\n");
	say(log, "6,1,1,- no semicolon\n");
	say(log, ";\n");
	say(log, "6,1,1,-;");
	assert_string_equal(kernel_log_read_from(log->ends[1], false, &log->arena), "\n");
}

static void an_empty_log_is_one(void **state)
{
	struct log *log = *state;

	assert_string_equal(kernel_log_read_from(log->ends[1], false, &log->arena), "");
}

static void an_unreadable_one_is_none(void **state)
{
	struct log *log = *state;

	assert_null(kernel_log_read_from(-1, false, &log->arena));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sentence_is_one_record, begin, end),
		cmocka_unit_test_setup_teardown(messages_become_lines, begin, end),
		cmocka_unit_test_setup_teardown(what_programs_write_is_left_out, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_record_is_left_out, begin, end),
		cmocka_unit_test_setup_teardown(an_empty_log_is_one, begin, end),
		cmocka_unit_test_setup_teardown(an_unreadable_one_is_none, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
