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
 * What the boot loader would boot is found by saut_find_entries, and saut_use_entry makes it what is
 * loaded; saut_reboot has the running init stop the services first. The folder examples/ has whole
 * programs.
 *
 * An object is used by one thread at a time; different objects are independent. The library never
 * prints, never exits, installs no signal handler and has no global state. It maps the files that
 * it reads: a program that fears files which shrink meanwhile handles SIGBUS. It looks up no name of a
 * host, user or protocol: what glibc warns of where libnl is linked statically never comes to pass.
 *
 * Strings are UTF-8 or whatever a file had, control characters included: they are passed on as they
 * are, and a program that shows them on a terminal sees to that. A pointer that a function
 * returns or fills in is valid until the next call that its comment names, and saut_free at the
 * latest. Structures that the library hands out may grow at their end; a caller does not make them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a function returns; also the exit codes of the command saut. */
enum saut_result {
	SAUT_DONE = 0,
	SAUT_REFUSED = 1,    /* known to fail, or nothing there to do it with */
	SAUT_USAGE = 2,      /* a wrong argument */
	SAUT_IMAGE = 3,      /* a bad kernel, initrd or other input file */
	SAUT_FIT = 4,        /* too big, too many, too long */
	SAUT_KERNEL = 5,     /* the running kernel refused or failed */
	SAUT_PERMISSION = 6, /* not permitted: privilege, lockdown, sysctl */
};

/* A question that the running system may leave open. */
enum saut_answer { SAUT_UNKNOWN, SAUT_NO, SAUT_YES };

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

/* Frees the object and all that it has handed out; what is loaded stays loaded. NULL is let pass. */
void saut_free(struct saut *saut);

/*
 * What is wanted. Strings are copied. Files are looked at by saut_plan and saut_load only; SAUT_USAGE
 * is a wrong argument, SAUT_FIT more than can be had, and SAUT_REFUSED that memory is out.
 */
enum saut_result saut_set_kernel(struct saut *saut, const char *path);
enum saut_result saut_add_initrd(struct saut *saut, const char *path); /* in the order of calls */

/*
 * The same by a file descriptor that is open for reading, of a regular file or of a memfd, read from
 * its beginning wherever its offset is. It is duplicated: the caller may close its own. name is what
 * messages call it.
 */
enum saut_result saut_set_kernel_fd(struct saut *saut, int fd, const char *name);
enum saut_result saut_add_initrd_fd(struct saut *saut, int fd, const char *name);

/* The same from memory, size bytes, which are copied: the caller may free its own. */
enum saut_result saut_set_kernel_memory(
	struct saut *saut, const void *bytes, size_t size, const char *name);
enum saut_result saut_add_initrd_memory(
	struct saut *saut, const void *bytes, size_t size, const char *name);

/* For Multiboot: "FILE ARGUMENTS", in the order of calls. */
enum saut_result saut_add_module(struct saut *saut, const char *words);

enum saut_result saut_set_command_line(struct saut *saut, const char *line);

/*
 * Instead of the running machine's, from which it is completed (kexec_load only). On machines whose
 * kernels are given no device tree (x86) it is noted and left out.
 */
enum saut_result saut_set_device_tree(struct saut *saut, const char *path);

/* Begins the command line with the running kernel's, without BOOT_IMAGE= and our own words. */
void saut_reuse_command_line(struct saut *saut);

/* Adds words that shorten the blackout and cost something else; saut_note names them. */
void saut_tune(struct saut *saut);

/* For after a panic, into the memory that crashkernel= has reserved; saut_unload then means that one. */
void saut_set_crash(struct saut *saut, bool crash);

void saut_set_call(struct saut *saut, enum saut_call call);
void saut_set_check(struct saut *saut, enum saut_check check);
void saut_set_direct(struct saut *saut, enum saut_direct direct);
void saut_set_initrd_policy(struct saut *saut, enum saut_initrd_policy policy);

/*
 * The machine's hardware watchdog is started between the kernels, and resets the machine so many seconds
 * later (some kinds: up to twice as many, see saut_note) unless the next kernel's driver takes it over;
 * 0: none, as at first. kexec_load only. Refused where no watchdog can be used, or where the next kernel
 * is not known to have a driver that can stop it, unless any_kernel.
 */
enum saut_result saut_set_watchdog(struct saut *saut, unsigned seconds, bool any_kernel);

/* Physical addresses, last inclusive: nothing is placed outside (kexec_load only). */
enum saut_result saut_set_limits(struct saut *saut, uint64_t first, uint64_t last);

/*
 * Reads all facts of the machine, and boot entries, below a folder or from a captured archive. Such a
 * job can be planned, not loaded.
 */
enum saut_result saut_set_root(struct saut *saut, const char *folder);

/*
 * Whether file systems with boot entries that are not mounted are mounted to be looked into, read-only
 * and in a mount namespace of the calling thread alone, up to saut_free. At first it is off.
 */
void saut_set_mounting(struct saut *saut, bool mounting);

/*
 * Called as the work goes on, from within the function that works. step is a gerund: "unpacking the
 * kernel"; what is the file that it is about, or "". done and total are bytes, total 0 where that is
 * not known. NULL: nothing is called.
 */
typedef void saut_progress(
	void *context, const char *step, const char *what, uint64_t done, uint64_t total);
void saut_on_progress(struct saut *saut, saut_progress *call, void *context);

/* Called with each note (see saut_note) when a function that makes notes ends. */
typedef void saut_said(void *context, const char *note);
void saut_on_note(struct saut *saut, saut_said *call, void *context);

/* Does all that saut_load does but the system call. */
enum saut_result saut_plan(struct saut *saut);

/* A piece of what is handed to kexec_load. */
struct saut_segment {
	const char *name;     /* "kernel", "initrd", "stub", ... */
	uint64_t start, size; /* a physical address, and bytes */
	uint64_t bytes;       /* of them, that are copied; zeros follow */
	const char *why;      /* why it lies there */
};

/* What becomes of a piece of memory. */
enum saut_use {
	SAUT_USE_LOADED,   /* bytes are put there */
	SAUT_USE_ROOM,     /* nothing is, for what lies beside it needs it */
	SAUT_USE_FREE,     /* something could be placed there */
	SAUT_USE_KEPT,     /* memory that is somebody's */
	SAUT_USE_FIRMWARE, /* by the firmware's map it is no plain memory */
};

struct saut_area {
	const char *of; /* whose it is; "" for what is free */
	uint64_t start, size;
	enum saut_use use;
	const char *why; /* NULL: see use */
};

/* A word that the command line has lost on its way, or got. */
struct saut_change {
	const char *word;
	bool is_added;
	const char *why;
};

struct saut_planned_initrd {
	const char *name;
	uint64_t given, loaded; /* bytes */
	enum saut_initrd_policy form;
	const char *why;
};

/* A piece of work in the blackout. */
struct saut_cost {
	const char *name;
	uint64_t ns;
};

/* Of each list NULL stands behind the last. */
struct saut_planned {
	enum saut_call call; /* by which it would be loaded */
	const char *call_reason;
	const char *command_line; /* as the next kernel gets it */
	uint64_t entry;           /* where that is entered; 0 with SAUT_CALL_FILE_LOAD */
	bool is_random; /* its addresses are drawn anew by each plan and each load (KASLR) */
	const struct saut_change *const *changes;
	const struct saut_planned_initrd *const *initrds;
	const struct saut_segment *const
		*segments; /* none with SAUT_CALL_FILE_LOAD: the kernel places them */
	const struct saut_area *const
		*areas;       /* all memory, by address; none where it is not known */
	uint64_t held;        /* bytes that the running kernel holds until the jump */
	uint64_t made;        /* bytes of files that are made for the load, while it lasts */
	uint64_t available;   /* bytes of memory before; 0: not known */
	uint64_t blackout_ns; /* by a model of measured rates: the sum of the costs */
	const struct saut_cost *const *costs;
	const char *const *left_out; /* what the model knows nothing of, up to NULL */
};

/*
 * What the last saut_plan or saut_load has planned, valid up to the next of them; SAUT_USAGE where none of
 * them got so far.
 */
enum saut_result saut_planned(struct saut *saut, const struct saut_planned **ret);

/*
 * This machine, or the one below saut_set_root, as one text that stands for it where saut_set_root is given a
 * file with it. It has no serial numbers, UUIDs, MAC addresses nor the host's name: saut(8) says what is left
 * out. *ret is valid up to the next call of saut_capture. A note names what could not be read.
 */
enum saut_result saut_capture(struct saut *saut, const char **ret);

/*
 * Loads the kernel. Whatever fails, what was loaded before is still loaded; where that could not be
 * (the running kernel keeps no crash kernel while it loads another one), saut_reason says that it is
 * gone. Waits for others who load, for up to a minute. Needs CAP_SYS_BOOT.
 */
enum saut_result saut_load(struct saut *saut);

/* Forgets the loaded kernel: the next reboot goes through the firmware, unless somebody loads before it. */
enum saut_result saut_unload(struct saut *saut);

/*
 * Jumps into the loaded kernel at once, as reboot(2) does: no service is stopped and no file system
 * is synchronised or unmounted. Returns only when it fails. Where live-update sessions are open and the kernel
 * was not loaded by kexec_file_load, so that what they keep would be lost, it fails unless the call asked for is kexec_load.
 */
enum saut_result saut_exec(struct saut *saut);

/* A boot entry, as saut list shows it. Strings are never NULL but where it says so. */
struct saut_entry {
	const char *id;             /* not empty; what saut_choose_entry takes */
	const char *title;          /* not empty */
	const char *type;           /* "grub", "bls", "uki", "extlinux", "file", ... */
	const char *version;        /* "": unknown */
	const char *release;        /* of the kernel, as uname -r would tell it; "": unknown */
	const char *kernel;         /* an absolute path; NULL: see obstacle */
	const char *const *initrds; /* absolute paths in order, NULL-terminated */
	const char *command_line;   /* NULL: the running kernel's, or what the image itself has */
	const char *device_tree;    /* NULL: that of the running system */
	const char *file;           /* what says so */
	unsigned line;              /* in it; 0: all of it */
	const char *obstacle;       /* why it cannot be loaded; NULL: nothing is known against it */
	const char *remark;         /* what was taken for granted; NULL: nothing */
	bool is_default, is_running;
};

enum saut_wanted {
	SAUT_ENTRY_DEFAULT, /* what the boot loader would take by itself */
	SAUT_ENTRY_NAMED,   /* the one with this id, else title, else version, else kernel */
	SAUT_ENTRY_RUNNING, /* the one with the running kernel */
	SAUT_ENTRY_NEWEST,
};

/*
 * Reads the boot configurations of the system. Nothing that was found before is valid any more. What
 * was left out is a note; SAUT_REFUSED where there is nothing at all.
 */
enum saut_result saut_find_entries(struct saut *saut);

/* Entries 0, 1, ... in the boot loaders' order until NULL; NULL before saut_find_entries. */
const struct saut_entry *saut_entry(const struct saut *saut, unsigned index);

/*
 * The one that is meant; name is NULL but for SAUT_ENTRY_NAMED. SAUT_REFUSED where there is none,
 * where the one that is meant has an obstacle, and where it is not known which one is meant: another
 * one is never taken instead. Looks for entries where that was not done.
 */
enum saut_result saut_choose_entry(struct saut *saut, enum saut_wanted wanted, const char *name,
	const struct saut_entry **ret);

/* Makes its kernel, initrds, command line and device tree those that are wanted, instead of others. */
enum saut_result saut_use_entry(struct saut *saut, const struct saut_entry *entry);

/* The running system, or the one below saut_set_root. */
struct saut_status {
	enum saut_answer can_kexec; /* by all that is known; never yes where nothing is */
	const char *why, *step;     /* in words; step NULL: nothing needs to be done */
	enum saut_answer loaded, crash_loaded;
	enum saut_answer has_kexec_load, has_kexec_file_load; /* the system calls */
	enum saut_answer may_load;                            /* this process has CAP_SYS_BOOT */
	enum saut_answer load_disabled, secure_boot;
	const char *switched_off;       /* why reboots do not go by kexec; NULL: nothing says so */
	const char *switch_on;          /* what undoes that; NULL: see above */
	enum saut_answer came_by_kexec; /* this boot */
};

/* *ret is valid up to the next call of saut_look. */
enum saut_result saut_look(struct saut *saut, const struct saut_status **ret);

/* From the best to the worst. */
enum saut_found {
	SAUT_FOUND_PASS,
	SAUT_FOUND_NOTE,    /* worth knowing, and the jump is none the worse for it */
	SAUT_FOUND_UNKNOWN, /* it could not be told */
	SAUT_FOUND_WARN,    /* the jump may fail, or what follows may be less than it was */
	SAUT_FOUND_FAIL,    /* the jump is known to fail, or must not be made */
};

/* What one check says, as a row of `saut check`. */
struct saut_finding {
	const char *name;  /* "command-line", for programs; NULL: the one before was the last */
	const char *title; /* what it is about, for people */
	enum saut_found result;
	const char *reason; /* for people, with numbers */
	const char *advice; /* what to do on this machine; NULL: nothing */
	const char *source; /* how it is known, a URL or a document; NULL: it was looked at */
};

/*
 * What would go wrong at a jump into what is set, before it does: all checks in an array, which is valid
 * up to the next call of saut_run_checks. SAUT_DONE whatever they find; a kernel that cannot be loaded is
 * a row. saut_load itself asks no checks.
 */
enum saut_result saut_run_checks(struct saut *saut, const struct saut_finding **ret);

/*
 * What saut_inspect tells. An array of pointers ends with NULL; a text is "" and a number 0 where the file
 * does not tell, unless it says NULL.
 */

/* Where a kernel's signature, or the certificate behind it, was found. */
struct saut_known {
	const char *in; /* ".platform", "db" */
	const char *of; /* "the certificate of \"NAME\"", "the image's SHA-256" */
};

struct saut_certificate {
	const char *name, *issuer;
};

/* A PE file's signature; but for the hash all is of the first one, which is the one that Linux looks at. */
struct saut_signature {
	const char *of; /* "the file", "the kernel in it" */
	bool is_signed;
	const char *damaged; /* why it cannot be read; NULL: it can, or there is none */
	unsigned count;
	const struct saut_certificate *const
		*certificates;       /* the signer's, its issuer's and so on */
	const char *serial, *key_id; /* of the signer; hexadecimal */
	const char *image_sha256;    /* by which lists of firmware name it (Authenticode) */
	bool keyrings_known;         /* the running kernel's could be read */
	const struct saut_known
		*keyring; /* of those that kexec_file_load asks; NULL: nobody has it */
	const struct saut_known *listed;  /* by the firmware or shim; NULL */
	const struct saut_known *revoked; /* NULL */
	const char *unknown;              /* a list that could not be read, and why; NULL: none */
};

struct saut_section {
	const char *name;
	uint64_t size;
};

/* The first profile of a unified kernel image is the base, which the others stand on. */
struct saut_profile {
	const char *id, *title;
	const struct saut_section *const *sections;
};

struct saut_kernel {
	const char *format;        /* of the innermost image, for people: "bzImage" */
	const char *architecture;  /* "x86-64" */
	const char *version;       /* a line */
	const char *release;       /* as uname -r tells it */
	const char *const *layers; /* what it lies in, outermost first: "gzip" */
	uint64_t size, unpacked_size;
	const char *compression;   /* of what it unpacks itself from; NULL: none that is known */
	unsigned protocol;         /* of x86: 0x20f is 2.15 */
	const char *const *flags;  /* "64-bit-entry" */
	uint64_t command_line_max; /* characters */
	uint64_t initrd_max;       /* the address of an initrd's last byte */
	uint64_t memory;           /* bytes until it has started */
	uint64_t alignment, page_size;
	enum saut_answer kaslr; /* whether it can be moved to a random place in virtual memory */
	const struct saut_profile *const *profiles; /* NULL: it is in no unified kernel image */
	const char *command_line;                   /* the image's own; NULL: none */
	const struct saut_signature *const *signatures;
	enum saut_call call;     /* that would take it here; SAUT_CALL_AUTO: none would */
	const char *reason;      /* why that one, or none */
	const char *advice;      /* what to do where none would; NULL: nothing */
	const char *not_by_file; /* why kexec_file_load does not take it; NULL: it may */
};

struct saut_archive {
	const char *packing; /* "cpio" for a plain one, "zstd" */
	uint64_t at, size, unpacked_size;
	uint64_t members;
};

struct saut_initrd {
	uint64_t size, unpacked_size;
	uint64_t members;
	const struct saut_archive *const *archives;
	const char *const *modules_of; /* the kernels' releases that it has modules of */
	const char *const *microcode;  /* names of its files */
	bool has_init;
	bool lacks_trailer; /* it ends between two members, as one that is cut may */
	const char *
		damage; /* what Linux would not unpack, and where; NULL: it is whole, or a RAM disk */
	const char *unlisted;      /* why what is in it is not all known; NULL: it is */
	bool has_boot_config;      /* behind the archives, for the kernel itself */
	bool boot_config_is_whole; /* else Linux goes on without it */
	uint64_t boot_config_size;
	const char *ram_disk; /* the file system that it is, of the old kind of initrd; NULL */
};

struct saut_device_tree {
	const char *model; /* NULL: it has none */
	const char *const *compatible;
	unsigned version;
	uint64_t size, structure_size, strings_size;
	uint64_t nodes, reservations;
};

/* U-Boot's header around a kernel or an initrd, whose two checksums are right. */
struct saut_uimage {
	const char *name;
	const char *architecture; /* as U-Boot calls it */
	const char *
		compression; /* as the header says, "none"; NULL: by a number that is not known here */
	uint64_t made;       /* seconds since 1970 */
	uint64_t load_address, entry_point;
	uint64_t size; /* of what is in it */
};

/* What is not in the file is NULL: a unified kernel image may have kernel and initrd, a uImage one of them. */
struct saut_inspection {
	const struct saut_kernel *kernel;
	const struct saut_initrd *initrd;
	const struct saut_device_tree *device_tree;
	const struct saut_uimage *uimage;
};

/*
 * What is in a kernel, an initrd or a device tree, and what this machine, or the one below saut_set_root,
 * would make of it. Nothing is loaded, and what else is set does not matter. *ret is valid up to the next
 * call of saut_inspect.
 */
enum saut_result saut_inspect(
	struct saut *saut, const char *path, const struct saut_inspection **ret);

/* A moment of a reboot, as `saut report --json` names it: "services-stopped". */
struct saut_moment {
	const char *name;
	const char *unknown; /* why its time is not known; NULL: it is */
	uint64_t
		at_us; /* since the first that is known; where the boots are not joined, since its boot's first */
};

/* What took long in this boot: a unit of systemd, a call of the kernel's start, a device. */
struct saut_long {
	const char *name;
	uint64_t us;
	uint64_t begun_us; /* by the clock of this boot */
};

/* Arrays of pointers end with NULL; what is 0 is not known, or there is none. */
struct saut_times {
	enum saut_answer came_by_kexec;
	bool came_by_saut; /* its stub ran on the way */
	const char *
		record_unknown; /* why nothing that the last boot wrote down is told; NULL: it is */
	const struct saut_moment *const
		*moments;     /* in their order; what cannot have been is left out */
	bool is_joined;       /* a clock tells how far the two boots are apart */
	uint64_t counter_khz; /* of the CPU's counter */
	uint64_t away_us; /* from the last that is known to have stopped to the kernel's clock */
	uint64_t firmware_us; /* what the firmware took the last time, by its own word */
	uint64_t boot_loader_us;
	uint64_t cold_away_us; /* as away_us, as measured at the last boot through the firmware */
	uint64_t saved_us;     /* what this jump has saved against that */
	const struct saut_long *const *units, *const *initcalls, *const *probes; /* slowest first */
	const char *const *notes; /* clocks that do not agree */
};

/*
 * Where the time of the last reboot went, of this machine or the one below saut_set_root. What else is set does not
 * matter. *ret is valid up to the next call of saut_report.
 */
enum saut_result saut_report(struct saut *saut, const struct saut_times **ret);

/*
 * Reboots into what is loaded by the running init, which stops the services first. Nothing is changed
 * where it is refused: nothing is loaded, a switch keeps reboots from kexec, or the init cannot be asked.
 * It begins in so many seconds, at least one, in a process of its own: the caller may end meanwhile. Up to
 * then `saut reboot --cancel` forgets it.
 */
enum saut_result saut_reboot(struct saut *saut, unsigned seconds);

/* Of the last failure: "load /boot/vmlinuz", why with numbers, the next step. "" where none. */
const char *saut_attempt(const struct saut *saut);
const char *saut_reason(const struct saut *saut);
const char *saut_hint(const struct saut *saut);

/*
 * What the last plan, load or look for entries decided on the caller's behalf (a fallback, a word left
 * out): sentences 0, 1, ... until NULL. Valid until the next of them.
 */
const char *saut_note(const struct saut *saut, unsigned index);

#ifdef __cplusplus
}
#endif
