/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a terminal tells of itself. */
#pragma once

#include <stddef.h>

/* How many characters have room in a line; 0: fd is no terminal, or it does not tell. */
size_t terminal_width(int fd);
