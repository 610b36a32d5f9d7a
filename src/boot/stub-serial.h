/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a failing stub is heard on CPUs whose serial ports are memory. */
#pragma once

#include "plan/plan.h"
#include "stub/abi.h"

/*
 * The port that the request names; otherwise that of the last console= of the next kernel's command
 * line which is a port of this machine, then of the running kernel's, then the only port there is.
 * NULL where none of these is known.
 */
const struct mmio_serial *stub_serial_choose(
	const struct machine *machine, const struct request *request);

/* Says in the argument block that the stub is heard there; NULL changes nothing. */
void stub_serial_fill(struct stub_args *args, const struct mmio_serial *serial);
