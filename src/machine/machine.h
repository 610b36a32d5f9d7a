/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Machine: what the running system is, captured once, then a value. It is made from the text and
 * the blobs under /proc and /sys by way of a source, so that a folder with the same files (a test,
 * a bug report) gives the same Machine as the live system does. Nothing in it is a decision.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/notes.h"
#include "base/range.h"
#include "machine/source.h"

/* Kinds of memory in the firmware's map; the values are those of an e820 entry. */
enum memory_type {
	MEMORY_RAM = 1,
	MEMORY_RESERVED = 2,
	MEMORY_ACPI_TABLES = 3,
	MEMORY_ACPI_NVS = 4,
	MEMORY_UNUSABLE = 5,
	MEMORY_PERSISTENT = 7,
	MEMORY_PERSISTENT_LEGACY = 12,
	MEMORY_SOFT_RESERVED = 0xefffffff,
};

struct memory_entry {
	struct range range;
	enum memory_type type;
};

/* The firmware's memory map, in ascending order as the kernel lists it. */
struct memory_map {
	const struct memory_entry *items;
	size_t count;
	bool from_iomem; /* /sys/firmware/memmap is missing: read from /proc/iomem, less exact */
};

/* A question that the system may not answer. */
enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

enum lockdown { LOCKDOWN_UNKNOWN, LOCKDOWN_NONE, LOCKDOWN_INTEGRITY, LOCKDOWN_CONFIDENTIALITY };

/*
 * Whether the running kernel is paravirtualised by Xen (PV). Then its page tables are Xen's, so that it
 * cannot jump by itself: it crashes while it loads. Guests of the kinds HVM and PVH, a dom0 among them,
 * are like any machine.
 */
enum xen_pv_kind {
	XEN_PV_NONE,
	XEN_PV_DOM0,  /* the domain that has the machine */
	XEN_PV_GUEST, /* any other domain, or nothing says which */
	XEN_PV_UNKNOWN,
};

struct xen_pv {
	enum xen_pv_kind kind;
	const char
		*why; /* it is unknown, or of a dom0: Xen cannot be asked; NULL: nothing is amiss */

	/* Of a dom0 that can ask it. */
	struct view told; /* saut/xen */
	enum answer loaded, crash_loaded;
};

/* What kexec can do here. Limits are those of /proc/sys/kernel/kexec_load_limit_*, -1 for none. */
struct kexec_ability {
	enum answer load;      /* the kernel has kexec_load */
	enum answer file_load; /* the kernel has kexec_file_load */
	enum answer may_boot;  /* the caller has CAP_SYS_BOOT */
	enum answer disabled;  /* kernel.kexec_load_disabled */
	enum answer loaded;    /* a kernel is loaded: in Xen, where that has the machine */
	enum answer crash_loaded;
	enum answer signature_forced; /* CONFIG_KEXEC_SIG_FORCE; unknown without a configuration */
	enum lockdown lockdown;
	enum answer secure_boot; /* EFI variable */
	enum answer live_update; /* processes can keep files for the next kernel: /dev/liveupdate */
	int64_t load_limit_reboot, load_limit_panic;
	struct xen_pv xen;

	/*
	 * What machine_capture alone finds: by what the machine is, its kernel may refuse to load whatever
	 * is asked for.
	 */
	const char *cpus_stick;  /* arm64: why its other CPUs cannot be stopped; NULL: unknown */
	bool cpus_may_stick;     /* arm64: they are there, so that it may be like that */
	bool tdx_partial_writes; /* x86: tdx_pw_mce is among the bugs of /proc/cpuinfo */
};

/* One line of /sys/firmware/efi/runtime-map/N. */
struct efi_region {
	uint32_t type;
	uint64_t phys, virt, pages, attribute;
};

struct efi_facts {
	bool present;   /* booted by EFI; without regions it has no runtime services to pass on */
	bool hidden;    /* x86: booted by EFI, by boot_params, and /sys/firmware/efi is not there */
	bool is_64_bit; /* fw_platform_size */
	uint64_t fw_vendor, runtime, config_table; /* as in /sys/firmware/efi, 0 if missing */
	uint64_t smbios; /* physical, from systab: SMBIOS3, else SMBIOS; 0 if missing */
	uint64_t
		acpi20; /* the RSDP's physical address by systab: ACPI20, else ACPI; 0 if missing */
	uint64_t system_table; /* physical, as the device tree's /chosen has it; 0 if unknown */
	const struct efi_region *regions; /* runtime-map: all of it, or none if one is unreadable */
	size_t region_count;
};

/* Who draws on the screen now. */
enum framebuffer_owner {
	FRAMEBUFFER_NONE, /* no frame buffer device and no DRM driver: as the firmware left it */
	FRAMEBUFFER_FIRMWARE, /* vesafb, efifb or simpledrm: still scanned out as screen_info says */
	FRAMEBUFFER_DRIVER,   /* a GPU driver has taken over: screen_info is stale */
};

struct framebuffer_facts {
	enum framebuffer_owner owner;
	const char *driver; /* as /sys/class/graphics/fb0/name or /proc/fb has it; "" if none */
};

struct cpu_facts {
	unsigned count;       /* online */
	uint32_t counter_khz; /* of the counter that time is kept by, mostly a guess by BogoMIPS:
			       * x86's time-stamp counter, arm64's CNTVCT, riscv's time,
			       * LoongArch's stable counter; 0 if unknown */
	bool crc32, sha2;     /* instructions for these; arm64, LoongArch */
	bool sha, sse42, la57, pdpe1gb; /* flags of /proc/cpuinfo; x86 */
	bool sev;        /* the CPU has it, which does not mean that this is an encrypted guest */
	bool hypervisor; /* this is a guest of one */
	bool tdx;        /* this is a guest under TDX */
	enum answer long_mode;   /* it has the 64-bit mode; x86 */
	bool tdx_partial_writes; /* partial writes to memory of TDX end in machine checks; x86 */
};

/* The counter alone, by /proc/cpuinfo. */
uint32_t cpu_counter_khz(const struct source *source, struct arena *arena);

/* A serial port of the 16550 kind, by /sys/class/tty/ttySN. */
struct serial_facts {
	unsigned index;
	uint16_t port; /* I/O port */
};

/* What speaks on a serial port whose registers are memory. */
enum serial_kind { SERIAL_8250, SERIAL_PL011 };

/* One of these, by /sys/class/tty/NAME. */
struct mmio_serial {
	const char *name; /* "ttyAMA0" */
	enum serial_kind kind;
	phys_t address;
	uint8_t shift; /* registers are 1 << shift bytes apart */
	uint8_t width; /* bytes of one access */
};

/*
 * arm64's interrupt controller. Once a redistributor of a GICv3 has been told to deliver LPIs, it
 * reads and writes its tables in memory until the machine is reset (GIC architecture
 * specification, GICR_CTLR.EnableLPIs): they must outlive the jump.
 */
struct gic_facts {
	bool is_v3; /* or v4 */
	enum answer lpis_enabled;
	struct ranges tables; /* those that are known; normalised */
	bool tables_complete; /* these are all, or what is not here is reserved memory anyway */
};

/* What a jump on ppc64el has to know beyond the device tree; all 0 on other CPUs. */
struct powerpc_facts {
	phys_t kernel_end;   /* below, the running kernel takes no segment; 0: unknown */
	uint64_t other_cpus; /* that are there, beside the one that jumps */
	struct ranges kept;  /* the firmware's memory, and tables that devices read; normalised */
	struct range
		crash; /* reserved for a crash kernel, which /proc/iomem does not show; size 0: none */
};

/* How arm64's firmware is called (Power State Coordination Interface). */
enum psci_method { PSCI_NONE, PSCI_HVC, PSCI_SMC };

/* A byte of memory that resets the machine when the value is written to it; width 0: none is known. */
struct reset_register {
	phys_t address;
	uint8_t value, width;
};

/* Whether files are kept in memory for the next kernel, which only kexec_file_load hands over. */
enum live_update {
	LIVE_UPDATE_NONE,
	LIVE_UPDATE_OPEN,   /* some process has a session */
	LIVE_UPDATE_UNSEEN, /* the kernel can, and what processes have open could not be looked at */
};

struct live_update_facts {
	enum live_update state;
	const char *holder; /* the number of a process that has one; NULL: none was seen */
};

#define IMA_POLICY "sys/kernel/security/ima/policy"

/* Whether the integrity measurement architecture wants kernels signed: kexec_load shows it none. */
struct ima_facts {
	enum answer appraises_kernels; /* by its rules; unknown: they are not shown */
	bool is_lenient; /* the running kernel's command line lets pass what does not hold */
};

/* Memory, and the running kernel's address of it. */
struct mapped {
	struct range memory;
	uint64_t virtual;
};

/* What a dump of the running kernel will be made by, once it is dead. */
struct dump_facts {
	const char *unknown; /* why notes is not known; NULL: it is */
	const struct range
		*notes; /* a CPU's registers each, then the kernel's layout (VMCOREINFO) */
	size_t note_count;
	bool has_layout; /* the last of them is */
	uint64_t
		header_room; /* bytes of core headers that the running kernel brings up to date itself
				 when CPUs and memory come and go; 0: it does not */
	const struct mapped
		*linear; /* none: neither /proc/kcore nor, on armhf, /proc/kallsyms tells */
	size_t linear_count;
	struct mapped
		image; /* the kernel, by the addresses that it was linked to; size 0: not known */
};

struct machine {
	enum cpu_arch arch;        /* of the running kernel, not of this program */
	const char *uname_release; /* "6.1.0-44-cloud-amd64" */
	const char *command_line;  /* /proc/cmdline without its newline; "" where it is not known */
	const char *command_line_unknown; /* why it is not known; NULL: it is */

	struct memory_map memory;
	struct ranges
		ram; /* RAM by the firmware's map, where no other entry overlaps; normalised */
	struct ranges reserved; /* inside ram, must survive or is not ours: /proc/iomem's Reserved,
				 * ACPI, persistent memory, crash kernel, what is no System RAM to
				 * the running kernel (mem=), EFI runtime regions; not the running
				 * kernel itself; normalised */
	struct range running;   /* the running kernel's image, by /proc/iomem; empty: not known */
	struct ranges crash;    /* Crash kernel of /proc/iomem, as listed; of powerpc.crash */
	struct ranges system_ram;   /* System RAM of /proc/iomem; normalised */
	const char *no_memory;      /* why none of these five is known; NULL: they are */
	uint64_t memory_available;  /* bytes, MemAvailable of /proc/meminfo */
	uint64_t memory_contiguous; /* bytes, CmaTotal there: of the contiguous memory allocator */
	uint64_t page_size;

	struct view boot_params; /* x86: /sys/kernel/boot_params/data, 4096 bytes or empty */
	phys_t rsdp;             /* ACPI's root pointer: boot_params, EFI; 0: unknown */
	struct efi_facts efi;
	struct framebuffer_facts framebuffer;
	struct cpu_facts cpu;
	struct serial_facts serial[4];
	size_t serial_count;
	struct mmio_serial mmio_serial[4];
	size_t mmio_serial_count;
	struct view
		device_tree; /* /sys/firmware/fdt, or machine/live-tree.h's; empty where there is none */
	struct gic_facts gic;
	struct powerpc_facts powerpc;
	enum psci_method psci;
	struct reset_register reset; /* by ACPI; not on x86 */
	struct live_update_facts live_update;
	struct ima_facts ima;
	bool xen;

	struct kexec_ability kexec;

	/* By machine_capture_dump alone. */
	struct dump_facts dump;
	struct ranges
		crash_cma; /* memory for a crash kernel that is lent to processes until then; normalised */
};

/*
 * Reads everything. Missing facts stay unknown, and without /proc/iomem that is all of memory
 * (no_memory). FAULT_MACHINE_UNREADABLE is for a memory map that makes no sense, for addresses hidden
 * from the caller, and for a file that is there and cannot be read, where its absence would mean
 * something. All of *ret lives in the arena.
 */
bool machine_capture(const struct source *source, struct arena *arena, struct machine *ret,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Reads what a captured machine lacks for the plan of a crash kernel. What is damaged or cannot be read is
 * unknown, which whoever needs it refuses by; false only when memory is out.
 */
bool machine_capture_dump(const struct source *source, struct arena *arena, struct machine *machine)
	__attribute__((warn_unused_result));

/* Only the kexec abilities (for status and unload, which need no memory map); never fails. */
struct kexec_ability machine_kexec_ability(const struct source *source, struct arena *arena);

/* Whether Linux itself has a kernel loaded: of Xen's, kexec_ability.loaded tells. */
enum answer machine_kexec_loaded(const struct source *source, struct arena *arena);

/*
 * x86: neither boot_params nor /sys/firmware/efi is there to tell whether the firmware is EFI, and what it
 * told the running kernel.
 */
bool machine_firmware_unknown(const struct machine *machine);

/* IMA is known to refuse kexec_load, and what has no signature of its own kind. */
bool machine_ima_refuses(const struct machine *machine);

/* Where the runtime map's regions lie: the next kernel is told to map them as the firmware's. */
bool efi_runtime_memory(const struct efi_facts *efi, struct arena *arena, struct ranges *ret)
	__attribute__((warn_unused_result));

/* Known to be; false where it cannot be told. */
bool kexec_is_locked_down(const struct kexec_ability *ability);
