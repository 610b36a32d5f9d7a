/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header by its tables of numbers, and the checksums; what the kernel in it is, others know. */
#include "image/uimage.h"

#include <string.h>

#include "base/crc32.h"

enum {
	HEADER_SUM = 4, /* the magic number is before it */
	SUM_SIZE = 4,
	TYPE = 30,
	NAME = 32,
	HEADER_SIZE = 64,

	INITRD_TYPE = 3,
	LINUX = 5,
	UNPACKED = 0,
};

/* U-Boot has one number for both widths of PowerPC and of RISC-V. */
static const struct cpu_number {
	uint8_t number;
	const char *name;
	enum cpu_arch arch[UIMAGE_CPUS_MAX]; /* none: it is only named */
} cpus[] = {
	{ 1, "Alpha", { 0 } },
	{ 2, "ARM", { ARCH_ARM } },
	{ 3, "x86", { ARCH_I386, ARCH_X86_64 } },
	{ 4, "IA-64", { 0 } },
	{ 5, "MIPS", { 0 } },
	{ 6, "MIPS64", { 0 } },
	{ 7, "PowerPC", { ARCH_PPC64LE, ARCH_PPC64 } },
	{ 8, "S/390", { ARCH_S390X } },
	{ 9, "SuperH", { 0 } },
	{ 10, "SPARC", { 0 } },
	{ 11, "SPARC64", { 0 } },
	{ 12, "m68k", { 0 } },
	{ 14, "MicroBlaze", { 0 } },
	{ 15, "Nios II", { 0 } },
	{ 16, "Blackfin", { 0 } },
	{ 17, "AVR32", { 0 } },
	{ 21, "OpenRISC", { 0 } },
	{ 22, "ARM64", { ARCH_ARM64 } },
	{ 23, "ARC", { 0 } },
	{ 24, "x86-64", { ARCH_X86_64 } },
	{ 25, "Xtensa", { 0 } },
	{ 26, "RISC-V", { ARCH_RISCV64 } },
};

enum content { KERNEL, INITRD, OTHER };

static const struct type {
	uint8_t number;
	enum content content;
	const char *what;
} types[] = {
	{ 1, OTHER, "a program for U-Boot" }, { 2, KERNEL, "a kernel" },
	{ INITRD_TYPE, INITRD, "an initrd" },
	{ 4, OTHER,
		"several files, as a kernel and its initrd, which have to be given one by one" },
	{ 5, OTHER, "firmware of a board" }, { 6, OTHER, "a script for U-Boot" },
	{ 7, OTHER, "a file system" }, { 8, OTHER, "a device tree" },
	{ 14, KERNEL, "a kernel" }, /* that may lie anywhere */
};

static const struct compression {
	uint8_t number;
	const char *for_people, *codec;
} compressions[] = {
	{ UNPACKED, "none", NULL },
	{ 1, "gzip", "gzip" },
	{ 2, "bzip2", "bzip2" },
	{ 3, "lzma", "lzma" },
	{ 4, "lzo", NULL },
	{ 5, "lz4", "lz4" },
	{ 6, "zstd", "zstd" },
};

bool uimage_probe(struct view bytes)
{
	return view_has_at(bytes, 0, "\x27\x05\x19\x56");
}

bool uimage_is_of_initrd(struct view bytes)
{
	struct reader r = reader_at(bytes, TYPE);

	return uimage_probe(bytes) && reader_u8(&r) == INITRD_TYPE && !r.overrun;
}

/* As if its own place in the header were zero. */
static uint32_t header_sum(struct view header)
{
	uint8_t copy[HEADER_SIZE];

	memcpy(copy, header.p, sizeof copy);
	memset(copy + HEADER_SUM, 0, SUM_SIZE);
	return crc32_of((struct view){ copy, sizeof copy });
}

/* What its fields say that are looked at here. */
struct fields {
	uint32_t payload_size, payload_sum;
	uint8_t system, cpu, type, compression;
};

static bool check_payload(
	struct view bytes, const struct fields *fields, struct view *ret_payload, struct error *err)
{
	if (!view_sub(bytes, HEADER_SIZE, fields->payload_size, ret_payload))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, its header and its payload of %u bytes reach past",
			bytes.n, fields->payload_size);
	if (crc32_of(*ret_payload) != fields->payload_sum)
		return fail(err, FAULT_IMAGE_CORRUPT, "its payload's checksum is wrong");
	return true;
}

/* In the order of its fields. */
static bool read_header(
	struct view bytes, struct uimage *uimage, struct fields *fields, struct error *err)
{
	struct reader r = reader_at(bytes, HEADER_SUM);
	uint32_t stated = reader_be32(&r);

	if (bytes.n < HEADER_SIZE)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its header", bytes.n);
	if (header_sum(view_first(bytes, HEADER_SIZE)) != stated)
		return fail(err, FAULT_IMAGE_CORRUPT, "its header's checksum is wrong");
	uimage->made = reader_be32(&r);
	fields->payload_size = reader_be32(&r);
	uimage->load = reader_be32(&r);
	uimage->entry = reader_be32(&r);
	fields->payload_sum = reader_be32(&r);
	fields->system = reader_u8(&r);
	fields->cpu = reader_u8(&r);
	fields->type = reader_u8(&r);
	fields->compression = reader_u8(&r);
	uimage->name = view_to_zero(view_from(view_first(bytes, HEADER_SIZE), NAME));
	return check_payload(bytes, fields, &uimage->payload.bytes, err);
}

static bool check_content(const struct fields *fields, enum content wanted, struct error *err)
{
	const struct type *type = NULL;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].number == fields->type)
			type = &types[i];
	if (!type)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"what is in it is not known here: it is of type %u", fields->type);
	if (type->content != wanted)
		return fail(err, FAULT_IMAGE_UNKNOWN, "in it is %s", type->what);
	if (fields->system != LINUX)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"it is not for Linux: its system has the number %u", fields->system);
	return true;
}

static bool find_cpu(uint8_t number, struct uimage *uimage, struct error *err)
{
	const struct cpu_number *cpu = NULL;

	for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++)
		if (cpus[i].number == number)
			cpu = &cpus[i];
	if (!cpu)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"it is for a CPU of U-Boot's number %u, which is not known here", number);
	if (!cpu->arch[0])
		return fail(err, FAULT_IMAGE_UNKNOWN, "it is for %s, which is not known here",
			cpu->name);
	uimage->cpu = cpu->name;
	memcpy(uimage->arch, cpu->arch, sizeof uimage->arch);
	return true;
}

static const struct compression *find_compression(uint8_t number)
{
	for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
		if (compressions[i].number == number)
			return &compressions[i];
	return NULL;
}

static bool find_codec(uint8_t number, struct payload *payload, struct error *err)
{
	const struct compression *compression = find_compression(number);

	if (!compression)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"its payload is packed by what has U-Boot's number %u, which is not known here",
			number);
	return number == UNPACKED ||
		payload_set(payload, compression->for_people, compression->codec, err);
}

static bool parse(struct view bytes, enum content wanted, struct uimage *ret,
	uint8_t *ret_compression, struct error *err)
{
	const struct compression *compression;
	struct uimage uimage = { 0 };
	struct fields fields = { 0 };

	if (!read_header(bytes, &uimage, &fields, err) || !check_content(&fields, wanted, err) ||
		!find_cpu(fields.cpu, &uimage, err))
		return false;
	compression = find_compression(fields.compression);
	uimage.compression = compression ? compression->for_people : NULL;
	*ret = uimage;
	*ret_compression = fields.compression;
	return true;
}

bool uimage_parse(struct view bytes, struct uimage *ret, struct error *err)
{
	struct uimage uimage;
	uint8_t compression;

	if (!parse(bytes, KERNEL, &uimage, &compression, err) ||
		!find_codec(compression, &uimage.payload, err))
		return false;
	*ret = uimage;
	return true;
}

bool uimage_parse_initrd(struct view bytes, struct uimage *ret, struct error *err)
{
	uint8_t ignored;

	return parse(bytes, INITRD, ret, &ignored, err);
}

bool uimage_is_for(const struct uimage *uimage, enum cpu_arch arch)
{
	for (size_t i = 0; i < UIMAGE_CPUS_MAX; i++)
		if (arch && uimage->arch[i] == arch)
			return true;
	return false;
}
