/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What went wrong, built where the facts are: the reason carries numbers, offsets and limits; its
 * fault gives the class (the exit code of saut) and the hint, the next step for the user, from one
 * table. A command prints it as
 *
 *	PROGRAM: cannot ATTEMPT: reason
 *	hint: ...
 */
#pragma once

#include <stdbool.h>

/* The exit codes of saut; kexec maps them to those of kexec-tools. */
enum error_class {
	CLASS_DONE = 0,
	CLASS_REFUSED = 1, /* known to fail, or nothing to do it with */
	CLASS_USAGE = 2,
	CLASS_IMAGE = 3,  /* a bad kernel, initrd or other input file */
	CLASS_FIT = 4,    /* too big, too many, too long */
	CLASS_KERNEL = 5, /* the running kernel refused or failed */
	CLASS_PERMISSION = 6,
};

enum fault {
	FAULT_NONE,

	FAULT_USAGE,
	FAULT_NO_KERNEL,
	FAULT_CRASH_NOT_LINUX,
	FAULT_INTERNAL,
	FAULT_NO_MEMORY,
	FAULT_LIMITED, /* a resource limit of this process */

	FAULT_FILE_UNREADABLE,
	FAULT_FILE_MISSING,
	FAULT_FILE_DENIED,
	FAULT_FILE_NOT_REGULAR,
	FAULT_FILE_EMPTY,
	FAULT_FILE_CHANGED,
	FAULT_FILE_UNWRITABLE,

	FAULT_COMPRESSION_CORRUPT,
	FAULT_COMPRESSION_BOMB,
	FAULT_CODEC_MISSING,

	FAULT_IMAGE_UNKNOWN,
	FAULT_IMAGE_TRUNCATED,
	FAULT_IMAGE_CORRUPT,
	FAULT_IMAGE_OTHER_ARCH,
	FAULT_IMAGE_TOO_OLD,
	FAULT_IMAGE_NO_ENTRY,
	FAULT_IMAGE_WRONG_TYPE,

	FAULT_INITRD_DAMAGED,
	FAULT_INITRD_PACKING,

	FAULT_DEVICE_TREE,

	FAULT_FIT_MEMORY,
	FAULT_FIT_CRASH_MEMORY,
	FAULT_FIT_CORE,
	FAULT_FIT_SEGMENTS,
	FAULT_FIT_COMMAND_LINE,
	FAULT_FIT_PAGING,
	FAULT_FIT_DEVICE_TREE,

	FAULT_MACHINE_UNREADABLE,
	FAULT_NO_PROC,
	FAULT_MACHINE_UNSUPPORTED,
	FAULT_NO_STUB,
	FAULT_XEN_PV,
	FAULT_XEN_SILENT,
	FAULT_XEN_LOADS,
	FAULT_XEN_MEMORY,
	FAULT_NO_DEVICE_TREE,
	FAULT_FIRMWARE_HIDDEN,
	FAULT_CPUS_STUCK,
	FAULT_NOTHING_LOADED,
	FAULT_NOTHING_SCHEDULED,
	FAULT_NO_CRASH_MEMORY,
	FAULT_CRASH_NOT_RESERVED,
	FAULT_NO_CRASH_KERNEL,
	FAULT_NO_CRASH_KEYS,
	FAULT_NO_TRIAL,
	FAULT_FAILED_BEFORE,
	FAULT_NO_WATCHDOG,

	FAULT_NO_ENTRY,
	FAULT_ENTRY_REFUSED,
	FAULT_ENTRY_UNKNOWN,
	FAULT_NOT_MOUNTED,
	FAULT_SETTINGS,
	FAULT_SETTINGS_OTHERS,

	FAULT_CHECK,
	FAULT_CHECKED,
	FAULT_NOT_BY_KEXEC, /* an answer, which was given already */
	FAULT_SWITCHED_OFF,
	FAULT_UNKNOWN_INIT,
	FAULT_NO_HOOK,
	FAULT_NO_PROGRAM,
	FAULT_PROGRAM_FAILED,
	FAULT_GUARDED,
	FAULT_DRIVER,
	FAULT_NO_DRIVER,

	FAULT_CORE_UNKNOWN,
	FAULT_CORE_PACKED,
	FAULT_CORE_DAMAGED,
	FAULT_CORE_NO_LOG,

	FAULT_NO_CAPABILITY,
	FAULT_LOCKDOWN,
	FAULT_LOCKDOWN_UNSEEN,
	FAULT_SECURITY_MODULE,
	FAULT_KEPT_STATE,
	FAULT_KEPT_LOADED,
	FAULT_APPRAISED,
	FAULT_LOAD_DISABLED,
	FAULT_LOAD_LIMIT,

	FAULT_NO_KEXEC,
	FAULT_NO_SYSCALL,
	FAULT_SIGNATURE,
	FAULT_FORMAT_REFUSED,
	FAULT_TREE_REFUSED,
	FAULT_ADDRESS_UNAVAILABLE,
	FAULT_KERNEL_NO_MEMORY,
	FAULT_KERNEL_FILE_SIZE,
	FAULT_KERNEL_BUSY,
	FAULT_KERNEL_BUSY_OR_STUCK,
	FAULT_KERNEL_FILE_BUSY,
	FAULT_KERNEL_INVALID,
	FAULT_KERNEL_OTHER,

	FAULT_COUNT,
};

/* What a hint may tell to do, and what not every machine, user or command lets. */
enum hint_way {
	WAY_LOAD,        /* load by kexec_load: kexec -c */
	WAY_FILE_LOAD,   /* load by kexec_file_load: kexec -s */
	WAY_LIMITS,      /* widen --mem-min and --mem-max, which were given */
	WAY_ROOT,        /* run it as root */
	WAY_LIST,        /* saut list */
	WAY_DEBUG,       /* kexec --debug */
	WAY_SECURE_BOOT, /* what is only of use where Secure Boot is on */
	WAY_NO_SECURE_BOOT,
	WAY_COUNT,
};

enum { ERROR_REASON_MAX = 768, ERROR_ATTEMPT_MAX = 320, ERROR_HINT_MAX = 640 };

struct error {
	enum fault fault;
	int errnum;             /* errno of the failed system call, otherwise 0 */
	bool is_answered;       /* a document that says so was printed: programs need no other */
	bool closed[WAY_COUNT]; /* what a hint must not tell to do: it cannot be done, or was */
	char attempt[ERROR_ATTEMPT_MAX]; /* "load /boot/vmlinuz"; empty until somebody knows */
	char reason[ERROR_REASON_MAX];
};

/* Always false, so that a function ends with `return fail(err, ...)`. */
bool fail(struct error *err, enum fault fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a failed system call or library call: keeps errnum and appends its text. */
bool fail_errno(struct error *err, enum fault fault, int errnum, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

bool fail_no_memory(struct error *err);

/* Puts context before the reason ("initrd: ..."); always false. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts what more there is to say behind the reason; always false. */
bool error_append(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says what was being done, unless somebody nearer to the cause has said it; always false. */
bool error_attempting(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The next steps for the user, of those whose ways are not closed; empty where there is none. May be called
 * in a signal handler.
 */
void error_hint(const struct error *err, char ret[static ERROR_HINT_MAX]);

/* The step that can be taken anywhere, for where no error is at hand; NULL for none. */
const char *fault_hint(enum fault fault);

enum error_class fault_class(enum fault fault);
