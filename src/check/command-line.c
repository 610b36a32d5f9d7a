/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel takes so many characters and no more (cmdline_size in Documentation/arch/x86/boot.rst).
 * The plan refuses what is longer; this tells by how much, and whether it could be looked at.
 */
#include "check/rows.h"

#include <string.h>

static const struct bzimage *header_of(const struct image *image)
{
	if (image &&
		(image->format == IMAGE_BZIMAGE ||
			(image->format == IMAGE_ELF && image->bzimage.command_line_max)))
		return &image->bzimage;
	return NULL;
}

struct check_finding check_command_line(const struct check_subject *subject)
{
	const struct bzimage *header = header_of(subject->image);
	const struct error *refused = subject->refused;
	struct check_finding finding;
	unsigned long long length, most;

	if (!subject->command_line)
		return check_finds(subject, CHECK_UNKNOWN, "the next command line is not known");
	length = strlen(subject->command_line);
	if (refused && refused->fault == FAULT_FIT_COMMAND_LINE) {
		finding = check_finds(subject, CHECK_FAIL, "%s", refused->reason);
		finding.advice = check_hint(subject, refused);
		return finding;
	}
	if (!header)
		return subject->plan
			? check_finds(subject, CHECK_PASS, "it takes the %llu characters", length)
			: check_finds(subject, CHECK_UNKNOWN,
				  "%llu characters, and the kernel's limit is not known", length);
	most = header->command_line_max;
	finding = check_finds(subject, length > most ? CHECK_FAIL : CHECK_PASS,
		"%llu characters, and this kernel takes %llu", length, most);
	if (finding.result == CHECK_FAIL)
		finding.advice = fault_hint(FAULT_FIT_COMMAND_LINE);
	return finding;
}
