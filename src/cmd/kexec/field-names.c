/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of kexec(8): fields are called as they are, but for those that stand for several. */
#include "cmd/field-names.h"

static const struct field_name own[] = {
	{ "files", "kexec -l KERNEL --initrd=FILE --command-line=STRING" },
	{ "help", "kexec --help" },
	{ "kernel", "kexec -l KERNEL" },
	{ "kexec-file-syscall", "-s" },
	{ "kexec-syscall", "-c" },
	{ "limits", "--mem-min and --mem-max" },
	{ "list", "saut list" },
};

const struct field_names command_field_names = { "--", own, sizeof own / sizeof *own };
