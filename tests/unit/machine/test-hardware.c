/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table-source.h"
#include "test.h"

#include "machine/hardware.h"

#define V(s) view_of_string(s)

static const struct table_source server = TABLE_SOURCE(
	{ "proc/cpuinfo",
		"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 156\n"
		"flags\t\t: lm sse2\n\nprocessor\t: 1\nmodel\t\t: 1\n",
		0, false },
	{ "proc/modules", "nvidia 56717312 1 nvidia_modeset, Live\next4 1 2 - Live\n", 0, false },
	{ "sys/bus/pci/devices/0000:00:1f.0/uevent", "PCI_CLASS=60100\n", 0, false },
	{ "sys/bus/pci/devices/0000:01:00.0/uevent", "DRIVER=mlx5_core\nPCI_CLASS=20000\n", 0,
		false },
	{ "sys/bus/vmbus/devices/5620e0c7/uevent", "DRIVER=hyperv_drm\n", 0, false },
	{ "sys/class/dmi/id/sys_vendor", "Amazon EC2\n", 0, false });

static void answers_by_names(void **state)
{
	struct arena arena = { 0 };
	struct hardware h = hardware_read(&server.source, &arena);

	(void)state;
	assert_int_equal(hardware_has_driver(&h, V("mlx5_core")), ANSWER_YES);
	assert_int_equal(hardware_has_driver(&h, V("hyperv_drm")), ANSWER_YES);
	assert_int_equal(hardware_has_driver(&h, V("mlx5")), ANSWER_NO);
	assert_int_equal(hardware_has_module(&h, V("nvidia")), ANSWER_YES);
	assert_int_equal(hardware_has_module(&h, V("nvidia_modeset,")), ANSWER_NO);
	assert_int_equal(hardware_dmi_is(&h, V("sys_vendor"), V("Amazon EC2")), ANSWER_YES);
	assert_int_equal(hardware_dmi_is(&h, V("sys_vendor"), V("Amazon")), ANSWER_NO);
	assert_int_equal(hardware_dmi_is(&h, V("board_name"), V("Amazon EC2")), ANSWER_NO);
	assert_int_equal(hardware_cpu_is(&h, "model", V("156")), ANSWER_YES);
	assert_int_equal(hardware_cpu_is(&h, "model", V("1")), ANSWER_NO);
	assert_int_equal(hardware_cpu_has(&h, V("sse2")), ANSWER_YES);
	assert_int_equal(hardware_cpu_has(&h, V("sse")), ANSWER_NO);
	assert_int_equal(hardware_tree_has(&h, V("raspberrypi,400")), ANSWER_NO);
	arena_free(&arena);
}

static void does_not_know_what_is_unreadable(void **state)
{
	const struct table_source broken = TABLE_SOURCE({ "proc/modules", .is_unreadable = true },
		{ "sys/firmware/fdt", .is_unreadable = true },
		{ "sys/bus/pci/devices", .is_unreadable = true },
		{ "sys/class/dmi/id/sys_vendor", .is_unreadable = true });
	struct arena arena = { 0 };
	struct hardware h = hardware_read(&broken.source, &arena);

	(void)state;
	assert_false(h.is_hidden);
	assert_int_equal(hardware_has_driver(&h, V("i915")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_has_module(&h, V("nvidia")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_dmi_is(&h, V("sys_vendor"), V("QEMU")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_cpu_has(&h, V("sse2")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_cpu_is(&h, "model", V("1")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_tree_has(&h, V("raspberrypi,400")), ANSWER_UNKNOWN);
	arena_free(&arena);
}

static void does_not_know_one_device_that_is_unreadable(void **state)
{
	const struct table_source one = TABLE_SOURCE(
		{ "sys/bus/pci/devices/0000:00:02.0/uevent", "DRIVER=i915\n", 0, false },
		{ "sys/bus/pci/devices/0000:01:00.0/uevent", .is_unreadable = true });
	struct arena arena = { 0 };
	struct hardware h = hardware_read(&one.source, &arena);

	(void)state;
	assert_int_equal(hardware_has_driver(&h, V("i915")), ANSWER_UNKNOWN);
	arena_free(&arena);
}

static void does_not_take_hidden_for_absent(void **state)
{
	const struct table_source masked =
		TABLE_SOURCE({ "proc/cpuinfo", "flags\t: lm\n", 0, false });
	struct arena arena = { 0 };
	struct hardware h = hardware_read(&masked.source, &arena);

	(void)state;
	assert_int_equal(hardware_has_driver(&h, V("i915")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_has_module(&h, V("nvidia")), ANSWER_UNKNOWN);
	assert_int_equal(hardware_dmi_is(&h, V("sys_vendor"), V("QEMU")), ANSWER_UNKNOWN);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(answers_by_names),
		CASE(does_not_know_what_is_unreadable),
		CASE(does_not_know_one_device_that_is_unreadable),
		CASE(does_not_take_hidden_for_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
