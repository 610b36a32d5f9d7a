/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libsaut: reboot Linux into another kernel without the firmware (kexec).
 *
 *	struct saut *s = saut_new();
 *
 *	saut_set_kernel(s, "/boot/vmlinuz-6.12");
 *	saut_add_initrd(s, "/boot/initrd.img-6.12");
 *	saut_reuse_command_line(s);
 *	if (saut_load(s) != SAUT_DONE)
 *		fprintf(stderr, "cannot %s: %s\n", saut_attempt(s), saut_reason(s));
 *	saut_free(s);
 *
 * An object is used by one thread at a time; different objects are independent. The library never
 * prints, never exits, installs no signal handler and has no global state. It maps the files that
 * it reads: a program that fears files which shrink meanwhile handles SIGBUS.
 */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a function returns; also the exit codes of the command saut. */
enum saut_result {
	SAUT_DONE = 0,
	SAUT_REFUSED = 1,    /* known to fail, or nothing there to do it with */
	SAUT_USAGE = 2,	     /* a wrong argument */
	SAUT_IMAGE = 3,	     /* a bad kernel, initrd or other input file */
	SAUT_FIT = 4,	     /* too big, too many, too long */
	SAUT_KERNEL = 5,     /* the running kernel refused or failed */
	SAUT_PERMISSION = 6, /* not permitted: privilege, lockdown, sysctl */
};

/* By which system call; auto lets the plan choose and fall back. */
enum saut_call { SAUT_CALL_AUTO, SAUT_CALL_LOAD, SAUT_CALL_FILE_LOAD };

/* How the loaded bytes are verified between the kernels (kexec_load only). */
enum saut_check { SAUT_CHECK_AUTO, SAUT_CHECK_SHA256, SAUT_CHECK_CRC32C, SAUT_CHECK_NONE };

/*
 * Whether a bzImage is unpacked when it is loaded instead of between the kernels (kexec_load only);
 * auto does it where nothing speaks against it.
 */
enum saut_direct { SAUT_DIRECT_AUTO, SAUT_DIRECT_OFF };

/*
 * In which form initrds are loaded: as they are, unpacked, or packed again by lz4 or zstd, while the
 * machine still serves; auto takes what makes the reboot shortest and fits into memory. What cannot
 * be followed is a note, and the initrd is loaded as it is.
 */
enum saut_initrd_policy {
	SAUT_INITRD_AUTO,
	SAUT_INITRD_KEEP,
	SAUT_INITRD_RAW,
	SAUT_INITRD_LZ4,
	SAUT_INITRD_ZSTD,
};

struct saut;

/* NULL when memory is out. */
struct saut *saut_new(void);
void saut_free(struct saut *saut);

/*
 * What is wanted. Strings are copied. SAUT_KERNEL and SAUT_REFUSED do not come from these; files
 * are looked at by saut_plan and saut_load only.
 */
enum saut_result saut_set_kernel(struct saut *saut, const char *path);
enum saut_result saut_add_initrd(struct saut *saut, const char *path); /* in the order of calls */
enum saut_result saut_set_command_line(struct saut *saut, const char *line);
/*
 * Instead of the running machine's, from which it is completed (kexec_load only). On machines whose
 * kernels are given no device tree (x86) it is noted and left out.
 */
enum saut_result saut_set_device_tree(struct saut *saut, const char *path);
/* Begins the command line with the running kernel's, without BOOT_IMAGE=. */
void saut_reuse_command_line(struct saut *saut);
/* Adds words that shorten the blackout and cost something else; saut_note names them. */
void saut_tune(struct saut *saut);
void saut_set_call(struct saut *saut, enum saut_call call);
void saut_set_check(struct saut *saut, enum saut_check check);
void saut_set_direct(struct saut *saut, enum saut_direct direct);
void saut_set_initrd_policy(struct saut *saut, enum saut_initrd_policy policy);
/* Physical addresses, last inclusive: nothing is placed outside (kexec_load only). */
enum saut_result saut_set_limits(struct saut *saut, uint64_t first, uint64_t last);
/* Reads the machine's facts from a captured folder; such a job can be planned, not loaded. */
enum saut_result saut_set_root(struct saut *saut, const char *folder);

/* Does all that saut_load does but the system call. */
enum saut_result saut_plan(struct saut *saut);

/* Loads the kernel. Whatever fails, what was loaded before is still loaded. Needs CAP_SYS_BOOT. */
enum saut_result saut_load(struct saut *saut);

/* Forgets the loaded kernel: the next reboot is an ordinary one. */
enum saut_result saut_unload(struct saut *saut);

/*
 * Jumps into the loaded kernel at once, as reboot(2) does: no service is stopped and no file system
 * is synchronised or unmounted. Returns only when it fails.
 */
enum saut_result saut_exec(struct saut *saut);

/* Of the last failure: "load /boot/vmlinuz", why with numbers, the next step. "" where none. */
const char *saut_attempt(const struct saut *saut);
const char *saut_reason(const struct saut *saut);
const char *saut_hint(const struct saut *saut);

/*
 * What the last plan or load decided on the caller's behalf (a fallback, a word left out):
 * sentences 0, 1, ... until NULL. Valid until the next plan or load.
 */
const char *saut_note(const struct saut *saut, unsigned index);

#ifdef __cplusplus
}
#endif
