/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a failing stub resets a machine of Arm's: by PSCI, whose calls go to the firmware or to a hypervisor. */
#pragma once

#include "machine/machine.h"
#include "stub/abi.h"

enum stub_reset stub_psci_reset(const struct machine *machine);
