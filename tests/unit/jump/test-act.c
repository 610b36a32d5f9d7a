/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A jump that there is not, in a network namespace of its own; the kernel's part is a fake's. */
#include "test.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jump/act.h"
#include "sys/process.h"

/* The interface while the jump is tried. */
static bool was_up_at_jump;
static unsigned jumps;

static bool is_up(void)
{
	struct ifreq request = { .ifr_name = "eth0" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCGIFFLAGS, &request), 0);
	close(fd);
	return request.ifr_flags & IFF_UP;
}

static long fake_jump(void)
{
	jumps++;
	was_up_at_jump = is_up();
	errno = EIO;
	return -1;
}

static const struct kexec_calls calls = { .jump = fake_jump };

static void make_network(void)
{
	static const char *const lines[][8] = {
		{ "ip", "link", "add", "eth0", "type", "veth" },
		{ "ip", "link", "set", "eth0", "up" },
	};
	struct error err;

	if (!process_exists("ip") || unshare(CLONE_NEWNET) != 0)
		skip();
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_true(process_run(lines[i], &err));
}

/* Of this very machine: most that run tests have nothing loaded. */
static void the_network_goes_down_last_and_comes_back(void **state)
{
	struct kexec_ability ability;
	struct error err = { 0 };
	bool may;

	(void)state;
	make_network();
	assert_true(act_ability(&ability, &err));
	may = act_may_jump(&err);
	jumps = 0;
	assert_false(act_jump(&calls, (struct act_leave){ .network_down = true }, &err));
	assert_int_equal(jumps, may);
	if (may)
		assert_false(was_up_at_jump);
	else
		assert_null(strstr(err.reason, "network"));
	assert_string_equal(err.attempt, "jump into the loaded kernel");
	assert_true(is_up());
}

static void an_ability_that_forbids_is_named(void **state)
{
	struct kexec_ability ability;
	struct error err = { 0 };

	(void)state;
	assert_true(act_ability(&ability, &err));
	if (ability.load == ANSWER_NO && ability.file_load == ANSWER_NO) {
		assert_false(act_may_jump(&err));
		assert_int_equal(err.fault, FAULT_NO_KEXEC);
	} else if (ability.loaded == ANSWER_NO) {
		assert_false(act_may_jump(&err));
		assert_int_equal(err.fault, FAULT_NOTHING_LOADED);
	}
}

static void what_a_failed_load_has_cost_is_told(void **state)
{
	static const struct kexec_ability both = { .loaded = ANSWER_YES,
		.crash_loaded = ANSWER_YES },
					  none = { .loaded = ANSWER_NO, .crash_loaded = ANSWER_NO },
					  unknown = { 0 };
	struct error err;

	(void)state;
	fail(&err, FAULT_KERNEL_OTHER, "no");
	assert_false(act_tell_loss(&both, &both, false, &err));
	assert_false(act_tell_loss(&none, &none, true, &err));
	assert_false(act_tell_loss(&both, &unknown, true, &err));
	assert_string_equal(err.reason, "no");
	assert_false(act_tell_loss(&both, &none, false, &err));
	assert_string_equal(err.reason, "no; the kernel that was loaded before is gone");
	fail(&err, FAULT_KERNEL_OTHER, "no");
	assert_false(act_tell_loss(&both, &none, true, &err));
	assert_string_equal(err.reason, "no; the crash kernel that was loaded before is gone");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_network_goes_down_last_and_comes_back),
		CASE(an_ability_that_forbids_is_named),
		CASE(what_a_failed_load_has_cost_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
