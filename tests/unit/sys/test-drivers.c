/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drivers and their devices in a folder that looks like sysfs; modules are a fake's. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/drivers.h"
#include "sys/file.h"
#include "sys/store.h"

static char root[] = "/tmp/saut-test-drivers-XXXXXX";

/* What the fake was asked, in order; what it refuses. */
static char asked[256];
static const char *refused;

static bool ask(const char *verb, const char *module, struct error *err)
{
	size_t n = strlen(asked);

	snprintf(asked + n, sizeof asked - n, "%s %s;", verb, module);
	return !refused || strcmp(refused, module) != 0 ||
		fail(err, FAULT_DRIVER, "%s is in use", module);
}

static bool fake_unload(const char *module, struct error *err)
{
	return ask("unload", module, err);
}

static bool fake_load(const char *module, struct error *err)
{
	return ask("load", module, err);
}

static const struct driver_calls calls = { root, fake_unload, fake_load };

static const char *in_root(const char *path)
{
	static char absolute[512];

	snprintf(absolute, sizeof absolute, "%s/%s", root, path);
	return absolute;
}

static void put(const char *path)
{
	struct error err;

	assert_true(store_file(in_root(path), "", &err));
}

static void link_to(const char *target, const char *path)
{
	assert_int_equal(symlink(target, in_root(path)), 0);
}

static void set_up(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s/*", root);
	assert_int_equal(system(command), 0);
	put("bus/pci/drivers/e1000e/bind");
	put("bus/pci/drivers/e1000e/unbind");
	link_to("../../../../devices/pci0000:00/0000:00:03.0",
		"bus/pci/drivers/e1000e/0000:00:03.0");
	link_to("../../../../module/e1000e", "bus/pci/drivers/e1000e/module");
	put("bus/usb/devices/x");
	put("bus/virtio/drivers/virtio_rng/bind");
	put("bus/virtio/drivers/virtio_rng/unbind");
	link_to("../../../../devices/virtio0", "bus/virtio/drivers/virtio_rng/virtio0");
	put("module/bochs/drivers/x");
	assert_int_equal(unlink(in_root("module/bochs/drivers/x")), 0);
	put("bus/pci/drivers/bochs-drm/bind");
	put("bus/pci/drivers/bochs-drm/unbind");
	link_to("../../../../devices/pci0000:00/0000:00:01.0",
		"bus/pci/drivers/bochs-drm/0000:00:01.0");
	link_to("../../../bus/pci/drivers/bochs-drm", "module/bochs/drivers/pci:bochs-drm");
	put("module/nvidia_uvm/refcnt");
	asked[0] = '\0';
	refused = NULL;
}

/* What was written to an attribute. */
static void assert_written(const char *path, const char *text)
{
	char found[64] = "";
	FILE *file = fopen(in_root(path), "r");

	assert_non_null(file);
	(void)!fgets(found, sizeof found, file);
	fclose(file);
	assert_string_equal(found, text);
}

static void devices_are_unbound_and_bound(void **state)
{
	struct drivers d;
	struct error err;

	(void)state;
	set_up();
	assert_true(drivers_unbind(&calls, "e1000e  virtio_rng", &d, &err));
	assert_written("bus/pci/drivers/e1000e/unbind", "0000:00:03.0");
	assert_written("bus/pci/drivers/e1000e/bind", "");
	assert_written("bus/virtio/drivers/virtio_rng/unbind", "virtio0");
	assert_int_equal(d.count, 2);
	assert_string_equal(d.notes.items[0], "0000:00:03.0 is unbound from e1000e");
	assert_true(drivers_bind(&calls, &d, &err));
	assert_written("bus/pci/drivers/e1000e/bind", "0000:00:03.0");
	assert_written("bus/virtio/drivers/virtio_rng/bind", "virtio0");
	drivers_forget(&d);
}

/* By the module's name, which need not be its driver's; and a module that drives nothing itself. */
static void modules_are_known_by_their_names(void **state)
{
	struct drivers d;
	struct error err;

	(void)state;
	set_up();
	assert_true(drivers_unbind(&calls, "nvidia-uvm bochs", &d, &err));
	assert_string_equal(asked, "unload nvidia_uvm;");
	assert_written("bus/pci/drivers/bochs-drm/unbind", "0000:00:01.0");
	assert_true(drivers_bind(&calls, &d, &err));
	assert_string_equal(asked, "unload nvidia_uvm;load nvidia_uvm;");
	assert_written("bus/pci/drivers/bochs-drm/bind", "0000:00:01.0");
	drivers_forget(&d);
}

static void what_is_not_there_is_passed_over(void **state)
{
	struct drivers d;
	struct error err;

	(void)state;
	set_up();
	assert_true(drivers_unbind(&calls, "amdgpu nouveau", &d, &err));
	assert_int_equal(d.count, 0);
	assert_true(drivers_bind(&calls, &d, &err));
	drivers_forget(&d);
	assert_true(drivers_unbind(&calls, "", &d, &err));
	assert_int_equal(d.count, 0);
	drivers_forget(&d);
}

static void after_a_failure_all_is_as_it_was(void **state)
{
	struct drivers d;
	struct error err;

	(void)state;
	set_up();
	refused = "nvidia_uvm";
	assert_false(drivers_unbind(&calls, "e1000e nvidia_uvm virtio_rng", &d, &err));
	assert_int_equal(err.fault, FAULT_DRIVER);
	assert_string_equal(err.reason, "nvidia_uvm is in use");
	assert_written("bus/pci/drivers/e1000e/bind", "0000:00:03.0");
	assert_written("bus/virtio/drivers/virtio_rng/unbind", "");
	assert_int_equal(d.count, 0);
	drivers_forget(&d);
	/* The attribute that refuses is named. */
	set_up();
	assert_int_equal(unlink(in_root("bus/pci/drivers/e1000e/unbind")), 0);
	assert_false(drivers_unbind(&calls, "e1000e", &d, &err));
	assert_reason(err, "/e1000e/unbind: 0000:00:03.0: No such file");
	drivers_forget(&d);
}

static void names_are_no_paths(void **state)
{
	static const char *const names[] = { "../../x", ".", "a/b" };
	struct drivers d;
	struct error err;

	(void)state;
	set_up();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_false(drivers_unbind(&calls, names[i], &d, &err));
		assert_reason(err, "no driver's name");
		drivers_forget(&d);
	}
}

/* A driver that hangs: a FIFO takes nothing that nobody reads. */
static void a_driver_that_hangs_is_given_up(void **state)
{
	struct drivers d;
	struct error err;

	(void)state;
	set_up();
	assert_int_equal(unlink(in_root("bus/pci/drivers/e1000e/unbind")), 0);
	assert_int_equal(mkfifo(in_root("bus/pci/drivers/e1000e/unbind"), 0600), 0);
	assert_false(drivers_unbind(&calls, "virtio_rng e1000e", &d, &err));
	assert_reason(err, "not done within 10 s");
	assert_written("bus/virtio/drivers/virtio_rng/bind", "virtio0");
	drivers_forget(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(devices_are_unbound_and_bound),
		CASE(modules_are_known_by_their_names),
		CASE(what_is_not_there_is_passed_over),
		CASE(after_a_failure_all_is_as_it_was),
		CASE(names_are_no_paths),
		CASE(a_driver_that_hangs_is_given_up),
	};
	char command[64];
	int failed;

	if (!mkdtemp(root))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -rf %s", root);
	return failed || system(command) != 0;
}
