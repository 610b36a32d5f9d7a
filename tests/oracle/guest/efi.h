/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The little of UEFI that the programs here call, by the UEFI Specification 2.10: sections 4.3 to
 * 4.5 (tables), 9.1 (loaded images), 13.4 and 13.5 (files); and the port that they report on.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define EFIAPI __attribute__((ms_abi))

typedef uint64_t efi_status;
typedef void *efi_handle;
typedef uint16_t efi_char;

struct efi_guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

/* Services that nobody calls here are plain pointers. */
struct efi_boot_services {
	uint8_t header[24];
	void *before_allocate[5];
	efi_status(EFIAPI *allocate_pool)(uint32_t type, size_t size, void **ret);
	void *before_handle_protocol[10];
	efi_status(EFIAPI *handle_protocol)(efi_handle, const struct efi_guid *, void **ret);
	void *before_load[5];
	efi_status(EFIAPI *load_image)(uint8_t by_policy, efi_handle parent, const void *path,
		const void *source, size_t size, efi_handle *ret);
	efi_status(EFIAPI *start_image)(efi_handle, size_t *data_size, efi_char **data);
	efi_status(EFIAPI *exit)(efi_handle, efi_status, size_t data_size, efi_char *data);
	void *before_stall[3];
	efi_status(EFIAPI *stall)(size_t microseconds);
	efi_status(EFIAPI *set_watchdog)(
		size_t seconds, uint64_t code, size_t size, const efi_char *);
	void *before_locate[6];
	efi_status(EFIAPI *locate_handle_buffer)(uint32_t how, const struct efi_guid *,
		const void *key, size_t *ret_count, efi_handle **ret);
};

struct efi_runtime_services {
	uint8_t header[24];
	void *before_set_variable[8];
	efi_status(EFIAPI *set_variable)(const efi_char *name, const struct efi_guid *vendor,
		uint32_t attributes, size_t size, const void *data);
	void *before_reset;
	void(EFIAPI *reset_system)(uint32_t how, efi_status, size_t size, const void *data);
};

struct efi_system_table {
	uint8_t before[88];
	struct efi_runtime_services *runtime;
	struct efi_boot_services *boot;
};

struct efi_path {
	uint8_t type, subtype;
	uint8_t size[2];
};

struct efi_loaded_image {
	uint32_t revision;
	efi_handle parent;
	struct efi_system_table *system;
	efi_handle device;
	const struct efi_path *path;
	void *reserved;
	uint32_t options_size;
	const efi_char *options;
};

struct efi_file {
	uint64_t revision;
	efi_status(EFIAPI *open)(struct efi_file *, struct efi_file **ret, const efi_char *name,
		uint64_t mode, uint64_t attributes);
	efi_status(EFIAPI *close)(struct efi_file *);
	efi_status(EFIAPI *remove)(struct efi_file *);
	efi_status(EFIAPI *read)(struct efi_file *, size_t *size, void *ret);
};

struct efi_file_system {
	uint64_t revision;
	efi_status(EFIAPI *open_volume)(struct efi_file_system *, struct efi_file **ret);
};

#define EFI_ABORTED       (UINT64_C(1) << 63 | 21)
#define EFI_BY_PROTOCOL   2
#define EFI_OPEN_READ     1
#define EFI_POOL          4 /* EfiBootServicesData */
#define EFI_SHUTDOWN      2
#define EFI_PATH_MEDIA    4
#define EFI_PATH_FILE     4
#define EFI_PATH_END      0x7f
#define EFI_VARIABLE_BOOT 2 /* EFI_VARIABLE_BOOTSERVICE_ACCESS */

static const struct efi_guid loaded_image_guid = { 0x5b1b31a1, 0x9562, 0x11d2,
	{ 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };

/* QEMU's isa-debugcon takes a byte at a time and has no state. */
static inline void say_byte(uint8_t byte)
{
	__asm__ volatile("outb %0, $0xe9" : : "a"(byte));
}

static inline void say(const char *text)
{
	while (*text)
		say_byte((uint8_t)*text++);
}

/* UTF-16 as UTF-8, up to a zero or to count characters; a surrogate is said as it is. */
static inline void say_wide(const efi_char *text, size_t count)
{
	for (size_t i = 0; i < count && text[i]; i++) {
		unsigned c = text[i];
		if (c < 0x80) {
			say_byte((uint8_t)c);
		} else if (c < 0x800) {
			say_byte((uint8_t)(0xc0 | c >> 6));
			say_byte((uint8_t)(0x80 | (c & 0x3f)));
		} else {
			say_byte((uint8_t)(0xe0 | c >> 12));
			say_byte((uint8_t)(0x80 | (c >> 6 & 0x3f)));
			say_byte((uint8_t)(0x80 | (c & 0x3f)));
		}
	}
}

static inline unsigned path_size(const struct efi_path *node)
{
	return node->size[0] | (unsigned)node->size[1] << 8;
}

static inline const struct efi_path *path_next(const struct efi_path *node)
{
	return (const void *)((const char *)node + path_size(node));
}
