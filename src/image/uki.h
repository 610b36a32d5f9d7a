/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unified kernel image: a PE file whose sections are a kernel, its initrd and its command line.
 * UAPI.5, "Unified Kernel Image". Where it has profiles, profile 0 is read over the base, as by a
 * boot loader that is told nothing else.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/cpu.h"
#include "base/error.h"

struct uki {
	enum cpu_arch arch;    /* of the program around it */
	bool is_signed;        /* as a whole; the kernel in it has a signature of its own or none */
	struct view kernel;    /* .linux; never empty */
	struct view microcode; /* .ucode: an initrd that comes before every other */
	struct view initrd;    /* .initrd */
	/*
	 * .linuxh and .initrdh, SHA-256: then .linux and .initrd are not these files but the paths of
	 * them on the image's own file system, as Lanzaboote has it. Both empty for all others.
	 */
	struct view kernel_hash, initrd_hash;
	struct view os_release;               /* .osrel */
	struct view splash;                   /* .splash */
	const char *command_line;             /* .cmdline, as one line; NULL: it has none */
	const char *release;                  /* .uname; "" when it has none */
	struct view device_tree;              /* .dtb, the first; empty when it has none */
	const struct view *device_trees_auto; /* .dtbauto, of which one fits the machine or none */
	size_t device_tree_auto_count;
	size_t profiles; /* besides the base; 0 for one without */
};

/* Whether it is a PE file with a kernel in it. */
bool uki_probe(struct view bytes);

/* Validates all sections; the views point into bytes, the strings live in the arena. */
bool uki_parse(struct view bytes, struct arena *arena, struct uki *ret, struct error *err)
	__attribute__((warn_unused_result));
