/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What checks share: how they say that something could not be told, and how they add to a finding. */
#pragma once

#include "check/check.h"

/* Where the machine could not be captured, or the next command line is not known. */
struct check_finding check_without_machine(const struct check_subject *subject);
struct check_finding check_without_line(const struct check_subject *subject);

/* What source_take failed with. */
struct check_finding check_unreadable(
	const struct check_subject *subject, const struct error *unreadable);

/*
 * Where a folder of /sys that every kernel has is not there either: *ret says that nothing below it can be
 * told. A container may hide all of /sys.
 */
bool check_is_hidden(
	const struct check_subject *subject, const char *folder, struct check_finding *ret);

/* The finding with what to do and how it is known; NULL for none. */
struct check_finding check_advise(
	struct check_finding finding, const char *advice, const char *source);
