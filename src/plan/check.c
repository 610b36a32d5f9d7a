/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/check.h"

enum check_wanted check_choose(const struct cpu_facts *cpu, enum check_wanted wanted)
{
	if (wanted != CHECK_AUTO)
		return wanted;
	/*
	 * Both find memory that was written to, which is what the check is for. CRC-32C is the faster
	 * one on every CPU; x86's instructions for SHA-256 come close to it, arm64's take six times as
	 * long.
	 */
	return cpu->sha ? CHECK_SHA256 : CHECK_CRC32C;
}
