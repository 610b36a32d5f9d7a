/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which drivers a kernel has: built in, as a module that depmod(8) knows, or not at all, by the lists
 * that its installation left in /lib/modules/VERSION. A list that is missing, empty or ends in the
 * middle of a line says nothing about what it does not name.
 */
#pragma once

#include "machine/source.h"

struct kernel_modules {
	const char
		*folder; /* relative to the root; NULL: no modules of this version are installed */
	struct view builtin, depends; /* the texts of modules.builtin and modules.dep */
};

/*
 * False where something is there and cannot be read. A version that can be no name of a folder has no
 * modules. The texts are in the arena.
 */
bool kernel_modules_read(const struct source *source, const char *version, struct arena *arena,
	struct kernel_modules *ret, struct error *err) __attribute__((warn_unused_result));

enum module_place {
	MODULE_UNKNOWN,
	MODULE_ABSENT,
	MODULE_BUILTIN,
	MODULE_LOADABLE,
};

struct module_answer {
	enum module_place place;
	struct view file;  /* of a loadable one, in the folder */
	struct view needs; /* the files of all that must be loaded before it, between blanks */
};

/* '-' and '_' are the same in a module's name. */
struct module_answer kernel_modules_find(const struct kernel_modules *modules, const char *name);

/* "nvme-core" of "kernel/drivers/nvme/host/nvme-core.ko.xz"; empty for what is no module's file. */
struct view module_name_of(struct view path);

/* Whether both name the same module. */
bool module_name_is(struct view name, const char *wanted);
