/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the decompressor does beside unpacking that is not done here: it switches the number of
 * paging levels, sets confidential guests up, and keeps out of memory that the command line takes
 * from the kernel. One row for each reason to leave the kernel to its decompressor.
 */
#include "arch/x86/direct64.h"

#include <stdlib.h>
#include <string.h>

#include "plan/parameters.h"

/* The oldest kernel that was booted like this. */
enum { PROVEN_MAJOR = 6, PROVEN_MINOR = 1 };

struct obstacle {
	bool (*stands)(const struct machine *machine, const struct request *request);
	const char *reason;
};

static bool is_entered_in_32_bit_mode(const struct machine *machine, const struct request *request)
{
	(void)machine;
	return request->entry_point == ENTRY_POINT_32;
}

/* What it saves is not worth the memory, and it is read from a disk once a crash has happened. */
static bool is_crash_kernel(const struct machine *machine, const struct request *request)
{
	(void)machine;
	return request->crash;
}

static bool is_not_relocatable(const struct machine *machine, const struct request *request)
{
	(void)machine;
	return !request->image->bzimage.relocatable;
}

static bool has_no_payload(const struct machine *machine, const struct request *request)
{
	(void)machine;
	return !request->image->bzimage.payload_codec;
}

static bool lacks_codec(const struct machine *machine, const struct request *request)
{
	(void)machine;
	return !request->image->bzimage.payload_codec->unpack;
}

/* "6.12.1-arch1 (…)"; a kernel that does not say is as good as an old one. */
static bool is_unproven(const struct machine *machine, const struct request *request)
{
	const char *version = request->image->bzimage.version;
	char *end;
	unsigned long major = strtoul(version, &end, 10), minor;

	(void)machine;
	if (end == version || *end != '.')
		return true;
	minor = strtoul(end + 1, &end, 10);
	return major < PROVEN_MAJOR || (major == PROVEN_MAJOR && minor < PROVEN_MINOR);
}

static bool must_leave_5_levels(const struct machine *machine, const struct request *request)
{
	return machine->cpu.la57 &&
		(!(request->image->bzimage.xloadflags & XLF_5LEVEL_ENABLED) ||
			parameters_have(request->command_line, "no5lvl"));
}

static bool is_encrypted_guest(const struct machine *machine, const struct request *request)
{
	(void)request;
	return machine->cpu.tdx || (machine->cpu.sev && machine->cpu.hypervisor);
}

static bool is_xen(const struct machine *machine, const struct request *request)
{
	(void)request;
	return machine->xen;
}

static bool encrypts_memory(const struct machine *machine, const struct request *request)
{
	const char *line = request->command_line, *rest;

	(void)machine;
	return parameters_next(&line, "mem_encrypt=", &rest);
}

/* Words that keep a random address out of some memory; without randomness they mean nothing here. */
static bool takes_memory_away(const struct machine *machine, const struct request *request)
{
	static const char *const prefixes[] = { "mem=", "memmap=", "efi_fake_mem=", "movable_node",
		"kernelcore=" };
	const char *rest;

	(void)machine;
	if (parameters_have(request->command_line, "nokaslr"))
		return false;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		const char *line = request->command_line;

		if (parameters_next(&line, prefixes[i], &rest))
			return true;
	}
	return false;
}

/* Huge pages of 2 MiB are found anywhere; larger ones need memory that is left whole for them. */
static bool wants_large_huge_pages(const struct machine *machine, const struct request *request)
{
	const char *line = request->command_line, *rest;

	(void)machine;
	if (parameters_have(line, "nokaslr"))
		return false;
	while (parameters_next(&line, "hugepagesz=", &rest))
		if (strncmp(rest, "2M", 2) != 0)
			return true;
	return false;
}

static const struct obstacle obstacles[] = {
	{ is_entered_in_32_bit_mode, "it is entered in 32-bit mode" },
	{ is_crash_kernel, "the memory reserved for a crash kernel is scarce" },
	{ is_not_relocatable, "it is not relocatable" },
	{ has_no_payload, "its payload is not compressed by a known method" },
	{ lacks_codec, "this build of Saut is without the library that unpacks it" },
	{ is_unproven, "this is only proven with Linux 6.1 and later" },
	{ must_leave_5_levels,
		"the running kernel uses 5-level paging, and this one has to leave it" },
	{ is_encrypted_guest, "the memory of this guest is encrypted" },
	{ is_xen, "this machine runs under Xen" },
	{ encrypts_memory, "mem_encrypt= is on its command line" },
	{ takes_memory_away, "its command line takes memory away (mem=, memmap= or the like)" },
	{ wants_large_huge_pages, "its command line reserves large huge pages (hugepagesz=)" },
};

const char *direct64_obstacle(const struct machine *machine, const struct request *request)
{
	if (request->image->format != IMAGE_BZIMAGE)
		return "it is no bzImage";
	for (size_t i = 0; i < sizeof obstacles / sizeof obstacles[0]; i++)
		if (obstacles[i].stands(machine, request))
			return obstacles[i].reason;
	return NULL;
}
