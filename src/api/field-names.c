/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What saut.h calls the fields that the core speaks of; what it cannot be asked for has a plain name. */
#include "api/object.h"

static const struct field_name own[] = {
	{ "dtb", "saut_set_device_tree()" },
	{ "entry", "saut_choose_entry()" },
	{ "files", "saut_set_kernel(), saut_add_initrd() and saut_set_command_line()" },
	{ "help", "saut.h" },
	{ "initrd", "saut_add_initrd()" },
	{ "initrd-unchecked", "kexec --initrd-unchecked" },
	{ "initrd-recompress", "saut_set_initrd_policy()" },
	{ "kernel", "saut_set_kernel()" },
	{ "kexec-file-syscall", "SAUT_CALL_FILE_LOAD" },
	{ "kexec-syscall", "SAUT_CALL_LOAD" },
	{ "limits", "saut_set_limits()" },
	{ "list", "saut_find_entries()" },
	{ "module", "saut_add_module()" },
};

const struct field_names api_field_names = { "", own, sizeof own / sizeof *own };
