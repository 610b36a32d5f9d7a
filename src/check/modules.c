/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the modules of that kernel's version are installed: without them it boots as far as its initrd
 * goes, and then has no driver that was not in there.
 */
#include "check/rows.h"

#include "machine/modules.h"

static const char advice[] =
	"install the package with this kernel's modules, and run depmod RELEASE";

struct check_finding check_modules(const struct check_subject *subject)
{
	const char *release = subject->release;
	struct kernel_modules modules;
	struct check_finding finding;
	struct error err = { 0 };

	if (!release[0])
		return check_finds(subject, CHECK_UNKNOWN, "the kernel does not tell its version");
	if (!kernel_modules_read(subject->source, release, subject->arena, &modules, &err))
		return check_finds(subject, CHECK_UNKNOWN, "%s", err.reason);
	if (modules.folder && modules.depends.p)
		return check_finds(
			subject, CHECK_PASS, "those of %s are in /%s", release, modules.folder);
	finding = modules.folder
		? check_finds(subject, CHECK_WARN, "/%s has no modules.dep", modules.folder)
		: check_finds(subject, CHECK_WARN,
			  "no modules of %s are installed; that is right only for a kernel that "
			  "has all its drivers built in, or whose root is another one",
			  release);
	finding.advice = advice;
	return finding;
}
