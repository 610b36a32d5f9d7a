/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interface between the loader and the stub, the code that runs between the two kernels. It is
 * the only header that both sides share. The stub is a flat blob without relocations that starts
 * with this block; the loader fills it in and the running kernel jumps behind it, to
 * STUB_ENTRY_OFFSET. All numbers have the CPU's byte order, all addresses are physical.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define STUB_MAGIC        0x54554153u /* "SAUT" in memory; also the setup_data type of the record */
#define STUB_VERSION      4u
#define STUB_REGIONS_MAX  32
#define STUB_COPIES_MAX   8
#define STUB_STEPS_MAX    64
#define STUB_ENTRY_OFFSET 0x400
#define STUB_DIGEST_SIZE  32
#define STUB_REGISTERS    4
#define STUB_S390X_FAULT  16
#define STUB_SCRATCH      0x4000 /* bytes below the stack's top that a running stub writes to */

/* How the loaded bytes are verified before the jump. */
enum stub_check {
	STUB_CHECK_NONE = 0,
	STUB_CHECK_SHA256 = 1,
	STUB_CHECK_CRC32C = 2, /* the digest's first four bytes */
};

/*
 * The same as the block has it: one flipped bit makes none of them out of another, and nothing is none of them,
 * so that memory that lost a bit, or all, does not ask for a jump without a check.
 */
enum stub_check_word {
	STUB_WORD_NONE = 0x1ed7a9c4,
	STUB_WORD_SHA256 = 0x69a4d23b,
	STUB_WORD_CRC32C = 0x75314c5f,
};

/* Where a failing stub says so; bits, any of them. A stub passes over those it does not know. */
enum stub_console {
	STUB_CONSOLE_SERIAL = 1,    /* x86: 16550 at the I/O ports from serial_port on */
	STUB_CONSOLE_VGA = 2,       /* x86: 80x25 text at 0xb8000 */
	STUB_CONSOLE_PL011 = 4,     /* at console_address */
	STUB_CONSOLE_8250_MMIO = 8, /* at console_address, console_shift, console_width */
	STUB_CONSOLE_SBI = 16,      /* riscv: the firmware's */
	STUB_CONSOLE_PAPR = 32,     /* ppc64el: the hypervisor's virtual terminal console_address */
	STUB_CONSOLE_OPAL = 64,     /* ppc64el: the firmware's terminal console_address */
	STUB_CONSOLE_SCLP = 128, /* s390x: the service element's, for messages and its terminal */
};

/* How a failing stub resets the machine. */
enum stub_reset {
	STUB_RESET_CPU =
		0, /* what is usual: x86's ports, riscv's SBI, s390x's diagnose, Arm's PSCI by guess */
	STUB_RESET_PSCI_HVC, /* arm64, armhf: the call goes to the hypervisor */
	STUB_RESET_PSCI_SMC, /* arm64, armhf: the call goes to the firmware */
	STUB_RESET_WRITE,    /* of reset_value to reset_address, reset_width bytes wide */
	STUB_RESET_RTAS,     /* ppc64el: the call reset_value of the firmware's run-time services */
	STUB_RESET_OPAL,     /* ppc64el: the firmware's cold reboot */
};

/* How the next kernel is entered on x86, and what its registers hold; other CPUs have STUB_MODE_64. */
enum stub_mode {
	STUB_MODE_64 = 0, /* 64-bit mode, on the page tables below */
	/*
	 * 32-bit protected mode without paging, on flat segments (code 0x10, data 0x18). The stub,
	 * its stack and the entry point must lie below 4 GiB. i386 has no other.
	 */
	STUB_MODE_32 = 1,
	/*
	 * Real mode, on the firmware's interrupt vectors: CS:IP is entry / 16 : 0, all other
	 * segments are registers[0], SP is registers[1]. The stub lies below 640 KiB, the entry
	 * point and the stack where those numbers say.
	 */
	STUB_MODE_REAL = 2,
};

/* What is put back on x86 to how the firmware leaves it, whoever drove it since; bits. */
enum stub_restore {
	STUB_RESTORE_INTERRUPTS = 1, /* both 8259 and the 8254's first counter, as a PC's BIOS */
	STUB_RESTORE_VGA = 2,        /* 80x25 text, with the font that the firmware has */
};

/*
 * What registers[] means; all other registers that can hold an argument are 0 at the entry.
 *
 *   x86-64, 64-bit mode   rsi, rdi
 *   x86, 32-bit mode      eax, ebx, esi, edi
 *   arm64                 x0, x1, x2, x3; the device tree and three zeros for Linux
 *   armhf                 r0, r1, r2, r3; for Linux 0, no machine type, the device tree and 0
 *   riscv64               registers[1] is a1, the device tree; a0 is the hart that came in
 *   loong64               registers[1] is a1, the command line; a0 and a2, whether there is EFI
 *                         and its system table, are those that came in
 *   ppc64el               registers[0] is r3, the device tree, into whose header goes the CPU that came in;
 *                         registers[1] is how many others wait; [2] and [3] are the firmware's
 *                         entry point and base, of RTAS or OPAL; r4 is the kernel's own address
 *   s390x                 none; registers[0] and [1] are the start and size of memory that is written
 *                         again as it is on the way out
 *
 * How the running kernel enters the stub, and what the stub makes of it:
 *
 *   x86-64       long mode, memory mapped one to one, on the kernel's page tables, which the stub
 *                leaves for page_tables[0] or, with 5 levels, [1]; 0: keeps them
 *   i386         protected mode without paging
 *   arm64        EL2 or EL1, MMU and data cache off. With page_tables[0] (arch/arm64/page-tables.h:
 *                4-KiB granule, 48 bits, MAIR as there) the stub works with MMU and caches on;
 *                they map one to one every region, the stub with its stack, the record, the
 *                console and what steps are about. 0: MMU and caches stay off, and a check takes minutes. The kernel is
 *                entered at the same EL, MMU and data cache off, as Documentation/arch/arm64/
 *                booting.rst has it.
 *   armhf        ARM state, Hyp or SVC mode, MMU and caches off; left in the same way, the instruction
 *                cache alone is on meanwhile. Addresses are below 4 GiB
 *   riscv64      S-mode, satp 0, a0 the hart; left in the same way
 *   loong64      paging on, in the direct-mapped window 0x9 << 60 of cached memory. Addresses in
 *                the block are physical all the same, but entry and registers, which are handed
 *                on as they are: the entry may lie in that window, as Linux expects it
 *   ppc64el      real mode, interrupts off, r3 the CPU, in the byte order of the running kernel. It has
 *                copied the first 256 bytes behind STUB_ENTRY_OFFSET to address 0, and sends all
 *                other CPUs to address 0x60 in big-endian order. Left in the same way, with the
 *                kernel's first 256 bytes at address 0, and the others at 0x60. Behind these bytes lie
 *                the vectors of exceptions, which are the stub's from then on; where copies are asked for,
 *                what was there before is put back first
 *   s390x        by a short PSW, as at a start from a disk: 31-bit addresses without translation, below which the
 *                stub lies, all other CPUs stopped; left in the same way. Program interruptions lead to
 *                STUB_ENTRY_OFFSET + STUB_S390X_FAULT where the first page of memory, which is the next
 *                kernel's, says so
 */

struct stub_region {
	uint64_t start;
	uint64_t size;
};

/*
 * Bytes that lie elsewhere once everything is verified: firmware's, which the loader cannot read,
 * or the loader's own, for places that belong to the running kernel.
 */
struct stub_copy {
	uint64_t from;
	uint64_t to;
	uint64_t size;
};

/* What a step is about; bits. */
enum stub_step_kind {
	STUB_STEP_PORT = 1, /* x86: an I/O port; else memory */
};

/*
 * One access to a register of a device, once everything is verified, for which the register is read
 * where bits of it are to stay, and written unless all are.
 */
struct stub_step {
	uint64_t address;
	uint64_t keep; /* the bits that stay */
	uint64_t value;
	uint32_t width; /* bytes: 1, 2, 4, or in memory 8 */
	uint32_t kind;  /* enum stub_step_kind */
};

/* How the record is written. */
enum stub_record_form {
	STUB_RECORD_BYTES = 0,
	STUB_RECORD_DIGITS = 1, /* each byte as two hexadecimal digits */
};

/*
 * What the stub measured, in ticks of the CPU's counter (TSC, CNTVCT, the time CSR, the stable
 * counter, the TOD clock). It lies in memory that the next kernel can read (on x86 a setup_data node of type
 * STUB_MAGIC, elsewhere a property of the device tree, on loong64 and s390x a parameter) and is not part of the digest. It may be
 * aligned to 4 bytes only. Numbers have the CPU's byte order, in a device tree too.
 */
struct stub_record {
	uint32_t magic;
	uint32_t version;
	uint64_t loaded;   /* filled by the loader, when the plan was made */
	uint64_t entered;  /* first instruction of the stub */
	uint64_t verified; /* digest computed; equals entered when there was no check */
	uint64_t left;     /* just before the jump */
	uint64_t bytes;    /* filled by the loader: bytes under the digest */
	uint32_t check;    /* enum stub_check, as it was run */
	uint32_t flags;    /* reserved, 0 */
};

/*
 * The argument block, at offset 0 of the stub. Everything of the stub behind the digest is itself
 * under the digest (the loader names it as the last region).
 */
struct stub_args {
	uint8_t digest[STUB_DIGEST_SIZE];

	uint32_t magic;
	uint32_t version;
	uint32_t check;        /* enum stub_check_word */
	uint32_t region_count; /* at most STUB_REGIONS_MAX */

	uint64_t entry; /* of the next kernel */
	uint64_t registers[STUB_REGISTERS];
	uint64_t page_tables[2]; /* roots, see above */
	uint64_t record;         /* of a struct stub_record; 0: none */
	uint64_t stack; /* its top, a multiple of 64; all that the stub writes lies below */

	uint32_t console; /* enum stub_console */
	uint32_t serial_port;
	uint32_t reset_delay_ms; /* between the message of a failure and the reset */
	uint32_t counter_khz;    /* of the CPU's counter; 0: unknown */
	uint32_t mode;           /* enum stub_mode */
	uint32_t serial_divisor; /* of 115200 baud; 0: the line stays as it was programmed */
	uint32_t restore;        /* enum stub_restore */
	uint32_t reset;          /* enum stub_reset */

	uint64_t console_address;
	uint32_t console_shift; /* of a register's number: how far apart they lie */
	uint32_t console_width; /* bytes of an access to one: 1, 2 or 4; 0: 1 */
	uint64_t reset_address; /* in memory */
	uint64_t reset_value;
	uint32_t reset_width; /* 1, 2, 4 or 8 */
	uint32_t copy_count;  /* at most STUB_COPIES_MAX */

	struct stub_region regions[STUB_REGIONS_MAX];
	struct stub_copy copies[STUB_COPIES_MAX];

	uint64_t steps;       /* of an array of struct stub_step, under the digest; in this order */
	uint32_t step_count;  /* at most STUB_STEPS_MAX */
	uint32_t record_form; /* enum stub_record_form */
};

_Static_assert(sizeof(struct stub_region) == 16, "stub ABI");
_Static_assert(sizeof(struct stub_step) == 32, "stub ABI");
_Static_assert(sizeof(struct stub_record) == 56, "stub ABI");
_Static_assert(offsetof(struct stub_args, magic) == 32, "stub ABI");
_Static_assert(offsetof(struct stub_args, entry) == 48, "stub ABI");
_Static_assert(offsetof(struct stub_args, page_tables) == 88, "stub ABI");
_Static_assert(offsetof(struct stub_args, record) == 104, "stub ABI");
_Static_assert(offsetof(struct stub_args, stack) == 112, "stub ABI");
_Static_assert(offsetof(struct stub_args, console) == 120, "stub ABI");
_Static_assert(offsetof(struct stub_args, mode) == 136, "stub ABI");
_Static_assert(offsetof(struct stub_args, restore) == 144, "stub ABI");
_Static_assert(offsetof(struct stub_args, console_address) == 152, "stub ABI");
_Static_assert(offsetof(struct stub_args, reset_address) == 168, "stub ABI");
_Static_assert(offsetof(struct stub_args, regions) == 192, "stub ABI");
_Static_assert(offsetof(struct stub_args, steps) == 896, "stub ABI");
_Static_assert(sizeof(struct stub_args) <= STUB_ENTRY_OFFSET, "the block lies before the code");
