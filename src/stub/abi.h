/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hand-over between the loader and the stub, the code that runs between the two kernels. It is
 * the only header that both sides share. The stub is a flat blob without relocations that starts
 * with this block; the loader fills it in and the running kernel jumps behind it, to
 * STUB_ENTRY_OFFSET. All numbers have the CPU's byte order, all addresses are physical.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define STUB_MAGIC        0x54554153u /* "SAUT" in memory; also the setup_data type of the record */
#define STUB_VERSION      3u
#define STUB_REGIONS_MAX  32
#define STUB_ENTRY_OFFSET 0x400
#define STUB_DIGEST_SIZE  32
#define STUB_REGISTERS    4

/* How the loaded bytes are verified before the jump. */
enum stub_check {
	STUB_CHECK_NONE = 0,
	STUB_CHECK_SHA256 = 1,
	STUB_CHECK_CRC32C = 2, /* the digest's first four bytes */
};

/* Where a failing stub says so; bits, any of them. */
enum stub_console {
	STUB_CONSOLE_SERIAL = 1, /* 16550 at serial_port, as the last kernel programmed it */
	STUB_CONSOLE_VGA = 2,    /* 80x25 text at 0xb8000 */
};

/* How the next kernel is entered on x86, and what its registers hold; all others are 0. */
enum stub_mode {
	STUB_MODE_64 = 0, /* 64-bit mode, on the page tables below: rsi, rdi */
	/*
	 * 32-bit protected mode without paging, on flat segments (code 0x10, data 0x18):
	 * eax, ebx, esi, edi. The stub, its stack and the entry point must lie below 4 GiB.
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
	STUB_RESTORE_VGA = 2,	     /* 80x25 text, with the font that the firmware has */
};

struct stub_region {
	uint64_t start;
	uint64_t size;
};

/*
 * What the stub measured, in ticks of the CPU's counter. It lies in memory that the next kernel
 * can read (on x86 a setup_data node of type STUB_MAGIC) and is not part of the digest.
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
 * under the digest (the loader names it as the first region).
 */
struct stub_args {
	uint8_t digest[STUB_DIGEST_SIZE];

	uint32_t magic;
	uint32_t version;
	uint32_t check;        /* enum stub_check */
	uint32_t region_count; /* at most STUB_REGIONS_MAX */

	uint64_t entry; /* of the next kernel */
	uint64_t
		registers[STUB_REGISTERS]; /* as its boot protocol wants them; see enum stub_mode */
	uint64_t page_tables[2]; /* roots for 4 and 5 levels; 0: keep those of the last kernel */
	uint64_t record;         /* of a struct stub_record; 0: none */
	uint64_t stack; /* its top, a multiple of 16; all that the stub writes lies below */

	uint32_t console; /* enum stub_console */
	uint32_t serial_port;
	uint32_t reset_delay_ms; /* between the message of a failure and the reset */
	uint32_t counter_khz;    /* of the CPU's counter; 0: unknown */
	uint32_t mode;           /* enum stub_mode */
	uint32_t serial_divisor; /* of 115200 baud; 0: the line stays as it was programmed */
	uint32_t restore;        /* enum stub_restore */
	uint32_t unused;         /* 0 */

	struct stub_region regions[STUB_REGIONS_MAX];
};

_Static_assert(sizeof(struct stub_region) == 16, "stub ABI");
_Static_assert(sizeof(struct stub_record) == 56, "stub ABI");
_Static_assert(offsetof(struct stub_args, magic) == 32, "stub ABI");
_Static_assert(offsetof(struct stub_args, entry) == 48, "stub ABI");
_Static_assert(offsetof(struct stub_args, page_tables) == 88, "stub ABI");
_Static_assert(offsetof(struct stub_args, record) == 104, "stub ABI");
_Static_assert(offsetof(struct stub_args, stack) == 112, "stub ABI");
_Static_assert(offsetof(struct stub_args, console) == 120, "stub ABI");
_Static_assert(offsetof(struct stub_args, mode) == 136, "stub ABI");
_Static_assert(offsetof(struct stub_args, regions) == 152, "stub ABI");
_Static_assert(sizeof(struct stub_args) <= STUB_ENTRY_OFFSET, "the block lies before the code");
