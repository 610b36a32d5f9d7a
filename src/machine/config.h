/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running kernel's configuration, from wherever it was left: /proc/config.gz, /boot, modules. */
#pragma once

#include "base/arena.h"
#include "machine/machine.h"

enum kernel_option_id {
	OPTION_KEXEC,
	OPTION_KEXEC_FILE,
	OPTION_KEXEC_SIG,
	OPTION_KEXEC_SIG_FORCE,
	OPTION_KEXEC_HANDOVER,
	OPTION_CRASH_DUMP,
	KERNEL_OPTIONS,
};

struct kernel_option {
	const char *name; /* "CONFIG_KEXEC" */
	const char *what;
};

extern const struct kernel_option kernel_options[KERNEL_OPTIONS];

struct kernel_config {
	const char *file; /* NULL: none can be read, and no answer is known */
	enum answer answers[KERNEL_OPTIONS];
	const char *unknown; /* why none can be read where one is, or may be; NULL: there is none */
};

/* The running kernel's, and the name of its file; false where none can be read, and nothing is set. */
bool kernel_config_text(
	const struct source *source, struct arena *arena, struct view *ret, const char **ret_name);

/* Of the running kernel. */
struct kernel_config kernel_config_read(const struct source *source, struct arena *arena);

/*
 * Yes for "CONFIG_NAME=y" and "CONFIG_NAME=m", no for "CONFIG_NAME=n" and "# CONFIG_NAME is not set". Unknown where
 * no line names it, for a text may be of another version of Linux, or cut, and for any other value.
 */
enum answer kernel_config_stated(struct view text, const char *name);

/* Yes where that is yes, else no: for a text that is known to be whole. */
enum answer kernel_config_answer(struct view text, const char *name);
