/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The first program of the machine: starts the boot loader of every file system that has one, each
 * as if it had been the firmware's choice, and switches the machine off.
 *
 * A file system's \case has its name in the first line; each other line, NAME=VALUE, is one of the
 * boot loader's variables. Between two cases these are taken away.
 */
#include "efi.h"

#define CASE_SIZE 1024

static const struct efi_guid file_system_guid = { 0x964e5b22, 0x6459, 0x11d2,
	{ 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
static const struct efi_guid device_path_guid = { 0x09576e91, 0x6d3f, 0x11d2,
	{ 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
/* Of the Boot Loader Interface. */
static const struct efi_guid loader_guid = { 0x4a67b082, 0x0a4c, 0x41cf,
	{ 0xb6, 0xc7, 0x44, 0x0b, 0x29, 0xbb, 0x8c, 0x4f } };

static const efi_char loader_path[] = u"\\EFI\\systemd\\systemd-bootx64.efi";
static const efi_char *const variables[] = { u"LoaderEntryDefault", u"LoaderEntryOneShot",
	u"LoaderEntryLastBooted", u"LoaderConfigTimeout", u"LoaderConfigTimeoutOneShot",
	u"LoaderEntrySelected" };

/* The boot loader that runs; where it would restart the machine, it is left instead. */
static efi_handle running;
static efi_status(EFIAPI *leave)(efi_handle, efi_status, size_t, efi_char *);

static EFIAPI void no_reset(uint32_t how, efi_status status, size_t size, const void *data)
{
	(void)how, (void)status, (void)size, (void)data;
	say("@@reset\n");
	leave(running, EFI_ABORTED, 0, NULL);
}

/* A boot loader shows its complaints for seconds; nobody is there to read them. */
static EFIAPI efi_status no_stall(size_t microseconds)
{
	(void)microseconds;
	return 0;
}

static void set_variable(
	struct efi_runtime_services *runtime, const efi_char *name, const void *data, size_t size)
{
	runtime->set_variable(name, &loader_guid, size ? EFI_VARIABLE_BOOT : 0, size, data);
}

/* A line NAME=VALUE as a variable in UTF-16 with its zero. */
static void set_from_line(struct efi_runtime_services *runtime, const char *line, size_t size)
{
	efi_char name[CASE_SIZE], value[CASE_SIZE];
	size_t at = 0, count = 0;

	for (; at < size && line[at] != '='; at++)
		name[at] = (efi_char)line[at];
	name[at] = 0;
	for (at++; at < size; at++)
		value[count++] = (efi_char)line[at];
	value[count] = 0;
	set_variable(runtime, name, value, (count + 1) * sizeof *value);
}

/* Its bytes, of which there is room for one more. */
static size_t read_case(efi_handle device, struct efi_boot_services *boot, char *ret)
{
	struct efi_file_system *system;
	struct efi_file *root, *file;
	size_t size = CASE_SIZE - 1;

	if (boot->handle_protocol(device, &file_system_guid, (void **)&system) ||
		system->open_volume(system, &root) ||
		root->open(root, &file, u"\\case", EFI_OPEN_READ, 0))
		return 0;
	if (file->read(file, &size, ret))
		size = 0;
	file->close(file);
	root->close(root);
	return size;
}

/* The first line is said, the others are set. */
static void prepare(struct efi_runtime_services *runtime, const char *text, size_t size)
{
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		set_variable(runtime, variables[i], NULL, 0);
	for (size_t start = 0, end = 0; start < size; start = ++end) {
		while (end < size && text[end] != '\n')
			end++;
		if (start) {
			set_from_line(runtime, text + start, end - start);
			continue;
		}
		say("@@case<");
		for (size_t i = 0; i < end; i++)
			say_byte((uint8_t)text[i]);
		say(">\n");
	}
}

static void *append(void *to, const void *from, size_t size)
{
	uint8_t *out = to;

	for (size_t i = 0; i < size; i++)
		out[i] = ((const uint8_t *)from)[i];
	return out + size;
}

static void start_loader(efi_handle self, efi_handle device, struct efi_boot_services *boot)
{
	static const struct efi_path end = { EFI_PATH_END, 0xff, { 4, 0 } };
	const struct efi_path file = { EFI_PATH_MEDIA, EFI_PATH_FILE,
		{ (uint8_t)(4 + sizeof loader_path), 0 } };
	const struct efi_path *path, *node;
	void *whole, *out;

	if (boot->handle_protocol(device, &device_path_guid, (void **)&path))
		return;
	for (node = path; node->type != EFI_PATH_END;)
		node = path_next(node);
	size_t size = (size_t)((const char *)node - (const char *)path);
	if (boot->allocate_pool(EFI_POOL, size + 256, &whole))
		return;
	out = append(append(whole, path, size), &file, sizeof file);
	append(append(out, loader_path, sizeof loader_path), &end, sizeof end);
	if (!boot->load_image(0, self, whole, NULL, 0, &running))
		boot->start_image(running, NULL, NULL);
	else
		say("@@no loader\n");
}

EFIAPI efi_status efi_main(efi_handle self, struct efi_system_table *system);

EFIAPI efi_status efi_main(efi_handle self, struct efi_system_table *system)
{
	struct efi_boot_services *boot = system->boot;
	void(EFIAPI * off)(uint32_t, efi_status, size_t, const void *) =
		system->runtime->reset_system;
	efi_handle *devices;
	size_t count;

	leave = boot->exit;
	system->runtime->reset_system = no_reset;
	boot->stall = no_stall;
	boot->set_watchdog(0, 0, 0, NULL);
	if (!boot->locate_handle_buffer(EFI_BY_PROTOCOL, &file_system_guid, NULL, &count, &devices))
		for (size_t i = 0; i < count; i++) {
			char text[CASE_SIZE];
			size_t size = read_case(devices[i], boot, text);

			if (!size)
				continue;
			prepare(system->runtime, text, size);
			start_loader(self, devices[i], boot);
			say("@@end\n");
		}
	say("@@off\n");
	off(EFI_SHUTDOWN, 0, 0, NULL);
	return EFI_ABORTED;
}
