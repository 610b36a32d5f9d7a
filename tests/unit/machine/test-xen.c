/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which domain of Xen this is, on machines as each kind of kernel shows them. */
#include "test.h"

#include "machine/facts.h"
#include "table-source.h"

#define TYPE         "sys/hypervisor/type"
#define GUEST_TYPE   "sys/hypervisor/guest_type"
#define FEATURES     "sys/hypervisor/properties/features"
#define CAPABILITIES "proc/xen/capabilities"

/* Their files, up to the first without a path. Features as Xen 4.17 and older ones tell them. */
static const struct {
	const char *what;
	struct table_file files[4];
	enum xen_pv_kind kind;
	const char *unknown;
} machines[] = {
	{ "bare", { { "proc/iomem", "" } }, XEN_PV_NONE, NULL },
	{ "bare, and built for Xen too", { { "sys/hypervisor/.", "" } }, XEN_PV_NONE, NULL },
	{ "another hypervisor", { { TYPE, "kvm\n" } }, XEN_PV_NONE, NULL },
	{ "PV dom0",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { FEATURES, "00002fe5\n" },
			{ CAPABILITIES, "control_d\n" } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 without xenfs",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { FEATURES, "00000801\n" } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 without features",
		{ { TYPE, "xen\n" }, { GUEST_TYPE, "PV\n" }, { CAPABILITIES, "control_d\n" } },
		XEN_PV_DOM0, NULL },
	{ "PV dom0 before Linux 4.13", { { TYPE, "xen\n" }, { FEATURES, "00000801\n" } },
		XEN_PV_DOM0, NULL },
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
		while (t.count < 4 && machines[i].files[t.count].path)
			t.count++;
		xen = machine_kexec_ability(&t.source, &a).xen;
		if (xen.kind != machines[i].kind)
			fail_msg("%s: %d", machines[i].what, (int)xen.kind);
		if (!xen.unknown != !machines[i].unknown)
			fail_msg("%s: %s", machines[i].what, xen.unknown ? xen.unknown : "known");
		if (xen.unknown && !strstr(xen.unknown, machines[i].unknown))
			fail_msg("%s: %s", machines[i].what, xen.unknown);
		arena_free(&a);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_kind_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
