/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Included before every file of a stub by the compiler's command line: all that a stub names is in
 * it, so that no compiler need go through a table of addresses, which nobody would fill in.
 */
#pragma once

#pragma GCC visibility push(hidden)
