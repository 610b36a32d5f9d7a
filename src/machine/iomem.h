/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /proc/iomem: who owns which physical addresses, as a tree that is drawn by indentation. It shows
 * the running kernel's view: what it reserved for a crash kernel, what its command line took away.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/range.h"

struct iomem_line {
	struct range range;
	unsigned depth; /* 0 for the outermost */
	struct view name;
};

struct iomem {
	const struct iomem_line *lines; /* as listed: a parent before its children */
	size_t count;
};

/*
 * False for text that is no such tree, or whose addresses are all zero: the kernel shows those to
 * callers without CAP_SYS_ADMIN. The names point into text.
 */
bool iomem_parse(struct view text, struct arena *arena, struct iomem *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Lines "Crash kernel", in the order in which they are listed. */
bool iomem_crash(const struct iomem *iomem, struct arena *arena, struct ranges *ret)
	__attribute__((warn_unused_result));

/* Every line whose memory is not the next kernel's to use freely; normalised. */
bool iomem_reserved(const struct iomem *iomem, struct arena *arena, struct ranges *ret)
	__attribute__((warn_unused_result));

/* Where the running kernel's image is: from its first line, "Kernel code", to the end of its last; empty without. */
struct range iomem_kernel(const struct iomem *iomem);

/* Lines "System RAM", at any depth and of any driver: what the kernel uses; normalised. */
bool iomem_ram(const struct iomem *iomem, struct arena *arena, struct ranges *ret)
	__attribute__((warn_unused_result));
