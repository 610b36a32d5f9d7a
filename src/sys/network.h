/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network before a jump: a card that still receives would write into the next kernel. */
#pragma once

/*
 * Takes every interface but the loopback ones down. Best effort: what does not go down is left,
 * since a jump must not fail for it.
 */
void network_down(void);
