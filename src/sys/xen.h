/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Xen, asked by the domain that has the machine, for what it tells of the machine and for kexec, which
 * under paravirtualisation is Xen's to do. All by the devices of Linux's module xen-privcmd.
 */
#pragma once

#include "base/arena.h"
#include "sys/kexec-calls.h"

/*
 * What machine/xen.h reads as the file saut/xen: what is loaded, and the machine's memory map; or why
 * Xen did not say. NULL when memory is out. Where this is no such domain, it tells why not.
 */
char *xen_text(struct arena *arena);

/*
 * The calls of kexec as Xen has them: errno is what the hypercall gave. There is no file_load; a load of
 * no segments unloads. A kernel that was loaded before is kept until another one is, unless Xen has no room
 * for both. After each of them Xen's own answer to whether one is loaded is right: by itself it goes wrong
 * with every second load.
 */
extern const struct kexec_calls kexec_xen;
