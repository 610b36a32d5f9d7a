/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which domain of Xen this is, on machines as each kind of kernel shows them. */
#include "test.h"

#include "machine/facts.h"
#include "table-source.h"

#define TYPE         "sys/hypervisor/type"
#define GUEST_TYPE   "sys/hypervisor/guest_type"
#define FEATURES     "sys/hypervisor/properties/features"
#define CAPABILITIES "proc/xen/capabilities"
#define TOLD         "saut/xen", "loaded yes\ncrash_loaded no\n"

/* Their files, up to the first without a path. Features as Xen 4.17 and older ones tell them. */
static const struct {
	const char *what;
	struct table_file files[5];
	enum xen_pv_kind kind;
	const char *why;
} machines[] = {
	{ "bare", { { "proc/iomem", "" } }, XEN_PV_NONE, NULL },
	{ "bare, and built for Xen too", { { "sys/hypervisor/.", "" } }, XEN_PV_NONE, NULL },
	{ "another hypervisor", { { TYPE, "kvm\n" } }, XEN_PV_NONE, NULL },
	{ "PV dom0",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { FEATURES, "00002fe5\n" },
			{ CAPABILITIES, "control_d\n" }, { TOLD } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 without xenfs",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { FEATURES, "00000801\n" }, { TOLD } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 without features",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { CAPABILITIES, "control_d\n" },
			{ TOLD } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 before Linux 4.13", { { TYPE, "xen\n" }, { FEATURES, "00000801\n" }, { TOLD } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 that cannot ask",
		{ { FEATURES, "00000801\n" }, { "saut/xen", "error /dev/xen/privcmd: none\n" } },
		XEN_PV_DOM0, "/dev/xen/privcmd: none" },
	{ "PV dom0, captured by halves", { { FEATURES, "00000801\n" } }, XEN_PV_DOM0, "saut/xen" },
	{ "PV guest", { { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { FEATURES, "00000001\n" } },
		XEN_PV_GUEST, NULL },
	{ "PV guest before Linux 4.13", { { TYPE, "xen\n" }, { FEATURES, "00000001\n" } },
		XEN_PV_GUEST, NULL },
	{ "PV of nobody knows which", { { GUEST_TYPE, "PV\n" } }, XEN_PV_GUEST, NULL },
	{ "PV, and its features are hidden",
		{ { GUEST_TYPE, "PV\n" }, { FEATURES, .is_unreadable = true } }, XEN_PV_GUEST,
		NULL },
	{ "PVH dom0",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PVH\n" }, { FEATURES, "00000d05\n" },
			{ CAPABILITIES, "control_d\n" } },
		XEN_PV_NONE, NULL },
	{ "HVM guest", { { TYPE, "xen\n" }, { GUEST_TYPE, "HVM\n" }, { CAPABILITIES, "" } },
		XEN_PV_NONE, NULL },
	{ "HVM guest before Linux 4.13", { { TYPE, "xen\n" }, { FEATURES, "00000705\n" } },
		XEN_PV_NONE, NULL },
	{ "features of more than one word", { { FEATURES, "0000000000000705\n" } }, XEN_PV_NONE,
		NULL },
	{ "guest of arm64", { { TYPE, "xen\n" }, { GUEST_TYPE, "Xen\n" } }, XEN_PV_NONE, NULL },
	{ "a kind to come", { { TYPE, "xen\n" }, { GUEST_TYPE, "PVX\n" } }, XEN_PV_UNKNOWN,
		GUEST_TYPE },
	{ "nonsense of features", { { TYPE, "xen\n" }, { FEATURES, "none\n" } }, XEN_PV_UNKNOWN,
		FEATURES },
	{ "Xen without more", { { TYPE, "xen\n" } }, XEN_PV_UNKNOWN, "neither guest_type" },
	{ "xenfs without /sys", { { CAPABILITIES, "control_d\n" } }, XEN_PV_UNKNOWN,
		"neither guest_type" },
	{ "guest_type is hidden", { { GUEST_TYPE, .is_unreadable = true } }, XEN_PV_UNKNOWN,
		GUEST_TYPE },
	{ "features are hidden", { { FEATURES, .is_unreadable = true } }, XEN_PV_UNKNOWN,
		FEATURES },
	{ "type is hidden", { { TYPE, .is_unreadable = true } }, XEN_PV_UNKNOWN, TYPE },
	{ "/proc/xen is hidden", { { "proc/xen", .is_unreadable = true } }, XEN_PV_UNKNOWN,
		"proc/xen" },
};

static void each_kind_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		struct arena a = { 0 };
		struct table_source t = TABLE_SOURCE({ "", NULL });
		struct xen_pv xen;

		t.files = machines[i].files;
		t.count = 0;
		while (t.count < 5 && machines[i].files[t.count].path)
			t.count++;
		xen = machine_kexec_ability(&t.source, &a).xen;
		if (xen.kind != machines[i].kind)
			fail_msg("%s: %d", machines[i].what, (int)xen.kind);
		if (!xen.why != !machines[i].why)
			fail_msg("%s: %s", machines[i].what, xen.why ? xen.why : "known");
		if (xen.why && !strstr(xen.why, machines[i].why))
			fail_msg("%s: %s", machines[i].what, xen.why);
		arena_free(&a);
	}
}

#define DOM0 { FEATURES, "00000801\n" }, { "proc/iomem", "0-fffff : System RAM\n" }

/* The running kernel sees one domain's memory, and has nothing loaded; Xen knows better. */
static void a_dom0_knows_what_xen_tells(void **state)
{
	static const char told[] = "loaded yes\ncrash_loaded no\n"
				   "memory 0x100000 0x3ff00000 1\nmemory 0x0 0x9fc00 1\n"
				   "memory 0x9fc00 0x400 2\nmemory 0xfee00000 0x100000 99\n"
				   "memory 0x50000000 0x0 1\n";
	const struct table_source t = TABLE_SOURCE(DOM0, { "saut/xen", told },
		{ "sys/kernel/kexec_loaded", "0\n" }, { "sys/firmware/memmap/0/start", "0x0" });
	struct arena a = { 0 };
	struct error err = { 0 };
	struct machine m;

	(void)state;
	if (!machine_capture(&t.source, &a, &m, &err))
		fail_msg("%s", err.reason);
	assert_int_equal(m.kexec.loaded, ANSWER_YES);
	assert_int_equal(m.kexec.crash_loaded, ANSWER_NO);
	assert_null(m.no_memory);
	assert_int_equal(m.memory.count, 4);
	assert_int_equal(m.memory.items[0].range.start, 0);
	assert_int_equal(m.memory.items[2].range.size, 0x3ff00000);
	assert_int_equal(m.memory.items[3].type, MEMORY_RESERVED);
	assert_int_equal(m.ram.count, 2);
	assert_int_equal(range_end(m.ram.items[1]), 0x40000000);
	assert_int_equal(m.reserved.count, 0);
	arena_free(&a);
}

static void a_dom0_that_cannot_ask_knows_no_memory(void **state)
{
	const struct table_source t =
		TABLE_SOURCE(DOM0, { "saut/xen", "error /dev/xen/privcmd: none\n" });
	struct arena a = { 0 };
	struct error err = { 0 };
	struct machine m;

	(void)state;
	assert_true(machine_capture(&t.source, &a, &m, &err));
	assert_string_equal(m.no_memory, "/dev/xen/privcmd: none");
	assert_int_equal(m.kexec.loaded, ANSWER_UNKNOWN);
	arena_free(&a);
}

static void a_damaged_map_is_refused(void **state)
{
	static const char *const maps[][2] = {
		{ "memory\n", "entry 0" },
		{ "memory 0x0\n", "entry 0" },
		{ "memory 0x0 0x1000\n", "entry 0" },
		{ "memory 0x0 0x1000 1\nmemory 0x1000 one 1\n", "entry 1" },
		{ "memory 0xfffffffffffff000 0x2000 1\n", "has no end" },
		{ "loaded no\n", "none of the 0 entries" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
		const struct table_source t = TABLE_SOURCE(DOM0, { "saut/xen", maps[i][0] });
		struct arena a = { 0 };
		struct error err = { 0 };
		struct machine m;

		assert_false(machine_capture(&t.source, &a, &m, &err));
		assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
		if (!strstr(err.reason, maps[i][1]))
			fail_msg("%s", err.reason);
		arena_free(&a);
	}
}

/* Cut at every byte: an answer, or an error, and nothing read past the end. */
static void a_map_that_is_cut_is_survived(void **state)
{
	static const char told[] = "loaded yes\ncrash_loaded no\nmemory 0x0 0x9fc00 1\n"
				   "memory 0x100000 0x3ff00000 1\n";

	(void)state;
	for (size_t n = 1; n < sizeof told; n++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct memory_map map;
		uint8_t *bytes = arena_alloc(&a, n);

		memcpy(bytes, told, n);
		(void)!memory_map_by_xen((struct view){ bytes, n }, &a, &map, &err);
		arena_free(&a);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_kind_is_known),
		CASE(a_dom0_knows_what_xen_tells),
		CASE(a_dom0_that_cannot_ask_knows_no_memory),
		CASE(a_damaged_map_is_refused),
		CASE(a_map_that_is_cut_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
