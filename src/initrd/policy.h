/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The form in which an initrd is loaded. To pack it otherwise costs memory and time now, while the
 * machine serves; what unpacks fast saves time later, while nothing serves. Where nothing serves now
 * either, since it is loaded while the machine goes down, both times count alike. A model of numbers:
 * it reads no file and packs nothing. Its times are estimates for comparing forms, not promises.
 */
#pragma once

#include "initrd/initrd.h"

enum initrd_form {
	INITRD_AUTO, /* as a wish only */
	INITRD_KEEP,
	INITRD_RAW,
	INITRD_LZ4,
	INITRD_ZSTD,
	INITRD_FORMS,
};

/* "auto", "keep", "raw", "lz4", "zstd": as the option names them. */
const char *initrd_form_name(enum initrd_form form);
bool initrd_form_by_name(const char *name, enum initrd_form *ret);

/* How the loaded bytes are verified between the kernels. */
enum initrd_check {
	INITRD_CHECK_NONE,
	INITRD_CHECK_CRC32C, /* by the CPU's instruction for it */
	INITRD_CHECK_CRC32C_PLAIN,
	INITRD_CHECK_SHA_NI,
	INITRD_CHECK_SHA_PLAIN, /* always so with kexec_file_load */
	INITRD_CHECKS,
};

/* One row of the model's constants, with the source of the figure. */
struct initrd_rate {
	const char *name; /* of the codec, or of the work */
	uint32_t ns_per_mib;
	uint32_t percent; /* unpacked bytes for 100 packed ones, as usual for initrds */
	const char *source;
	uint32_t here_ns_per_mib; /* the same by this program, ahead of the jump; codecs alone */
};

enum { INITRD_CODEC_RATES = 6 };
extern const struct initrd_rate initrd_codec_rates[INITRD_CODEC_RATES]; /* per unpacked MiB */
extern const struct initrd_rate initrd_copy_rate;                       /* one copy of a MiB */
extern const struct initrd_rate initrd_read_rate;
extern const struct initrd_rate initrd_check_rates[INITRD_CHECKS];

/* The row of a codec; NULL where there is none. */
const struct initrd_rate *initrd_codec_rate(const char *codec);

/* What so many bytes take at a rate. */
uint64_t initrd_work_ns(uint64_t bytes, uint64_t ns_per_mib);

/* What it takes to load so many bytes, ahead of the jump: into the running kernel's memory, and their check. */
uint64_t initrd_load_ns(uint64_t bytes, enum initrd_check check);

/* What they take in the blackout: so many copies by the running kernel, and their check once more. */
uint64_t initrd_carry_ns(uint64_t bytes, unsigned copies, enum initrd_check check);

/* What it takes to read them from a disk. */
uint64_t initrd_read_ns(uint64_t bytes);

/* A compressed archive. */
struct initrd_part {
	const char *codec;
	uint64_t packed;
	uint64_t unpacked; /* 0: not known yet */
};

struct initrd_facts {
	enum initrd_form wish;

	bool understood;  /* nothing in the file is strange, to us or to the next kernel */
	bool lacks_codec; /* this build cannot unpack some of it */
	uint64_t plain;   /* bytes that are not compressed */
	struct initrd_part parts[INITRD_ARCHIVES_MAX];
	size_t part_count;
	uint64_t made[INITRD_FORMS]; /* size in this form where known; UINT64_MAX: beyond limits */

	bool unpacks_lz4, unpacks_zstd; /* known of the next kernel */

	enum initrd_check check;
	unsigned copies;  /* how often the running kernel copies each byte in the blackout */
	unsigned holders; /* how many times the file is in memory while it is loaded */
	uint64_t memory_available; /* 0: unknown */
	uint64_t memory_spent;     /* of the budget, by the files before this one */
	uint64_t machine_ram;

	bool in_outage; /* nothing serves any more while this is loaded: loading counts as well */
	bool is_held;   /* for long before the jump: if it grows, then to no more than hold_left */
	uint64_t hold_left;

	uint64_t
		ready_lz4; /* bytes of what is kept on the disk, packed by lz4 before; 0: nothing is */
};

/* How many bytes it has in this form, as far as can be told. */
uint64_t initrd_policy_size(const struct initrd_facts *facts, enum initrd_form form);

/* What the next kernel takes to unpack an initrd that it is handed in this form; codecs without a figure take none. */
uint64_t initrd_unpack_ns(const struct initrd_facts *facts, enum initrd_form form);

/* Whether that is all of it: each part has a codec with a figure, and nothing in the file is strange. */
bool initrd_unpack_is_known(const struct initrd_facts *facts, enum initrd_form form);

/* Fills what the bytes tell: understood, lacks_codec, plain, parts. */
void initrd_policy_describe(const struct initrd *initrd, struct initrd_facts *facts);

struct initrd_choice {
	enum initrd_form form; /* never auto */
	const char *reason;
	bool refused; /* a form was asked for and is not taken */
	/* Predicted share of the blackout, in an outage with that of loading; 0 where impossible. */
	uint64_t ns[INITRD_FORMS];
	uint64_t made_max;     /* bytes that the new file may have */
	uint64_t unpacked_max; /* bytes that may come out of it */
};

struct initrd_choice initrd_policy_choose(const struct initrd_facts *facts);
