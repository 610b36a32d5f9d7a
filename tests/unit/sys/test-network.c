/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In a network namespace of its own, with pairs of interfaces that iproute2 makes. */
#include "test.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "sys/network.h"
#include "sys/process.h"

enum { TEXT_MAX = 65536 };

/* What ip(8) says, in an order that does not depend on that in which things were set. */
static void say(const char *command, char text[static TEXT_MAX])
{
	char line[512];
	FILE *out;
	size_t n;

	snprintf(line, sizeof line,
		"PATH=/usr/sbin:/sbin:/usr/bin:/bin; %s | sed 's/expires [0-9]*sec/expires/; "
		"s/_lft [0-9]*sec/_lft/g' | sort",
		command);
	out = popen(line, "r");
	assert_non_null(out);
	n = fread(text, 1, TEXT_MAX - 1, out);
	text[n] = '\0';
	assert_int_equal(pclose(out), 0);
}

static const char *const views[] = {
	"ip -o link",
	"ip -o addr",
	"ip route show table all",
	"ip -6 route show table all",
	"ip neigh show nud permanent",
	"ip nexthop",
	"ip -d nexthop list groups",
};

enum { VIEWS = sizeof views / sizeof *views };

struct seen {
	char text[VIEWS][TEXT_MAX];
};

static void look(struct seen *ret)
{
	for (size_t i = 0; i < VIEWS; i++)
		say(views[i], ret->text[i]);
}

static void run(const char *line)
{
	char copy[256], *save = NULL;
	const char *words[24];
	struct error err = { 0 };
	size_t n = 0;

	snprintf(copy, sizeof copy, "%s", line);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	words[n] = NULL;
	if (!process_run(words, &err))
		fail_msg("%s: %s", line, err.reason);
}

static const char *const interfaces[] = {
	"ip link set lo up",
	"ip link add eth0 type veth peer name far0",
	"ip link add eth1 type veth peer name far1",
	"ip link set far1 up",
	"ip link set far0 up",
	"ip link set eth0 up",
	"ip link set eth1 up",
	"ip addr add 192.0.2.2/24 dev eth0 label eth0:a",
	"ip addr add 192.0.2.3/24 dev eth0 valid_lft 5000 preferred_lft 4000",
	"ip addr add 203.0.113.1/30 dev eth1",
	"ip -6 addr add 2001:db8::2/64 dev eth0 nodad",
	"ip -6 addr add 2001:db8:1::2/64 dev eth0 valid_lft 5000 preferred_lft 4000",
	"ip -6 addr add 2001:db8:2::2/64 dev eth1 metric 77",
};

static const char *const routes[] = {
	"ip route add default via 192.0.2.1 metric 50",
	"ip route add default via 203.0.113.2 metric 60",
	"ip route add 198.51.100.0/24 via 192.0.2.1 src 192.0.2.3 mtu 1400",
	"ip route add 198.51.101.0/24 nexthop via 192.0.2.1 weight 2 nexthop via 203.0.113.2",
	"ip route add 198.51.102.0/24 dev eth0 scope link table 100",
	"ip route add blackhole 198.51.103.0/24",
	"ip -6 route add default via 2001:db8::1 metric 50",
	"ip -6 route add 2001:db8:9::/48 via fe80::1 dev eth1 src 2001:db8:2::2",
	"ip -6 route add 2001:db8:a::/48 via 2001:db8::1 expires 3000",
	"ip -6 route add 2001:db8:b::/48 nexthop via 2001:db8::1 nexthop via 2001:db8::9",
	"ip -6 route add 2001:db8:c::/48 dev eth0 table 100",
	"ip nexthop add id 7 via 192.0.2.1 dev eth0",
	"ip nexthop add id 8 via 203.0.113.2 dev eth1",
	"ip nexthop add id 9 via 2001:db8::1 dev eth0",
	"ip nexthop add id 10 blackhole",
	"ip nexthop add id 11 via 127.0.0.9 dev lo",
	/* Numbered before their members. */
	"ip nexthop add id 5 group 7,3/8",
	"ip nexthop add id 4 group 7/8 type resilient buckets 16 idle_timer 20 unbalanced_timer 60",
	/* Of which one member stays. */
	"ip nexthop add id 6 group 7/11",
	"ip route add 198.51.104.0/24 nhid 7",
	"ip route add 198.51.105.0/24 nhid 5 metric 33",
	"ip route add 198.51.106.0/24 nhid 10",
	"ip route add 198.51.107.0/24 nhid 4",
	"ip route add 198.51.108.0/24 nhid 6",
	"ip -6 route add 2001:db8:d::/48 nhid 9",
	"ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent",
	"ip -6 neigh add 2001:db8::1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent",
};

/* Not everybody may have one. */
static bool has_tools(void)
{
	return process_exists("ip") && unshare(CLONE_NEWNET) == 0;
}

/* Addresses are checked for duplicates: until then they are "tentative". */
static void settle(void)
{
	char text[TEXT_MAX] = "tentative";

	for (int i = 0; i < 50 && strstr(text, "tentative"); i++) {
		usleep(100000);
		say("ip -o addr", text);
	}
}

static void assert_same(const struct seen *before, const struct seen *after)
{
	for (size_t i = 0; i < VIEWS; i++)
		assert_string_equal(after->text[i], before->text[i]);
}

static void what_was_taken_down_is_up_again_as_it_was(void **state)
{
	struct seen before, down, after;
	struct network network;
	struct error err = { 0 };
	char up[TEXT_MAX];

	(void)state;
	if (!has_tools())
		skip();
	for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
		run(interfaces[i]);
	settle();
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
		run(routes[i]);
	look(&before);

	network_down(&network);
	assert_int_equal(network.errnum, 0);
	assert_int_equal(network.down, 4);
	say("ip -o link show up", up);
	assert_non_null(strstr(up, "LOOPBACK"));
	assert_null(strstr(up, "eth0"));
	look(&down);
	assert_null(strstr(down.text[2], "default"));
	assert_null(strstr(down.text[3], "default"));
	assert_null(strstr(down.text[1], "2001:db8::2"));

	assert_true(network_up(&network, &err));
	settle();
	look(&after);
	assert_same(&before, &after);
	network_forget(&network);
}

/* An interface that is pulled out meanwhile: the rest is back, and what is missing is told. */
static void what_does_not_come_back_is_told(void **state)
{
	struct network network;
	struct error err = { 0 };
	char table[TEXT_MAX];

	(void)state;
	if (!has_tools())
		skip();
	run("ip link add eth0 type veth peer name far0");
	run("ip link add eth1 type veth peer name far1");
	run("ip link set eth0 up");
	run("ip link set far0 up");
	run("ip link set eth1 up");
	run("ip addr add 192.0.2.2/24 dev eth0");
	run("ip route add default via 192.0.2.1");
	network_down(&network);
	assert_int_equal(network.down, 3);
	run("ip link del eth1");
	assert_false(network_up(&network, &err));
	assert_reason(err, "of ");
	assert_reason(err, "the interface with the number ");
	assert_reason(err, ": No such device");
	say("ip route", table);
	assert_non_null(strstr(table, "default via 192.0.2.1"));
	network_forget(&network);
}

static void without_interfaces_there_is_nothing_to_do(void **state)
{
	struct network network;
	struct error err = { 0 };

	(void)state;
	if (!has_tools())
		skip();
	network_down(&network);
	assert_int_equal(network.down, 0);
	assert_true(network_up(&network, &err));
	network_forget(&network);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_was_taken_down_is_up_again_as_it_was),
		CASE(what_does_not_come_back_is_told),
		CASE(without_interfaces_there_is_nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
