/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made machines for the checks by known.txt: one of which nothing is known, and some of which much is. */
#pragma once

#include "checked.h"

#define KNOWN_CPU(model, flags)                                                         \
	"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: " model \
	"\nflags\t\t: " flags "\n"

static const struct table_source plain_machine =
	TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false },
		{ "proc/cpuinfo", KNOWN_CPU("85", "lm hypervisor"), 0, false },
		{ "proc/modules", "ext4 1048576 1 - Live\n", 0, false },
		{ "sys/bus/pci/devices/0000:00:03.0/uevent", "DRIVER=virtio-pci\n", 0, false },
		{ "sys/class/dmi/id/sys_vendor", "QEMU\n", 0, false });

static const struct table_source bad_machine = TABLE_SOURCE(
	{ "saut/uname", "6.12.1 x86_64\n", 0, false },
	{ "proc/cpuinfo", KNOWN_CPU("156", "lm hypervisor tdx_guest"), 0, false },
	{ "proc/modules", "nvidia_drm 1 1 - Live\nnvidia 1 1 nvidia_drm, Live\n", 0, false },
	{ "sys/bus/pci/devices/0000:00:02.0/uevent", "DRIVER=i915\n", 0, false },
	{ "sys/bus/pci/devices/0000:03:00.0/uevent", "DRIVER=mlx5_core\n", 0, false },
	{ "sys/bus/vmbus/devices/5620e0c7/uevent", "DRIVER=hyperv_drm\n", 0, false },
	{ "sys/class/dmi/id/sys_vendor", "Amazon EC2\n", 0, false });

static const struct table_source hidden_machine =
	TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false });

enum { KNOWN_TEXTS = 4 };

/* What a check by known.txt says of these machines. */
struct known_said {
	const char *warned[KNOWN_TEXTS]; /* of bad_machine, all in one reason */
	const char *unknown;             /* of hidden_machine */
};

static inline void assert_known(check_function *check, struct known_said said)
{
	struct check_finding finding;
	struct checked c;

	checked_made(&c, &plain_machine);
	c.plan.call = CALL_LOAD;
	c.subject.plan = &c.plan;
	assert_finding(check(&c.subject), CHECK_PASS, "known to be bad is here");
	checked_free(&c);
	checked_made(&c, &bad_machine);
	finding = check(&c.subject);
	for (size_t i = 0; i < KNOWN_TEXTS && said.warned[i]; i++)
		assert_finding(finding, CHECK_WARN, said.warned[i]);
	assert_non_null(finding.advice);
	assert_non_null(strstr(finding.source, "https://"));
	checked_free(&c);
	assert_made(check, &hidden_machine, CHECK_UNKNOWN, said.unknown);
}
