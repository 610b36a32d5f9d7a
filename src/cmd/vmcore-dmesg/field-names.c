/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of vmcore-dmesg(8). */
#include "cmd/field-names.h"

static const struct field_name own[] = {
	{ "help", "vmcore-dmesg --help" },
};

const struct field_names command_field_names = { "--", own, sizeof own / sizeof *own };
