/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who could see to a machine: its network, and who is logged in. */
#include "test.h"

#include <utmpx.h>

#include "../machine/table-source.h"
#include "confirm/cards.h"
#include "confirm/persons.h"

#define NET                "sys/class/net/"
#define ARP_HEAD           "IP address       HW type     Flags       HW address            Mask     Device\n"
#define ARP(flags, device) ARP_HEAD "10.0.2.2 0x1 " flags " 52:55:0a:00:02:02 * " device "\n"

static const struct table_file cards[] = {
	{ NET "eth0/device/vendor", "0x1af4\n" },
	{ NET "wlan0/device/vendor", "0x8086\n" },
	{ NET "wlan0/phy80211/name", "phy0\n" },
	{ NET "br0/lower_eth0/carrier", "1\n" },
	{ NET "br0/lower_veth1/carrier", "1\n" },
	{ NET "br0.5/lower_br0/carrier", "1\n" },
	{ NET "docker0/lower_veth1/carrier", "1\n" },
	{ NET "veth1/carrier", "1\n" },
	{ NET "wg0/carrier", "1\n" },
	/* A ring, which no kernel makes. */
	{ NET "a/lower_b/carrier", "1\n" },
	{ NET "b/lower_a/carrier", "1\n" },
};

enum { CARDS = sizeof cards / sizeof *cards };

static struct table_source with(const struct table_file *files, size_t count)
{
	return (struct table_source){ { table_read, source_look_by_read, table_list }, files,
		count };
}

static void which_devices_have_a_cable(void **state)
{
	static const struct {
		const char *device;
		bool is_cabled;
	} cases[] = { { "eth0", true }, { "wlan0", false }, { "br0", true }, { "br0.5", true },
		{ "docker0", false }, { "veth1", false }, { "wg0", false }, { "none", false },
		{ "a", false } };
	const struct table_source source = with(cards, CARDS);
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(card_is_cabled(&source.source, cases[i].device, &arena),
			cases[i].is_cabled);
	arena_free(&arena);
}

static void which_neighbours_count(void **state)
{
	static const struct {
		const char *arp;
		bool has;
	} cases[] = {
		{ ARP("0x2", "eth0"), true },
		{ ARP("0x2", "br0.5"), true },
		{ ARP("0x2", "wlan0"), true },
		/* Not answered, or never asked. */
		{ ARP("0x0", "eth0"), false },
		{ ARP("0x6", "eth0"), false },
		/* Containers. */
		{ ARP("0x2", "docker0"), false },
		{ ARP("x", "eth0"), false },
		{ ARP_HEAD "10.0.2.2 0x1 0x2\n", false },
		{ ARP_HEAD, false },
		{ "", false },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table_file files[CARDS + 1] = { { "proc/net/arp", cases[i].arp } };
		struct table_source source = with(files, CARDS + 1);

		memcpy(files + 1, cards, sizeof cards);
		assert_int_equal(cards_have_neighbour(&source.source, &arena), cases[i].has);
	}
	arena_free(&arena);
}

static void who_is_logged_in(void **state)
{
	static const struct {
		const char *session;
		bool is;
	} cases[] = { { "UID=0\nSTATE=active\nCLASS=user\n", true },
		{ "STATE=online\nCLASS=user\n", true }, { "STATE=closing\nCLASS=user\n", false },
		{ "STATE=active\nCLASS=greeter\n", false },
		{ "STATE=active\nCLASS=manager\n", false }, { "", false } };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source source =
			TABLE_SOURCE({ "run/systemd/sessions/1", cases[i].session },
				{ "run/systemd/sessions/1.ref", "CLASS=user\n" });

		assert_int_equal(is_somebody_logged_in(&source.source, &arena), cases[i].is);
	}
	arena_free(&arena);
}

static void who_is_in_utmp(void **state)
{
	struct utmpx records[2] = { { .ut_type = BOOT_TIME }, { .ut_type = USER_PROCESS } };
	struct arena arena = { 0 };

	(void)state;
	/* A record that is cut is none. */
	for (size_t size = 1; size <= sizeof records; size++) {
		const struct table_source source =
			TABLE_SOURCE({ "run/utmp", (const char *)records, .size = size });

		assert_int_equal(
			is_somebody_logged_in(&source.source, &arena), size == sizeof records);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(which_devices_have_a_cable),
		CASE(which_neighbours_count),
		CASE(who_is_logged_in),
		CASE(who_is_in_utmp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
