/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32 (ISO 3309; RFC 1952, 8), a byte at a time through a table. */
#pragma once

#include <stdint.h>

#include "base/bytes.h"

uint32_t crc32_of(struct view bytes);
