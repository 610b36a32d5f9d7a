/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a byte that is loaded costs later, as far as the machine and the job tell. */
#pragma once

#include "jump/job.h"

/* How often the running kernel copies each byte in the blackout. */
unsigned load_copies(const struct machine *machine);

/* How it is verified between the kernels. */
enum initrd_check load_check(const struct job *job, enum kexec_call call);
