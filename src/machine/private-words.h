/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command line without what it says of one machine alone. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Overwrites the values of such parameters, in place. */
void private_words_blank(uint8_t *line, size_t n);
