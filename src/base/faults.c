/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one table of what can go wrong, how bad that is and what the user does next. Reviewed as
 * prose: a hint names a step that can be taken, not the problem again.
 */
#include "base/error.h"

#include <stddef.h>

struct fault_row {
	enum error_class class;
	const char *hint;
};

static const struct fault_row rows[FAULT_COUNT] = {
	[FAULT_NONE] = { CLASS_DONE, NULL },
	[FAULT_USAGE] = { CLASS_USAGE, "run it with --help to see all options" },
	[FAULT_NO_KERNEL] = { CLASS_USAGE, "name the kernel to load: kexec -l KERNEL" },
	[FAULT_INTERNAL] = { CLASS_REFUSED,
		"this is a defect of Saut; please report it with the output of the same command and "
		"--debug" },
	[FAULT_NO_MEMORY] = { CLASS_REFUSED, "free some memory and try again" },

	[FAULT_FILE_UNREADABLE] = { CLASS_IMAGE, "check the file and the disk that it is on" },
	[FAULT_FILE_MISSING] = { CLASS_IMAGE,
		"check the path, and that the file system with it (often /boot) is mounted" },
	[FAULT_FILE_DENIED] = { CLASS_PERMISSION, "run as root, or make the file readable" },
	[FAULT_FILE_NOT_REGULAR] = { CLASS_IMAGE, "name the kernel or initrd file itself" },
	[FAULT_FILE_EMPTY] = { CLASS_IMAGE,
		"the file was not written completely; install the kernel package again" },
	[FAULT_FILE_CHANGED] = { CLASS_IMAGE,
		"something writes to the file; wait until the kernel is installed and try again" },

	[FAULT_FILE_UNWRITABLE] = { CLASS_REFUSED,
		"run as root, and see that the file system is mounted for writing and not full" },

	[FAULT_COMPRESSION_CORRUPT] = { CLASS_IMAGE,
		"the file is damaged or cut short; install or build it again" },
	[FAULT_COMPRESSION_BOMB] = { CLASS_IMAGE,
		"this is no kernel: its compressed data grows past every sensible size" },

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
	[FAULT_IMAGE_WRONG_TYPE] = { CLASS_IMAGE, "leave --type away: the format is recognised" },

	[FAULT_INITRD_DAMAGED] = { CLASS_IMAGE,
		"see that its file system is not full, then make the initrd again (update-initramfs -u, "
		"dracut --force, mkinitcpio -P); --initrd-unchecked loads it as it is" },
	[FAULT_INITRD_PACKING] = { CLASS_IMAGE,
		"make the initrd again, packed in a way that this kernel unpacks; --initrd-unchecked "
		"loads it as it is" },

	[FAULT_DEVICE_TREE] = { CLASS_IMAGE,
		"give a device tree blob (.dtb) that was made for this machine; `dtc -I dtb FILE` shows "
		"what is in it" },

	[FAULT_FIT_MEMORY] = { CLASS_FIT,
		"use a smaller initrd, widen --mem-min and --mem-max, or give the machine more memory" },
	[FAULT_FIT_SEGMENTS] = { CLASS_FIT, "join initrds into one file: cat A B > C" },
	[FAULT_FIT_COMMAND_LINE] = { CLASS_FIT, "shorten the command line" },
	[FAULT_FIT_PAGING] = { CLASS_FIT,
		"boot the running kernel with no5lvl, or choose a kernel that knows 5-level paging" },
	[FAULT_FIT_DEVICE_TREE] = { CLASS_FIT,
		"use a smaller device tree (dtc without -@ leaves the symbols out) or a shorter command "
		"line" },

	[FAULT_MACHINE_UNREADABLE] = { CLASS_REFUSED,
		"mount /proc and /sys, and run as root: the kernel hides addresses from others" },
	[FAULT_NO_PROC] = { CLASS_REFUSED,
		"mount it: mount -t proc proc /proc; without it a kernel can be loaded by -s" },
	[FAULT_MACHINE_UNSUPPORTED] = { CLASS_REFUSED,
		"reboot through the firmware on this machine" },
	[FAULT_XEN_PV] = { CLASS_REFUSED,
		"reboot through the firmware; a guest of the kind HVM or PVH (a dom0: dom0=pvh on Xen's "
		"command line) can" },
	[FAULT_XEN_SILENT] = { CLASS_REFUSED,
		"modprobe xen-privcmd, and run as root in the first domain; it needs Linux 4.20 or later" },
	[FAULT_XEN_LOADS] = { CLASS_REFUSED,
		"load the kernel for the next reboot: kexec -l KERNEL" },
	[FAULT_XEN_MEMORY] = { CLASS_KERNEL,
		"leave Xen more of it: dom0_mem=2G (or so) on its command line, or xl mem-set 0 2G now" },
	[FAULT_NO_DEVICE_TREE] = { CLASS_REFUSED,
		"mount /sys and run as root, so that /sys/firmware/fdt can be read, or give --dtb=FILE" },
	[FAULT_FIRMWARE_HIDDEN] = { CLASS_REFUSED,
		"load by -s, or run this where /sys/firmware is not hidden, out of the container" },
	[FAULT_NOTHING_LOADED] = { CLASS_REFUSED, "load a kernel first: kexec -l KERNEL" },
	[FAULT_NOTHING_SCHEDULED] = { CLASS_REFUSED,
		"saut status shows a reboot that waits; one that has begun is the init's: shutdown -c" },
	[FAULT_NO_TRIAL] = { CLASS_REFUSED, "saut status tells what became of the last jump" },
	[FAULT_FAILED_BEFORE] = { CLASS_REFUSED,
		"saut status tells how; boot it once through the firmware, or let it be tried again: "
		"saut forgive" },
	[FAULT_NO_CRASH_MEMORY] = { CLASS_REFUSED,
		"add crashkernel=256M to the kernel command line and reboot" },
	[FAULT_NO_WATCHDOG] = { CLASS_REFUSED,
		"kexec(8) lists under --watchdog which hardware is known and what it needs; without the "
		"option a kernel that hangs stays hung" },

	[FAULT_NO_ENTRY] = { CLASS_REFUSED,
		"saut list shows what there is; a kernel without an entry is loaded by kexec -l KERNEL "
		"--initrd=FILE --reuse-cmdline" },
	[FAULT_ENTRY_REFUSED] = { CLASS_REFUSED,
		"choose another entry (saut list), or load its files by kexec -l KERNEL --initrd=FILE "
		"--command-line=STRING" },
	[FAULT_ENTRY_UNKNOWN] = { CLASS_REFUSED,
		"say which one is meant: --entry=NAME (saut list has the names)" },
	[FAULT_NOT_MOUNTED] = { CLASS_REFUSED, "mount it and try again" },
	[FAULT_SETTINGS] = { CLASS_IMAGE,
		"mend the setting; kexec.conf(5) says how such files are read" },

	[FAULT_CHECK] = { CLASS_REFUSED,
		"saut check tells what to do about each; --no-checks, or CHECKS=no for the boot services, "
		"goes all the same" },
	[FAULT_CHECKED] = { CLASS_REFUSED,
		"the rows say what to do about each; a failing one keeps saut and the boot services from "
		"jumping" },
	[FAULT_SWITCHED_OFF] = { CLASS_REFUSED,
		"saut reboot without an entry goes through the firmware; saut status names the switch "
		"and how to turn it" },
	[FAULT_UNKNOWN_INIT] = { CLASS_REFUSED,
		"saut load, stop your services, and then jump: kexec -e" },
	[FAULT_NO_HOOK] = { CLASS_REFUSED,
		"enable the boot service kexec, which brings it, or reboot through the firmware: saut "
		"reboot --firmware" },
	[FAULT_NO_PROGRAM] = { CLASS_REFUSED, "install the package that has it" },
	[FAULT_PROGRAM_FAILED] = { CLASS_REFUSED, "run that program by hand: it may say more" },

	[FAULT_DRIVER] = { CLASS_REFUSED,
		"take this driver out of UNBIND, or reboot through the firmware: saut reboot --firmware" },

	[FAULT_NO_CAPABILITY] = { CLASS_PERMISSION,
		"run as root (CAP_SYS_BOOT is needed; containers usually drop it)" },
	[FAULT_LOCKDOWN] = { CLASS_PERMISSION,
		"load a signed kernel with -s, or turn Secure Boot or lockdown off" },
	[FAULT_LOCKDOWN_UNSEEN] = { CLASS_PERMISSION,
		"mount -t securityfs securityfs /sys/kernel/security, then "
		"cat /sys/kernel/security/lockdown tells; a locked down kernel takes signed ones by -s" },
	[FAULT_SECURITY_MODULE] = { CLASS_PERMISSION,
		"the kernel log (dmesg) often names the policy; -s may be permitted where -c is not" },
	[FAULT_KEPT_STATE] = { CLASS_REFUSED,
		"load a bzImage or an arm64 Image, which kexec_file_load takes; stop what holds the "
		"sessions; or ask for kexec_load by -c, and lose what they keep" },
	[FAULT_LOAD_DISABLED] = { CLASS_PERMISSION,
		"kernel.kexec_load_disabled=1 stays until the next reboot: reboot through the firmware, "
		"and look in /etc/sysctl.d for who sets it" },
	[FAULT_LOAD_LIMIT] = { CLASS_PERMISSION,
		"the limits in /proc/sys/kernel/kexec_load_limit_* are used up; they stay until the next "
		"reboot" },

	[FAULT_NO_KEXEC] = { CLASS_KERNEL,
		"reboot through the firmware into a kernel with CONFIG_KEXEC=y or CONFIG_KEXEC_FILE=y" },
	[FAULT_NO_SYSCALL] = { CLASS_KERNEL,
		"the running kernel was built without it: use the other one (-c or -s), or a kernel with "
		"CONFIG_KEXEC=y and CONFIG_KEXEC_FILE=y" },
	[FAULT_SIGNATURE] = { CLASS_KERNEL,
		"choose a kernel signed by a key that this one trusts, enroll its key (mokutil), or load "
		"with -c where lockdown is off" },
	[FAULT_FORMAT_REFUSED] = { CLASS_KERNEL,
		"load it with -c: then Saut reads the format instead of the running kernel" },
	[FAULT_ADDRESS_UNAVAILABLE] = { CLASS_KERNEL,
		"there is no free range that is large enough: use a smaller initrd, or -c" },
	[FAULT_KERNEL_NO_MEMORY] = { CLASS_KERNEL,
		"free memory (stop services, drop caches: sysctl vm.drop_caches=3) or use a smaller "
		"initrd" },
	[FAULT_KERNEL_BUSY] = { CLASS_KERNEL,
		"another load, unload or jump is under way: try again when it has finished" },
	[FAULT_KERNEL_FILE_BUSY] = { CLASS_KERNEL,
		"close whatever has the kernel or initrd open for writing, or load a copy" },
	[FAULT_KERNEL_INVALID] = { CLASS_KERNEL,
		"try the other system call (-c or -s); --debug shows every segment" },
	[FAULT_KERNEL_OTHER] = { CLASS_KERNEL, "the kernel log (dmesg) may say more" },
};

const char *fault_hint(enum fault fault)
{
	return rows[fault].hint;
}

enum error_class fault_class(enum fault fault)
{
	return rows[fault].class;
}
