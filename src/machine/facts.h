/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the capturing files share: files that hold one value, as sysfs has them, and the declaration
 * of each capturing file's one function. Not for other rooms.
 */
#pragma once

#include "machine/flat-tree.h"
#include "machine/iomem.h"
#include "machine/machine.h"
#include "machine/text.h"

/* A file, trimmed; empty when it is missing, or cannot be read, which fails a capture (strict.h). */
struct view fact_text(const struct source *source, struct arena *arena, const char *path);

/* A file that holds one number; false when it is missing or holds something else. */
bool fact_hex(const struct source *source, struct arena *arena, const char *path, uint64_t *ret);
bool fact_decimal(
	const struct source *source, struct arena *arena, const char *path, uint64_t *ret);

/* What source_take failed with, as a fault of the machine; always false. */
bool fact_unreadable(struct error *err);

/* "1" and "0"; anything else is unknown. */
enum answer fact_answer(const struct source *source, struct arena *arena, const char *path);

/* The firmware's map; from iomem where the kernel keeps none. boot_params may be empty. */
bool memory_map_capture(const struct source *source, struct arena *arena, const struct iomem *iomem,
	struct view boot_params, struct memory_map *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The machine's map as Xen tells it (saut/xen). */
bool memory_map_by_xen(struct view told, struct arena *arena, struct memory_map *ret,
	struct error *err) __attribute__((warn_unused_result));

/* The RAM of the map that is RAM beyond doubt: where entries overlap, RAM loses. */
bool memory_map_ram(const struct memory_map *map, struct arena *arena, struct ranges *ret)
	__attribute__((warn_unused_result));

struct efi_facts efi_capture(const struct source *source, struct arena *arena);

struct view boot_params_capture(const struct source *source, struct arena *arena);

/* Whether the running kernel was told of EFI firmware. */
bool boot_params_by_efi(struct view boot_params);

/* Whether their memory map has this very range as RAM that an earlier kernel kept for itself. */
bool boot_params_was_kept(struct view boot_params, struct range range);

/* The address in boot_params; 0 when it has none. */
phys_t boot_params_rsdp(struct view boot_params);

struct xen_pv xen_pv_capture(const struct source *source, struct arena *arena);

struct framebuffer_facts framebuffer_capture(const struct source *source, struct arena *arena);
struct cpu_facts cpu_capture(const struct source *source, struct arena *arena);

/* Fills at most 4 and tells how many. */
size_t serial_capture(
	const struct source *source, struct arena *arena, struct serial_facts ret[static 4]);

/* Those whose registers are memory; fills at most 4 and tells how many. */
size_t mmio_serial_capture(
	const struct source *source, struct arena *arena, struct mmio_serial ret[static 4]);

/* What the running machine's device tree tells. */
struct tree_facts {
	enum psci_method psci;
	uint32_t counter_khz; /* riscv's; 0 if unknown */
	bool has_gic_v3, has_its;
	unsigned cpus;    /* that are not disabled; arm64 */
	bool spin_tables; /* other CPUs are started by a spin-table, and none by PSCI; arm64 */
	phys_t efi_system_table; /* 0 if unknown */
	struct ranges reserved;  /* by its reservations and /reserved-memory; normalised */
	struct ranges firmware;  /* RTAS, OPAL and tables of TCEs; normalised */
};

/* False when memory is out. */
bool tree_facts_read(struct view device_tree, struct arena *arena, struct tree_facts *ret)
	__attribute__((warn_unused_result));

/* Whether the running kernel's other CPUs can be stopped, as a jump wants it; of arm64 only. */
void other_cpus_capture(const struct source *source, const struct tree_facts *tree,
	struct arena *arena, struct kexec_ability *ret);

/* How many CPUs such a file of /sys/devices/system/cpu names, as "0-3,8"; 0: unknown. */
uint64_t cpus_listed(const struct source *source, struct arena *arena, const char *path);

/* Of ppc64el only; it shares the tree's facts. */
struct powerpc_facts powerpc_capture(
	const struct source *source, const struct tree_facts *tree, struct arena *arena);

/* By ACPI. */
enum psci_method psci_capture(const struct source *source, struct arena *arena);
struct reset_register reset_register_capture(const struct source *source, struct arena *arena);

/* What else is known of a machine when its GIC is looked at. */
struct gic_grounds {
	const struct tree_facts *tree;
	const char *release; /* of the running kernel */
	unsigned cpus;       /* online */
	bool efi;
};

/* A GICv3 by the kernel's log; false when memory is out. */
bool gic_read(struct view log, const struct gic_grounds *grounds, struct arena *arena,
	struct gic_facts *ret) __attribute__((warn_unused_result));

/* Of arm64 only. False when memory is out. */
bool gic_capture(const struct source *source, const struct gic_grounds *grounds,
	struct arena *arena, struct gic_facts *ret) __attribute__((warn_unused_result));

struct ima_facts ima_capture(
	const struct source *source, struct arena *arena, const char *command_line);
struct live_update_facts live_update_capture(const struct source *source, struct arena *arena);

/* By /proc/meminfo, in bytes; 0 where it is not known. */
struct memory_amounts {
	uint64_t available, contiguous;
};

struct memory_amounts memory_amounts_capture(const struct source *source, struct arena *arena);
uint64_t page_size_capture(const struct source *source, struct arena *arena);

/* The release of the running kernel, "" if unknown. */
const char *release_capture(const struct source *source, struct arena *arena);
