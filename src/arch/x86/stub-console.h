/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a failing stub is heard: the serial port of the command line, the firmware's text screen. */
#pragma once

#include <stdint.h>

#include "plan/plan.h"

struct stub_voice {
	uint32_t consoles; /* enum stub_console */
	uint16_t serial_port;
	uint32_t serial_divisor;
};

/*
 * As the request has it; beyond that the serial port of the last console=ttySN of the next kernel's
 * command line, or where it has none of the running one's, and a text screen where there is one.
 */
struct stub_voice stub_voice_choose(const struct machine *machine, const struct request *request);
