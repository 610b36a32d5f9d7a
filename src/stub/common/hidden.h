/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line of the compiler includes this before every file of a stub: all names of a stub
 * are defined in it, so that no compiler needs a table of addresses, which nobody would fill in.
 */
#pragma once

#pragma GCC visibility push(hidden)
