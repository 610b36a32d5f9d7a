/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the caller wants, and the life of what he has given for it. */
#pragma once

#include "api/object.h"

void given_set_up(struct given *given);

/* Closes the descriptors. */
void given_free(struct given *given);

/* Without kernel, initrds, modules, command line and device tree; the rest stays. */
void given_forget_files(struct given *given);
