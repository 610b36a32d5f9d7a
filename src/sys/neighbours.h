/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a neighbour answers: the kernel is told to look for it again, which it does by ARP or by
 * neighbour discovery (rtnetlink(7), NTF_USE), and nothing else is sent.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Waits for the kernel's word for at most wait_ms. What cannot be asked does not answer. */
bool neighbour_answers(
	bool is_ipv6, const uint8_t address[static 16], const char *device, unsigned wait_ms);
