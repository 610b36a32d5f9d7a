/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How much memory a crash kernel wants, against what is reserved for it, and how much is worth reserving. A model of
 * numbers: it knows no files. What it adds up is an estimate, which errs upwards.
 */
#pragma once

#include "base/cpu.h"
#include "base/range.h"

/* What it is asked about. */
struct crash_load_sizes {
	uint64_t kernel;          /* bytes that the kernel keeps from its start on; 0: not known */
	uint64_t initrd;          /* of its initrds, as they are loaded */
	uint64_t initrd_unpacked; /* of what is in them; counts where has_unpacked */
	bool has_unpacked;
	uint64_t headers; /* of the core's headers */
};

/* Bytes. */
struct crash_needs {
	bool is_known; /* without the kernel, or what is in the initrds, nothing is added up */
	uint64_t kernel, initrd, unpacked, headers;
	uint64_t pages; /* what the kernel keeps of each page that it has, and its page tables */
	uint64_t work;  /* what else it takes, and the programs in it */
	uint64_t total;
};

/* reserved: for all of which the kernel keeps something. */
struct crash_needs crash_needs_sum(const struct crash_load_sizes *sizes, uint64_t reserved);

/*
 * What distributions reserve on a machine with so much RAM (crashkernel= of RHEL's kdump-utils, formerly
 * crashkernel=auto); 0: they reserve nothing on so small a machine, or it is not known of this CPU.
 */
uint64_t crash_usual_reserve(enum cpu_arch arch, uint64_t ram, uint64_t page_size);

/* The larger of that and of what is needed, in steps that are worth writing on a command line. */
uint64_t crash_recommend(uint64_t usual, const struct crash_needs *needs);
