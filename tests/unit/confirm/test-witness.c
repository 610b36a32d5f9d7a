/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "confirm/compare.h"
#include "confirm/gateway.h"

#define ROUTES                                                                                  \
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" \
	"eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"                          \
	"eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
#define ZEROS "00000000000000000000000000000000"
#define ROUTES6                                                                         \
	ZEROS " 00 " ZEROS                                                              \
	      " 00 fe800000000000000000000000000002 00000400 1 0 00000003 eth0\n" ZEROS \
	      " 00 " ZEROS " 00 " ZEROS " ffffffff 1 0 00200200 lo\n"

#define CARD(name, address, carrier)                                \
	{ "sys/class/net/" name "/addr_assign_type", "0\n" },       \
		{ "sys/class/net/" name "/address", address "\n" }, \
		{ "sys/class/net/" name "/carrier", carrier "\n" }, \
		{ "sys/class/net/" name "/device/vendor", "0x1af4\n" }

static const struct table_source system_now = TABLE_SOURCE(
	{ "etc/fstab",
		"# a comment\nUUID=1 / ext4 defaults 0 1\nUUID=2 /home ext4 nofail 0 2\n"
		"UUID=3 /mnt ext4 noauto 0 0\nUUID=4 none swap sw 0 0\n"
		"nas:/x /net nfs x-systemd.automount 0 0\nUUID=5 /gone ext4 nofail 0 0\n" },
	{ "proc/mounts",
		"/dev/sda1 / ext4 rw 0 0\n/dev/sda2 /home ext4 rw 0 0\n"
		"/dev/sda3 /mnt ext4 rw 0 0\nnas:/x /net nfs rw 0 0\n" },
	{ "proc/net/route", ROUTES }, { "proc/net/ipv6_route", ROUTES6 },
	CARD("eth0", "52:54:00:00:00:01", "1"), CARD("eth1", "52:54:00:00:00:02", "0"),
	{ "sys/class/net/lo/carrier", "1\n" }, { "sys/class/net/veth0/addr_assign_type", "3\n" },
	{ "sys/class/net/veth0/address", "02:00:00:00:00:03\n" },
	{ "sys/class/net/veth0/carrier", "1\n" },
	{ "etc/systemd/system/multi-user.target.wants/cron.service", "x" },
	{ "etc/systemd/system/multi-user.target.wants/done.service", "x" },
	{ "etc/systemd/system/multi-user.target.wants/kexec-load.service", "x" },
	{ "sys/fs/cgroup/system.slice/cron.service/cgroup.events", "populated 1\nfrozen 0\n" },
	{ "sys/fs/cgroup/system.slice/done.service/cgroup.events", "populated 0\nfrozen 0\n" },
	{ "sys/fs/cgroup/system.slice/kexec-load.service/cgroup.events", "populated 1\n" },
	{ "sys/fs/cgroup/system.slice/by-hand.service/cgroup.events", "populated 1\n" });

static const char expected[] = "mount /\nextra /home\nlink 52:54:00:00:00:01 eth0\n"
			       "route4 10.0.2.2 eth0\nroute6 fe80:0:0:0:0:0:0:2 eth0\n"
			       "service cron.service\n";

static void what_is_true_of_a_system(void **state)
{
	struct arena arena = { 0 };
	struct witness w;

	(void)state;
	assert_true(witness_take(&system_now.source, INIT_SYSTEMD, &arena, &w));
	assert_string_equal(witness_text(&w, &arena), expected);
	arena_free(&arena);
}

static void of_other_inits(void **state)
{
	const struct table_source openrc = TABLE_SOURCE({ "etc/runlevels/default/sshd", "x" },
		{ "etc/runlevels/default/stopped", "x" }, { "run/openrc/started/sshd", "x" });
	const struct table_source runit =
		TABLE_SOURCE({ "var/service/sshd/supervise/stat", "run\n" },
			{ "var/service/x/supervise/stat", "down\n" });
	struct arena arena = { 0 };
	struct witness w;

	(void)state;
	assert_true(witness_take(&openrc.source, INIT_OPENRC, &arena, &w));
	assert_string_equal(witness_text(&w, &arena), "service sshd\n");
	assert_true(witness_take(&runit.source, INIT_RUNIT, &arena, &w));
	assert_string_equal(witness_text(&w, &arena), "service sshd\n");
	assert_true(witness_take(&system_now.source, INIT_SYSVINIT, &arena, &w));
	assert_null(strstr(witness_text(&w, &arena), "service"));
	arena_free(&arena);
}

/* Neither fstab nor anything else: nothing is held against the next boot. */
static void nothing_is_known_of_nothing(void **state)
{
	const struct table_source none =
		TABLE_SOURCE({ .path = "etc/fstab", .is_unreadable = true });
	struct arena arena = { 0 };
	struct witness w;

	(void)state;
	assert_true(witness_take(&none.source, INIT_SYSTEMD, &arena, &w));
	assert_int_equal(w.count, 0);
	arena_free(&arena);
}

static const struct missing *missing_of(
	const char *before, const struct witness *facts, const char *now, struct arena *arena)
{
	struct witness b, n;
	const struct missing *missing;

	assert_true(witness_parse(view_of_string(before), arena, &b));
	assert_true(witness_parse(view_of_string(now), arena, &n));
	n.is_reached = facts && facts->is_reached;
	n.has_person = facts && facts->has_person;
	missing = compare_witnesses(&b, &n, arena);
	assert_non_null(missing);
	return missing;
}

static const char *first_missing(const char *before, const char *now, struct arena *arena)
{
	return missing_of(before, NULL, now, arena)->what;
}

static void what_is_missing(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_null(first_missing(expected, expected, &arena));
	assert_null(first_missing("", expected, &arena));
	/* A card is known by its address, whatever it is called now. */
	assert_null(first_missing(
		"link 52:54:00:00:00:01 eth0", "link 52:54:00:00:00:01 enp1s0", &arena));
	assert_string_equal(first_missing("mount /\nmount /home\n", "mount /\n", &arena),
		"the file system /home is not mounted");
	assert_string_equal(first_missing("extra /net\n", "mount /\n", &arena),
		"the file system /net is not mounted");
	assert_string_equal(first_missing("link 52:54:00:00:00:01 eth0", "", &arena),
		"the network card 52:54:00:00:00:01 (eth0) has no carrier");
	assert_string_equal(first_missing("answers4 10.0.2.2 eth0", "route4 10.0.2.2 eth0", &arena),
		"the gateway 10.0.2.2 (eth0) does not answer");
	assert_string_equal(first_missing("service ssh.service", "", &arena),
		"the service ssh.service does not run");
	assert_string_equal(first_missing("target boot-complete.target", "", &arena),
		"the target boot-complete.target is not reached");
	/* What a later Saut may write is not held against anything. */
	assert_null(first_missing("moon full\nnonsense\n\ncabled\n", "", &arena));
	arena_free(&arena);
}

/* What may be somebody else's fault, or be seen to by somebody, resets no machine. */
static void what_is_certain(void **state)
{
	static const struct {
		const char *before;
		struct witness now;
		bool is_grave;
	} cases[] = {
		{ "mount /home", { 0 }, true },
		{ "mount /home", { .has_person = true }, false },
		{ "extra /home", { 0 }, false },
		{ "service ssh.service", { 0 }, false },
		/* Nothing has answered before, or only by radio. */
		{ "link 52:54:00:00:00:01 eth0", { 0 }, false },
		{ "answers4 10.0.2.2 wlan0", { 0 }, false },
		/* It was reached by cable, and now by nothing; or by something else. */
		{ "link 52:54:00:00:00:01 eth0\ncabled", { 0 }, true },
		{ "route4 10.0.2.2 eth0\ncabled", { 0 }, true },
		{ "answers4 10.0.2.2 eth0\ncabled\n", { 0 }, true },
		{ "answers6 fe80:0:0:0:0:0:0:2 eth0\ncabled\n", { 0 }, true },
		{ "answers4 10.0.2.2 eth0\ncabled", { .is_reached = true }, false },
		{ "link 52:54:00:00:00:01 eth0\ncabled", { .has_person = true }, false },
		{ "service ssh.service\ncabled", { 0 }, false },
		/* Others' checks, which it has passed before. */
		{ "target boot-complete.target", { 0 }, true },
		{ "target boot-complete.target", { .has_person = true }, true },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct missing *m = missing_of(cases[i].before, &cases[i].now, "", &arena);

		assert_non_null(m->what);
		assert_int_equal(m->is_grave, cases[i].is_grave);
	}
	arena_free(&arena);
}

static void that_it_was_cabled_is_written_down(void **state)
{
	struct arena arena = { 0 };
	struct witness w = { .is_cabled = true }, again;

	(void)state;
	assert_true(witness_add(&w, "mount /", &arena));
	assert_string_equal(witness_text(&w, &arena), "mount /\ncabled\n");
	assert_true(witness_parse(view_of_string("mount /\ncabled\n"), &arena, &again));
	assert_true(again.is_cabled);
	assert_int_equal(again.count, 1);
	arena_free(&arena);
}

static void what_a_boot_does_without(void **state)
{
	static const char *const lines[] = { "nas:/x /x nfs defaults 0 0", "//nas/x /x cifs rw 0 0",
		"UUID=1 /x ext4 rw,nofail 0 2", "UUID=1 /x ext4 _netdev 0 2",
		"a@b: /x fuse.sshfs rw 0 0" };
	struct arena arena = { 0 };
	struct witness w;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct table_source source = TABLE_SOURCE(
			{ "etc/fstab", lines[i] }, { "proc/mounts", "what /x type rw 0 0\n" });

		assert_true(witness_take(&source.source, INIT_SYSTEMD, &arena, &w));
		assert_string_equal(witness_text(&w, &arena), "extra /x\n");
	}
	arena_free(&arena);
}

static void damaged_routes_are_left_out(void **state)
{
	static const char *const tables[] = { "", "eth0", "eth0\t0\t0202000A\t0003\t0\t0\t0",
		"eth0\t00000000\tXYZ\t0003\t0\t0\t0\t00000000\t0\t0\t0",
		"eth0\t00000000\t1FFFFFFFF\t0003\t0\t0\t0\t00000000\t0\t0\t0",
		"eth0\t00000000\t0202000A\t0200\t0\t0\t0\t00000000\t0\t0\t0", "\377\376\t\t\t" };
	struct arena arena = { 0 };
	struct gateway g[GATEWAYS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct table_source source = TABLE_SOURCE(
			{ "proc/net/route", tables[i] }, { "proc/net/ipv6_route", tables[i] });

		assert_int_equal(gateways_find(&source.source, &arena, g), 0);
	}
	arena_free(&arena);
}

static void routes_cut_anywhere(void **state)
{
	struct arena arena = { 0 };
	struct gateway g[GATEWAYS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof ROUTES6; i++) {
		const char *cut =
			arena_string(&arena, (struct view){ (const uint8_t *)ROUTES6, i });
		struct table_source source = TABLE_SOURCE({ "proc/net/ipv6_route", cut });

		assert_true(gateways_find(&source.source, &arena, g) <= 1);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_true_of_a_system),
		CASE(of_other_inits),
		CASE(nothing_is_known_of_nothing),
		CASE(what_is_missing),
		CASE(what_is_certain),
		CASE(that_it_was_cabled_is_written_down),
		CASE(what_a_boot_does_without),
		CASE(damaged_routes_are_left_out),
		CASE(routes_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
