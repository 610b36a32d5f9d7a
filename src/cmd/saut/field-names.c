/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of saut(8); what it has no option for is said by one of kexec(8), or in KEXEC_OPT_ARGS. */
#include "cmd/field-names.h"

static const struct field_name own[] = {
	{ "entry", "--entry=NAME" },
	{ "files", "kexec -l KERNEL --initrd=FILE --command-line=STRING" },
	{ "help", "saut help" },
	{ "kernel", "kexec -l KERNEL" },
	{ "kexec-file-syscall", "kexec's -s" },
	{ "kexec-syscall", "kexec's -c" },
	{ "limits", "kexec's --mem-min and --mem-max" },
	{ "list", "saut list" },
	{ "no-checks", "--no-checks" },
};

const struct field_names command_field_names = { "kexec's --", own, sizeof own / sizeof *own };
