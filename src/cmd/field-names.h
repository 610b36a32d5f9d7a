/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command calls the fields that the core speaks of: each command has its own names. */
#pragma once

#include "base/fields.h"

/* In the folder of the command. */
extern const struct field_names command_field_names;
