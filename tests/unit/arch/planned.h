/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of plans share: a captured machine, a small kernel, a request that is filled in. */
#pragma once

#include "image/bzimage-file.h"
#include "image/elf-file.h"
#include "image/raw-file.h"
#include "image/s390x-file.h"
#include "image/zimage-file.h"

#include "arch/registry.h"
#include "base/arith.h"
#include "machine/machine-folders.h"
#include "stub/abi.h"
#include "sys/snapshot.h"

struct planned {
	struct arena arena;
	struct machine machine;
	struct image image;
	struct block kernel; /* before planned_parse: its header may be changed */
	struct input initrds[PLAN_INITRDS_MAX];
	struct request request;
	struct plan plan;
	struct error error;
};

/* A kernel of today on a captured machine, by kexec_load, not verified. */
static inline void planned_begin(struct planned *p, const char *machine)
{
	struct snapshot snapshot;
	const char *path;

	*p = (struct planned){ 0 };
	path = arena_printf(&p->arena, "%s/%s.machine", MACHINE_FOLDERS, machine);
	assert_true(snapshot_open(path, &snapshot, &p->error));
	assert_true(machine_capture(&snapshot.source, &p->arena, &p->machine, &p->error));
	snapshot_close(&snapshot);
	if (p->machine.arch == ARCH_UNKNOWN)
		p->machine.arch = ARCH_X86_64;
	p->kernel = bz_make(&p->arena);
	bz_set(&p->kernel, "init_size", MiB(56));
	p->request = (struct request){ .command_line = "root=/dev/vda1 quiet",
		.call = CALL_LOAD,
		.check = CHECK_NONE,
		.limits = { 0, PHYS_MAX },
		.initrds = p->initrds };
}

/* A kernel for the machine's CPU, where that is none of x86, of the size that Debian's have. */
static inline void planned_choose_kernel(struct planned *p)
{
	/* Its CPU has no 64-bit mode. */
	if (p->machine.arch == ARCH_I386)
		bz_set(&p->kernel, "xloadflags", XLF_EFI_HANDOVER_32);
	if (p->machine.arch == ARCH_ARM)
		p->kernel = zif_make(&p->arena, 0);
	if (p->machine.arch == ARCH_S390X)
		p->kernel = sf_make(&p->arena, MiB(5));
	if (p->machine.arch == ARCH_PPC64LE) {
		p->kernel = ef_make(&p->arena, true);
		ef_make_ppc64el(&p->kernel);
		ef_set(&p->kernel, "p_memsz", MiB(41));
	}
	for (size_t i = 0; i < RF_KERNELS; i++)
		if (rf_kernels[i].arch == p->machine.arch) {
			p->kernel = rf_make(&p->arena, &rf_kernels[i], false);
			rf_set(&p->kernel, &rf_kernels[i], "memory", MiB(26));
			if (i == RF_LOONG)
				rf_relocate(&p->kernel);
		}
}

/* Its bytes are never looked at where nothing is verified. */
static inline void planned_add_initrd(struct planned *p, size_t size)
{
	static const uint8_t byte;

	p->initrds[p->request.initrd_count++] = (struct input){ "initrd", { &byte, size }, -1 };
}

static inline bool planned_make(struct planned *p)
{
	p->error = (struct error){ 0 };
	p->request.kernel = (struct input){ "vmlinuz", bz_view(p->kernel), -1 };
	p->request.image = &p->image;
	return image_parse(bz_view(p->kernel), &p->arena, &p->image, &p->error) &&
		plan_make(arch_find(p->machine.arch), &p->machine, &p->request, &p->arena, &p->plan,
			&p->error);
}

static inline void planned_must(struct planned *p)
{
	if (!planned_make(p))
		fail_msg("%s", p->error.reason);
}

static inline void planned_must_not(struct planned *p, enum fault fault, const char *reason)
{
	assert_false(planned_make(p));
	assert_int_equal(p->error.fault, fault);
	assert_reason(p->error, reason);
}

static inline const struct segment *planned_segment(const struct planned *p, const char *name)
{
	for (size_t i = 0; i < p->plan.segment_count; i++)
		if (strcmp(p->plan.segments[i].name, name) == 0)
			return &p->plan.segments[i];
	return NULL;
}

/* What the code between the kernels is told. */
static inline struct stub_args planned_args(const struct planned *p)
{
	struct stub_args args;

	memcpy(&args, planned_segment(p, "stub")->data.p, sizeof args);
	return args;
}
