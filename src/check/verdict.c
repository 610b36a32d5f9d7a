/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts to words. The worst obstacle comes first: who mends it learns of the next one. */
#include "check/verdict.h"

static bool is_absent(enum answer call, enum answer configured)
{
	return call == ANSWER_NO || (call == ANSWER_UNKNOWN && configured == ANSWER_NO);
}

/* Neither system call is known to be there. */
static bool is_untold(const struct kexec_ability *ability, const struct kernel_config *config)
{
	return ability->load != ANSWER_YES && ability->file_load != ANSWER_YES &&
		config->answers[OPTION_KEXEC] != ANSWER_YES &&
		config->answers[OPTION_KEXEC_FILE] != ANSWER_YES;
}

/* Only signed kernels, and only by kexec_file_load. */
static struct verdict when_locked(bool file_load_is_absent)
{
	if (file_load_is_absent)
		return (struct verdict){ ANSWER_NO,
			"the kernel is locked down, and has no kexec_file_load to verify a "
			"signature with",
			"turn Secure Boot off in the firmware, or boot a kernel with "
			"CONFIG_KEXEC_FILE=y and CONFIG_KEXEC_SIG=y" };
	return (struct verdict){ ANSWER_YES,
		"the kernel is locked down: only a kernel is taken whose signature it trusts",
		"load a kernel of your distribution, which is signed" };
}

/* False where the running kernel itself would have to do it. */
static bool xen_decides(const struct kexec_ability *ability, struct verdict *ret)
{
	static const char elsewhere[] =
		"reboot through the firmware; a guest of the kind HVM or PVH "
		"(a dom0: dom0=pvh on Xen's command line) can";

	switch (ability->xen.kind) {
	case XEN_PV_NONE:
		return false;
	case XEN_PV_DOM0:
		*ret = (struct verdict){ ANSWER_YES, "through Xen, which has the machine (PV dom0)",
			NULL };
		if (ability->may_boot == ANSWER_NO)
			*ret = (struct verdict){ ANSWER_YES, "only root may ask Xen for it",
				"run as root" };
		else if (ability->xen.why)
			*ret = (struct verdict){ ANSWER_NO,
				"Xen has the machine (PV dom0), and cannot be asked",
				"modprobe xen-privcmd, and run as root" };
		else if (kexec_is_locked_down(ability))
			*ret = (struct verdict){ ANSWER_NO,
				"the kernel is locked down, and Xen, which has the machine (PV dom0), "
				"verifies no signature",
				"turn Secure Boot off in the firmware, or reboot through it" };
		return true;
	case XEN_PV_GUEST:
		*ret = (struct verdict){ ANSWER_NO,
			"it is paravirtualised by Xen (PV), and would crash", elsewhere };
		return true;
	case XEN_PV_UNKNOWN:
		break;
	}
	*ret = (struct verdict){ ANSWER_NO,
		"it may be paravirtualised by Xen (PV): /sys/hypervisor does not tell, or cannot be "
		"read",
		elsewhere };
	return true;
}

struct verdict verdict_of(const struct kexec_ability *ability, const struct kernel_config *config)
{
	bool no_load = is_absent(ability->load, config->answers[OPTION_KEXEC]);
	bool no_file_load = is_absent(ability->file_load, config->answers[OPTION_KEXEC_FILE]);
	struct verdict verdict;
	bool by_xen = xen_decides(ability, &verdict);

	if (by_xen && verdict.can != ANSWER_YES)
		return verdict;
	if (!by_xen && no_load && no_file_load)
		return (struct verdict){ ANSWER_NO,
			"this kernel was built without CONFIG_KEXEC and CONFIG_KEXEC_FILE",
			"boot a kernel that has one of them; Gentoo: enable \"kexec system call\" "
			"(General setup) and build it again" };
	if (ability->disabled == ANSWER_YES)
		return (struct verdict){ ANSWER_NO,
			"it is switched off: kernel.kexec_load_disabled is 1",
			"reboot through the firmware, and look in /etc/sysctl.d "
			"for who "
			"sets it" };
	if (ability->load_limit_reboot == 0)
		return (struct verdict){ ANSWER_NO,
			"the limit kernel.kexec_load_limit_reboot is used up",
			"reboot through the firmware" };
	if (by_xen)
		return verdict;
	if (kexec_is_locked_down(ability))
		return when_locked(no_file_load);
	if (is_untold(ability, config))
		return (struct verdict){ ANSWER_UNKNOWN,
			"it tells neither whether it has kexec_load nor whether it has "
			"kexec_file_load, and neither does its configuration",
			"load a kernel to find out: saut load" };
	if (ability->may_boot == ANSWER_NO)
		return (struct verdict){ ANSWER_YES, "only root may load", "run as root" };
	if (no_load)
		return (struct verdict){ ANSWER_YES, "by kexec_file_load only", NULL };
	if (no_file_load)
		return (struct verdict){ ANSWER_YES, "by kexec_load only", NULL };
	return (struct verdict){ ANSWER_YES, "nothing is known against it", NULL };
}
