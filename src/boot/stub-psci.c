/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/stub-psci.h"

enum stub_reset stub_psci_reset(const struct machine *machine)
{
	switch (machine->psci) {
	case PSCI_HVC:
		return STUB_RESET_PSCI_HVC;
	case PSCI_SMC:
		return STUB_RESET_PSCI_SMC;
	case PSCI_NONE:
		break;
	}
	return STUB_RESET_CPU;
}
