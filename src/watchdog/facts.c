/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what the kernel and the firmware tell of watchdogs; what it means is known to the kinds. */
#include <string.h>

#include "machine/text.h"
#include "watchdog/watchdog.h"

enum {
	DEVICES_MAX = 16,
	FUNCTIONS_MAX = 16,
	CLASS_ISA_BRIDGE = 0x0601, /* the upper 16 bits of 24 */
	CLASS_SMBUS = 0x0c05,
	I6300ESB = 0x808625ab,
};

static bool unreadable(struct error *err)
{
	if (err->fault != FAULT_NO_MEMORY)
		err->fault = FAULT_MACHINE_UNREADABLE;
	return false;
}

static bool take(const struct source *source, struct arena *arena, const char *path,
	struct view *ret, struct error *err)
{
	if (!path)
		return fail_no_memory(err);
	return source_take(source, path, arena, ret, err);
}

/* A file of sysfs that holds one number; 0 where it is missing. */
static bool take_hex(const struct source *source, struct arena *arena, const char *path,
	uint32_t *ret, struct error *err)
{
	struct view text;
	uint64_t number = 0;

	if (!take(source, arena, path, &text, err))
		return false;
	*ret = text_hex(text_trim(text), &number) ? (uint32_t)number : 0;
	return true;
}

/* The module, by the last name of a link; a kernel that has it built in may have none. */
static bool take_driver(const struct source *source, struct arena *arena, const char *name,
	struct view *ret, struct error *err)
{
	const char *path = arena_printf(arena, "sys/class/watchdog/%s/device/driver/module", name);
	const char *link, *slash;

	if (!path)
		return fail_no_memory(err);
	switch (source->link ? source->link(source, path, arena, &link, err) : IS_ABSENT) {
	case IS_THERE:
		slash = strrchr(link, '/');
		*ret = view_of_string(slash ? slash + 1 : link);
		return true;
	case IS_ABSENT:
		return true;
	case IS_UNREADABLE:
		break;
	}
	return false;
}

static bool read_devices(const struct source *source, struct arena *arena,
	struct watchdog_facts *ret, struct error *err)
{
	static const char folder[] = "sys/class/watchdog";
	struct watchdog_device *devices = arena_alloc_array(arena, DEVICES_MAX, sizeof *devices);
	const char *const *names;

	if (!devices)
		return fail_no_memory(err);
	ret->devices = devices;
	if (!source_take_names(source, folder, arena, &names, err))
		return false;
	for (; names && *names && ret->device_count < DEVICES_MAX; names++) {
		struct watchdog_device *d = &devices[ret->device_count++];
		struct view state, nowayout;

		d->name = view_of_string(*names);
		if (!take(source, arena, arena_printf(arena, "%s/%s/identity", folder, *names),
			    &d->identity, err) ||
			!take(source, arena, arena_printf(arena, "%s/%s/state", folder, *names),
				&state, err) ||
			!take(source, arena, arena_printf(arena, "%s/%s/nowayout", folder, *names),
				&nowayout, err) ||
			!take_driver(source, arena, *names, &d->driver, err))
			return false;
		d->identity = text_trim(d->identity);
		d->is_active = text_is(text_trim(state), "active");
		d->cannot_stop = text_is(text_trim(nowayout), "1");
	}
	return true;
}

/* "0000:00:1f.0" */
static bool read_address(const char *name, struct pci_function *ret)
{
	struct view v = view_of_string(name), domain, bus, slot;
	uint64_t numbers[4];

	if (!text_cut(&v, ':', &domain) || !text_cut(&v, ':', &bus) || !text_cut(&v, '.', &slot) ||
		!text_hex(domain, &numbers[0]) || !text_hex(bus, &numbers[1]) ||
		!text_hex(slot, &numbers[2]) || !text_hex(v, &numbers[3]) ||
		numbers[0] > UINT32_MAX || numbers[1] > 0xff || numbers[2] > 0x1f || numbers[3] > 7)
		return false;
	ret->domain = (uint32_t)numbers[0];
	ret->bus = (uint8_t)numbers[1];
	ret->slot = (uint8_t)numbers[2];
	ret->function = (uint8_t)numbers[3];
	return true;
}

static bool may_have_watchdog(const struct pci_function *f)
{
	return f->class >> 8 == CLASS_ISA_BRIDGE || f->class >> 8 == CLASS_SMBUS ||
		((uint32_t)f->vendor << 16 | f->device) == I6300ESB;
}

static bool read_function(const struct source *source, struct arena *arena, const char *name,
	struct pci_function *ret, struct error *err)
{
	const char *folder = arena_printf(arena, "sys/bus/pci/devices/%s", name);
	uint32_t vendor, device;

	if (!folder)
		return fail_no_memory(err);
	if (!take_hex(source, arena, arena_printf(arena, "%s/vendor", folder), &vendor, err) ||
		!take_hex(source, arena, arena_printf(arena, "%s/device", folder), &device, err) ||
		!take_hex(source, arena, arena_printf(arena, "%s/class", folder), &ret->class, err))
		return false;
	ret->vendor = (uint16_t)vendor;
	ret->device = (uint16_t)device;
	if (!may_have_watchdog(ret))
		return true;
	return take(source, arena, arena_printf(arena, "%s/config", folder), &ret->config, err) &&
		take(source, arena, arena_printf(arena, "%s/resource", folder), &ret->resource,
			err);
}

static bool read_functions(const struct source *source, struct arena *arena,
	struct watchdog_facts *ret, struct error *err)
{
	struct pci_function *functions = arena_alloc_array(arena, FUNCTIONS_MAX, sizeof *functions);
	const char *const *names;

	if (!functions)
		return fail_no_memory(err);
	ret->functions = functions;
	if (!source_take_names(source, "sys/bus/pci/devices", arena, &names, err))
		return false;
	for (; names && *names && ret->function_count < FUNCTIONS_MAX; names++) {
		struct pci_function function = { 0 };

		if (!read_address(*names, &function))
			continue;
		if (!read_function(source, arena, *names, &function, err))
			return false;
		if (may_have_watchdog(&function))
			functions[ret->function_count++] = function;
	}
	return true;
}

static bool read_policy(const struct source *source, struct arena *arena,
	struct watchdog_facts *ret, struct error *err)
{
	struct view text;

	if (!source_take(
		    source, "sys/module/watchdog/parameters/stop_on_reboot", arena, &text, err))
		return false;
	ret->keeps_at_reboot = text_is(text_trim(text), "0");
	return true;
}

static bool read_ipmi(const struct source *source, struct arena *arena, struct watchdog_facts *ret,
	struct error *err)
{
	const char *const *names;

	if (!source_take_names(source, "sys/module/ipmi_watchdog", arena, &names, err))
		return false;
	ret->has_ipmi = names != NULL;
	return true;
}

bool watchdog_capture(const struct source *source, struct arena *arena, struct watchdog_facts *ret,
	struct error *err)
{
	struct watchdog_facts facts = { 0 };

	if (!read_devices(source, arena, &facts, err) ||
		!read_functions(source, arena, &facts, err) ||
		!read_ipmi(source, arena, &facts, err) ||
		!read_policy(source, arena, &facts, err) ||
		!source_take(source, "sys/firmware/acpi/tables/WDAT", arena, &facts.wdat, err) ||
		!source_take(source, "proc/iomem", arena, &facts.iomem, err) ||
		!source_take(source, "sys/firmware/acpi/tables/GTDT", arena, &facts.gtdt, err))
		return unreadable(err);
	*ret = facts;
	return true;
}
