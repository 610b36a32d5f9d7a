/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device registers that lie in memory: one access of exactly the width that is asked for. */
#pragma once

#include <stdint.h>

static inline uint64_t memory_read(uint64_t address, uint32_t width)
{
	uintptr_t at = (uintptr_t)address;

	switch (width) {
	case 2:
		return *(volatile uint16_t *)at;
	case 4:
		return *(volatile uint32_t *)at;
	case 8:
		return *(volatile uint64_t *)at;
	default:
		return *(volatile uint8_t *)at;
	}
}

static inline void memory_write(uint64_t address, uint32_t width, uint64_t value)
{
	uintptr_t at = (uintptr_t)address;

	switch (width) {
	case 2:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	case 4:
		*(volatile uint32_t *)at = (uint32_t)value;
		break;
	case 8:
		*(volatile uint64_t *)at = value;
		break;
	default:
		*(volatile uint8_t *)at = (uint8_t)value;
		break;
	}
}
