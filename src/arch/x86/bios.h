/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is left of the BIOS of a PC behind a running Linux: its vectors, its data, its ROMs, the
 * text mode of the VGA.
 */
#pragma once

#include "machine/machine.h"

/* Whether the firmware is a BIOS. Where that is unknown, yes: the stub then looks by itself. */
bool bios_is_there(const struct machine *machine);

/* The machine once the stub has put its screen into text mode; lives in the arena. */
bool bios_text_screen(const struct machine *machine, struct arena *arena,
	const struct machine **ret, struct error *err) __attribute__((warn_unused_result));
