/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves the record of a reboot for the next boot: for `saut reboot`, and for the boot services. */
#pragma once

#include "base/error.h"
#include "service/record.h"

/* Of now and of this boot. kernel and reason may be NULL. */
bool save_record(enum reboot_way way, const char *kernel, const char *reason, struct error *err)
	__attribute__((warn_unused_result));
