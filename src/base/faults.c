/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one table of what can go wrong, how bad that is and what the user does next. Reviewed as
 * prose: a hint names steps that can be taken, not the problem again. Those that not every machine lets
 * are told only where their way is open, before the one that can be taken anywhere.
 */
#include "base/error.h"

#include <string.h>

#include "base/fields.h"

enum { STEPS_MAX = 3 };

struct step {
	const char *text;
	enum hint_way way;
};

struct fault_row {
	enum error_class class;
	const char *hint; /* can be done anywhere */
	struct step steps[STEPS_MAX];
};

#define BY_LOAD      { "load with " FIELD_KEXEC_SYSCALL, WAY_LOAD }
#define BY_FILE_LOAD { "load with " FIELD_KEXEC_FILE_SYSCALL, WAY_FILE_LOAD }

static const struct fault_row rows[FAULT_COUNT] = {
	[FAULT_NONE] = { CLASS_DONE, NULL },
	[FAULT_USAGE] = { CLASS_USAGE, FIELD_HELP " shows all that can be asked for" },
	[FAULT_NO_KERNEL] = { CLASS_USAGE, "name the kernel to load: " FIELD_KERNEL },
	[FAULT_CRASH_NOT_LINUX] = { CLASS_USAGE,
		"load a Linux kernel as the crash kernel, entered in 32-bit or 64-bit mode" },
	[FAULT_INTERNAL] = { CLASS_REFUSED,
		"this is a defect of Saut; please report it with the command and all that it printed" },
	[FAULT_LIMITED] = { CLASS_REFUSED,
		"raise the resource limit of whoever starts this: `ulimit -a` shows them, "
		"LimitNOFILE= and its kin of a unit set them" },
	[FAULT_NO_MEMORY] = { CLASS_REFUSED, "free some memory and try again" },

	[FAULT_FILE_UNREADABLE] = { CLASS_IMAGE, "check the file and the disk that it is on" },
	[FAULT_FILE_MISSING] = { CLASS_IMAGE,
		"check the path, and that the file system with it (often /boot) is mounted" },
	[FAULT_FILE_DENIED] = { CLASS_PERMISSION,
		"make the file readable, also by a security module's rules",
		{ { "run as root", WAY_ROOT } } },
	[FAULT_FILE_NOT_REGULAR] = { CLASS_IMAGE, "name the kernel or initrd file itself" },
	[FAULT_FILE_EMPTY] = { CLASS_IMAGE,
		"the file was not written completely; install the kernel package again" },
	[FAULT_FILE_CHANGED] = { CLASS_IMAGE,
		"something writes to the file; wait until the kernel is installed and try again" },

	[FAULT_FILE_UNWRITABLE] = { CLASS_REFUSED,
		"see that the file system is mounted for writing and not full",
		{ { "run as root", WAY_ROOT } } },

	[FAULT_COMPRESSION_CORRUPT] = { CLASS_IMAGE,
		"the file is damaged or cut short; install or build it again" },
	[FAULT_COMPRESSION_BOMB] = { CLASS_IMAGE,
		"this is no kernel: its compressed data grows past every sensible size" },
	[FAULT_CODEC_MISSING] = { CLASS_REFUSED,
		"unpack the file first (zcat, xzcat, zstdcat, lz4cat, bzcat), or install a build of Saut "
		"that has the library" },

	[FAULT_IMAGE_UNKNOWN] = { CLASS_IMAGE,
		"give a kernel image (bzImage, often named vmlinuz), plain or compressed; `file FILE` "
		"tells what this one is" },
	[FAULT_IMAGE_TRUNCATED] = { CLASS_IMAGE,
		"the file was not copied or written completely; install the kernel again" },
	[FAULT_IMAGE_CORRUPT] = { CLASS_IMAGE,
		"the file is damaged; install or build the kernel again" },
	[FAULT_IMAGE_OTHER_ARCH] = { CLASS_IMAGE, "choose a kernel that was built for this CPU" },
	[FAULT_IMAGE_TOO_OLD] = { CLASS_IMAGE, "choose a newer kernel" },
	[FAULT_IMAGE_NO_ENTRY] = { CLASS_IMAGE,
		"reboot through the firmware to start it, or choose a kernel with a 32-bit or 64-bit "
		"entry point" },
	[FAULT_IMAGE_WRONG_TYPE] = { CLASS_IMAGE,
		"load without " FIELD_TYPE ": the format is recognised" },

	[FAULT_INITRD_DAMAGED] = { CLASS_IMAGE,
		"see that its file system is not full, then make the initrd again (update-initramfs -u, "
		"dracut --force, mkinitcpio -P); " FIELD_INITRD_UNCHECKED " loads it as it is" },
	[FAULT_INITRD_PACKING] = { CLASS_IMAGE,
		"make the initrd again for this kernel, packed in a way that it unpacks; " FIELD_INITRD_UNCHECKED
		" loads it as it is" },

	[FAULT_DEVICE_TREE] = { CLASS_IMAGE,
		"give a device tree blob (.dtb) that was made for this machine; `dtc -I dtb FILE` shows "
		"what is in it" },

	[FAULT_FIT_MEMORY] = { CLASS_FIT, "use a smaller initrd or give the machine more memory",
		{ { "widen " FIELD_LIMITS, WAY_LIMITS } } },
	[FAULT_FIT_CRASH_MEMORY] = { CLASS_FIT,
		"use a smaller initrd or reserve more memory by a larger crashkernel= and reboot" },
	[FAULT_FIT_CORE] = { CLASS_FIT,
		"have the core headers in 64-bit ELF, as they are by default" },
	[FAULT_FIT_SEGMENTS] = { CLASS_FIT,
		"give fewer files; initrds can be joined into one: cat A B > C" },
	[FAULT_FIT_COMMAND_LINE] = { CLASS_FIT, "shorten the command line" },
	[FAULT_FIT_PAGING] = { CLASS_FIT,
		"boot the running kernel with no5lvl or choose a kernel that knows 5-level paging",
		{ BY_LOAD } },
	[FAULT_FIT_DEVICE_TREE] = { CLASS_FIT,
		"use a smaller device tree (dtc without -@ leaves the symbols out) or a shorter command "
		"line" },

	[FAULT_MACHINE_UNREADABLE] = { CLASS_REFUSED,
		"mount /proc and /sys, or run it outside of the container that hides them",
		{ { "run as root, from whom the kernel hides no addresses", WAY_ROOT } } },
	[FAULT_NO_PROC] = { CLASS_REFUSED, "mount it: mount -t proc proc /proc",
		{ { "load with " FIELD_KEXEC_FILE_SYSCALL ", which needs none of it",
			WAY_FILE_LOAD } } },
	[FAULT_MACHINE_UNSUPPORTED] = { CLASS_REFUSED,
		"reboot through the firmware on this machine" },
	[FAULT_NO_STUB] = { CLASS_REFUSED,
		"install a Saut that was built with -Dstubs=all, or for this CPU",
		{ BY_FILE_LOAD } },
	[FAULT_XEN_PV] = { CLASS_REFUSED,
		"reboot through the firmware; a guest of the kind HVM or PVH (a dom0: dom0=pvh on Xen's "
		"command line) can" },
	[FAULT_XEN_SILENT] = { CLASS_REFUSED,
		"modprobe xen-privcmd in the first domain; it needs Linux 4.20 or later",
		{ { "run as root", WAY_ROOT } } },
	[FAULT_XEN_LOADS] = { CLASS_REFUSED, "load the kernel for the next reboot: " FIELD_KERNEL },
	[FAULT_XEN_MEMORY] = { CLASS_KERNEL,
		"leave Xen more of it: dom0_mem=2G (or so) on its command line, or xl mem-set 0 2G now" },
	[FAULT_NO_DEVICE_TREE] = { CLASS_REFUSED,
		"mount /sys, so that /sys/firmware/fdt is there, or give one by " FIELD_DTB,
		{ { "run as root, who can read /sys/firmware/fdt", WAY_ROOT }, BY_FILE_LOAD } },
	[FAULT_FIRMWARE_HIDDEN] = { CLASS_REFUSED,
		"run it outside of the container that hides /sys/firmware, or tell the next kernel by "
		"acpi_rsdp=ADDRESS",
		{ BY_FILE_LOAD } },
	[FAULT_CPUS_STUCK] = { CLASS_REFUSED,
		"boot the running kernel with nr_cpus=1 or reboot through the firmware" },
	[FAULT_NOTHING_LOADED] = { CLASS_REFUSED, "load a kernel first: " FIELD_KERNEL },
	[FAULT_NOTHING_SCHEDULED] = { CLASS_REFUSED,
		"saut status shows whether a reboot waits; one that was planned by shutdown(8) is "
		"cancelled by shutdown -c" },
	[FAULT_NO_TRIAL] = { CLASS_REFUSED, "saut status tells what became of the last jump" },
	[FAULT_FAILED_BEFORE] = { CLASS_REFUSED,
		"saut status tells how; boot it once through the firmware, or let it be tried again: "
		"saut forgive" },
	[FAULT_NO_CRASH_MEMORY] = { CLASS_REFUSED,
		"add crashkernel=256M to the kernel command line and reboot" },
	[FAULT_CRASH_NOT_RESERVED] = { CLASS_REFUSED,
		"see in the kernel's log why (dmesg), and whether it has CONFIG_CRASH_DUMP=y; "
		"what was given back by /sys/kernel/kexec_crash_size comes again with a reboot" },
	[FAULT_NO_CRASH_KERNEL] = { CLASS_REFUSED,
		"load one (saut crash load), or start the service that does: kdump-tools, kdump" },
	[FAULT_NO_CRASH_KEYS] = { CLASS_REFUSED,
		"boot a kernel with CONFIG_CRASH_DM_CRYPT=y, or have the dump saved where no key is "
		"needed" },
	[FAULT_NO_WATCHDOG] = { CLASS_REFUSED,
		"kexec(8) lists which hardware is known and what it needs; without a watchdog a kernel "
		"that hangs stays so" },

	[FAULT_NO_ENTRY] = { CLASS_REFUSED, "load a kernel that has no entry by " FIELD_FILES,
		{ { FIELD_LIST " shows the boot entries", WAY_LIST } } },
	[FAULT_ENTRY_REFUSED] = { CLASS_REFUSED, "load its files by " FIELD_FILES,
		{ { "choose another entry (" FIELD_LIST ")", WAY_LIST } } },
	[FAULT_ENTRY_UNKNOWN] = { CLASS_REFUSED, "load a kernel by its path: " FIELD_KERNEL,
		{ { "say which one is meant: " FIELD_ENTRY " (" FIELD_LIST " has the names)",
			WAY_LIST } } },
	[FAULT_NOT_MOUNTED] = { CLASS_REFUSED, "mount it and try again" },
	[FAULT_SETTINGS] = { CLASS_IMAGE,
		"correct the setting; kexec.conf(5) says how such files are read" },
	[FAULT_SETTINGS_OTHERS] = { CLASS_REFUSED,
		"give it to root and take the right to write from others: chown root:root, chmod go-w" },

	[FAULT_CHECK] = { CLASS_REFUSED,
		"saut check tells what to do about each; " FIELD_NO_CHECKS
		", or CHECKS=no for the boot services, loads all the same" },
	[FAULT_CHECKED] = { CLASS_REFUSED,
		"each check that fails says what to do; while one fails, saut and the boot services do not jump" },
	[FAULT_NOT_BY_KEXEC] = { CLASS_REFUSED, "saut status says why, and what to do" },
	[FAULT_SWITCHED_OFF] = { CLASS_REFUSED,
		"saut reboot without an entry goes through the firmware; saut status names the switch "
		"and how to turn it" },
	[FAULT_UNKNOWN_INIT] = { CLASS_REFUSED,
		"load by saut load, stop the services, and jump by kexec -e" },
	[FAULT_NO_HOOK] = { CLASS_REFUSED,
		"enable the boot service kexec (with OpenRC kexec-jump too), or reboot through the "
		"firmware: saut reboot --firmware" },
	[FAULT_NO_PROGRAM] = { CLASS_REFUSED, "install the package that has it" },
	[FAULT_GUARDED] = { CLASS_REFUSED,
		"answer what it asks, or see in /etc/molly-guard/run.d what decides" },
	[FAULT_PROGRAM_FAILED] = { CLASS_REFUSED, "run that program by hand: it may say more" },

	[FAULT_DRIVER] = { CLASS_REFUSED,
		"take this driver out of UNBIND, or reboot through the firmware: saut reboot --firmware" },
	[FAULT_NO_DRIVER] = { CLASS_REFUSED, "name drivers in UNBIND: kexec.conf(5)" },

	[FAULT_CORE_UNKNOWN] = { CLASS_IMAGE,
		"name an image of memory in ELF: /proc/vmcore under a crash kernel, or a copy of it" },
	[FAULT_CORE_PACKED] = { CLASS_IMAGE,
		"let makedumpfile print it: makedumpfile --dump-dmesg FILE LOG (a flattened file first "
		"goes through makedumpfile -R FILE)" },
	[FAULT_CORE_DAMAGED] = { CLASS_IMAGE,
		"what was printed is what could be read; crash(8) may find more" },
	[FAULT_CORE_NO_LOG] = { CLASS_IMAGE,
		"read it by crash(8) with the debugging symbols of its kernel" },

	[FAULT_NO_CAPABILITY] = { CLASS_PERMISSION,
		"give it CAP_SYS_BOOT, which containers usually drop",
		{ { "run as root", WAY_ROOT } } },
	[FAULT_LOCKDOWN] = { CLASS_PERMISSION, "reboot through the firmware",
		{ { "load a signed kernel with " FIELD_KEXEC_FILE_SYSCALL, WAY_FILE_LOAD },
			{ "turn Secure Boot off in the firmware", WAY_SECURE_BOOT },
			{ "boot the running kernel without lockdown=", WAY_NO_SECURE_BOOT } } },
	[FAULT_LOCKDOWN_UNSEEN] = { CLASS_PERMISSION,
		"look whether it is: mount -t securityfs securityfs /sys/kernel/security, then "
		"cat /sys/kernel/security/lockdown",
		{ { "load a signed kernel with " FIELD_KEXEC_FILE_SYSCALL, WAY_FILE_LOAD } } },
	[FAULT_SECURITY_MODULE] = { CLASS_PERMISSION,
		"look in the kernel log (dmesg), which often names the policy",
		{ { "load with " FIELD_KEXEC_FILE_SYSCALL ", which may be permitted",
			WAY_FILE_LOAD } } },
	[FAULT_KEPT_STATE] = { CLASS_REFUSED,
		"load a bzImage or an Image of arm64 or riscv64, which kexec_file_load takes, or stop "
		"that process",
		{ { "load with " FIELD_KEXEC_SYSCALL ", and lose what it keeps", WAY_LOAD } } },
	[FAULT_KEPT_LOADED] = { CLASS_REFUSED, "stop that process",
		{ { "load the kernel again with " FIELD_KEXEC_FILE_SYSCALL, WAY_FILE_LOAD },
			{ "jump with " FIELD_KEXEC_SYSCALL " and lose what it keeps",
				WAY_LOAD } } },
	[FAULT_APPRAISED] = { CLASS_PERMISSION,
		"load a kernel that is signed for IMA (evmctl ima_sign), in a format that "
		"kexec_file_load takes",
		{ { "load with " FIELD_KEXEC_FILE_SYSCALL, WAY_FILE_LOAD } } },
	[FAULT_LOAD_DISABLED] = { CLASS_PERMISSION,
		"kernel.kexec_load_disabled=1 stays until the next reboot: reboot through the firmware, "
		"and look in /etc/sysctl.d for who sets it" },
	[FAULT_LOAD_LIMIT] = { CLASS_PERMISSION,
		"the limits in /proc/sys/kernel/kexec_load_limit_* are used up; they stay until the next "
		"reboot" },

	[FAULT_NO_KEXEC] = { CLASS_KERNEL,
		"reboot through the firmware into a kernel with CONFIG_KEXEC=y or CONFIG_KEXEC_FILE=y" },
	[FAULT_NO_SYSCALL] = { CLASS_KERNEL,
		"boot a kernel with CONFIG_KEXEC=y and CONFIG_KEXEC_FILE=y",
		{ BY_LOAD, BY_FILE_LOAD } },
	[FAULT_SIGNATURE] = { CLASS_KERNEL,
		"choose a kernel whose first signature is by a key that this one trusts",
		{ { "enroll its key (mokutil --import, where shim starts the machine)",
			  WAY_SECURE_BOOT },
			BY_LOAD } },
	[FAULT_FORMAT_REFUSED] = { CLASS_KERNEL,
		"choose a kernel of a format that the running kernel reads: a bzImage, on arm64 an Image",
		{ { "load with " FIELD_KEXEC_SYSCALL
		    ": then Saut reads the format instead of the running kernel",
			WAY_LOAD } } },
	[FAULT_TREE_REFUSED] = { CLASS_KERNEL,
		"give no device tree: the running kernel's is passed on", { BY_LOAD } },
	[FAULT_ADDRESS_UNAVAILABLE] = { CLASS_KERNEL, "use a smaller initrd",
		{ BY_LOAD, BY_FILE_LOAD } },
	[FAULT_KERNEL_NO_MEMORY] = { CLASS_KERNEL,
		"free memory (stop services, drop caches: sysctl vm.drop_caches=3) or use a smaller "
		"initrd" },
	[FAULT_KERNEL_FILE_SIZE] = { CLASS_KERNEL, "use a smaller file", { BY_LOAD } },
	[FAULT_KERNEL_BUSY] = { CLASS_KERNEL,
		"another load, unload or jump is under way: try again when it has finished" },
	[FAULT_KERNEL_BUSY_OR_STUCK] = { CLASS_KERNEL,
		"try again when another load, unload or jump has finished; if nothing changes, "
		"the kernel log (dmesg) tells of CPUs that are stuck, and only nr_cpus=1 for the running "
		"kernel or a reboot through the firmware helps" },
	[FAULT_KERNEL_FILE_BUSY] = { CLASS_KERNEL,
		"close whatever has the kernel or initrd open for writing, or load a copy" },
	[FAULT_KERNEL_INVALID] = { CLASS_KERNEL,
		"look in the kernel log (dmesg), which may say more",
		{ BY_LOAD, BY_FILE_LOAD, { "kexec --debug shows every segment", WAY_DEBUG } } },
	[FAULT_KERNEL_OTHER] = { CLASS_KERNEL, "the kernel log (dmesg) may say more" },
};

/* Cut at the end, should a row outgrow its room. */
static void append(char hint[static ERROR_HINT_MAX], size_t *used, const char *text)
{
	size_t room = ERROR_HINT_MAX - 1 - *used, n = strlen(text);

	n = n < room ? n : room;
	memcpy(hint + *used, text, n);
	*used += n;
	hint[*used] = '\0';
}

void error_hint(const struct error *err, char ret[static ERROR_HINT_MAX])
{
	const struct fault_row *row = &rows[err->fault];
	const char *open[STEPS_MAX + 1];
	size_t count = 0, used = 0;

	for (size_t i = 0; i < STEPS_MAX && row->steps[i].text; i++)
		if (!err->closed[row->steps[i].way])
			open[count++] = row->steps[i].text;
	if (row->hint)
		open[count++] = row->hint;
	ret[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			append(ret, &used, i + 1 < count ? ", " : ", or ");
		append(ret, &used, open[i]);
	}
}

const char *fault_hint(enum fault fault)
{
	return rows[fault].hint;
}

enum error_class fault_class(enum fault fault)
{
	return rows[fault].class;
}
