/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What mark.c executes and outage-counts.c looks for: a load from 0x53415554 behind %rdi. */
#pragma once

#define OUTAGE_MARK_OFFSET 0x53415554
/* movzbl OUTAGE_MARK_OFFSET(%rdi), %eax */
#define OUTAGE_MARK_BYTES 0x0f, 0xb6, 0x87, 0x54, 0x55, 0x41, 0x53
