/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of efivarfs ("Documentation/filesystems/efivarfs.rst"): attributes and value are written by one
 * write, and what the kernel takes for dear cannot be removed before a flag is taken off it.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"

/* A new one, read back; one that is there already is left alone. After a failure there is none. */
bool efi_variable_create(const char *path, struct view bytes, struct error *err)
	__attribute__((warn_unused_result));

/* It may be missing already. */
bool efi_variable_remove(const char *path, struct error *err) __attribute__((warn_unused_result));
