/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Plan: what will be handed to the running kernel, complete before anything happens. It is a pure
 * function of Image, Machine and Request; it owns nothing outside its arena and the bytes that the
 * request lends it. Printing a plan and loading it are the same plan.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"
#include "base/range.h"
#include "image/image.h"
#include "image/relocations.h"
#include "machine/machine.h"
#include "plan/recipe.h"

enum {
	PLAN_SEGMENTS_MAX = 16, /* KEXEC_SEGMENT_MAX of <linux/kexec.h> */
	PLAN_INITRDS_MAX = 64,
	PLAN_MODULES_MAX = 64,
	PLAN_ENTROPY_SIZE = 64,
};

enum kexec_call {
	CALL_AUTO,      /* the plan chooses */
	CALL_LOAD,      /* kexec_load: the loader builds all, the stub runs between the kernels */
	CALL_FILE_LOAD, /* kexec_file_load: the running kernel builds and verifies */
};

const char *kexec_call_name(enum kexec_call call);

/* How the stub verifies the loaded bytes. */
enum check_wanted {
	CHECK_AUTO, /* the fastest sound one on this CPU */
	CHECK_SHA256,
	CHECK_CRC32C,
	CHECK_NONE,
};

/* By which of its entry points a kernel is entered. */
enum entry_point_wanted {
	ENTRY_POINT_AUTO, /* the one with the widest registers */
	ENTRY_POINT_32,
	ENTRY_POINT_REAL_MODE,
};

/* How an ELF kernel is told what it needs. */
enum arguments_wanted {
	ARGUMENTS_AUTO, /* as Linux is told, where it is Linux; otherwise by ELF notes */
	ARGUMENTS_LINUX,
	ARGUMENTS_ELF,
	ARGUMENTS_NONE,
};

/* Whether a kernel is entered past its own decompressor. */
enum direct_wanted {
	DIRECT_AUTO, /* where nothing speaks against it */
	DIRECT_OFF,
};

/* The kernel out of an image: unpacked, and moved to its place in virtual memory. */
struct direct {
	struct vmlinux kernel; /* its bytes outlive the plan */
	bool movable;          /* it has a table of relocations */
	bool randomised;
	uint64_t offset; /* by which it was moved, in virtual memory */
};

/* Where the stub is heard if it fails, beyond what is found out: see stub_voice_choose. */
struct console_wanted {
	bool screen;        /* the text screen, whatever is drawn on it now */
	bool serial;        /* a serial port, even if no command line names one */
	uint16_t port;      /* its I/O port; 0: the one of the command line, otherwise the first */
	const char *device; /* its name below /sys/class/tty; NULL: as for port */
	uint32_t baud;      /* divides 115200; 0: the speed that it has */
};

/* The class of ELF that a dump of a crash is in, where the loader makes its headers. */
enum core_class_wanted {
	CORE_CLASS_AUTO, /* 64 bits, but for what a 32-bit machine has below 4 GiB */
	CORE_CLASS_32,
	CORE_CLASS_64,
};

/* What few ask for. */
struct quirks {
	bool no_efi;           /* the next kernel learns nothing of EFI */
	bool keep_screen_info; /* even where a driver has taken the screen over */
	bool reset_screen;     /* into text mode, whatever draws on it */
	bool no_cma;           /* kexec_file_load: in no memory of the contiguous allocator */
	bool device_tree;      /* kexec_file_load: the running kernel's is passed on */
	enum core_class_wanted core_class;
	bool hotplug;        /* a crash kernel is to be told of CPUs and memory that come and go */
	bool memory_on_line; /* x86: a crash kernel is told its memory on its command line as well */
	struct console_wanted console;
};

/* A file of the request, mapped: its bytes outlive the plan. */
struct input {
	const char *name; /* path, for messages */
	struct view bytes;
	int fd; /* for kexec_file_load; -1 where there is none */
};

/*
 * So many zeros at least lie between an initrd and the next one: Linux takes what follows the blocks of an archive in
 * lz4's legacy form for the size of another one, unless that is zero (lib/decompress_unlz4.c).
 */
enum { INITRD_GAP = 4 };

/* A file beside a Multiboot kernel. */
struct module {
	struct input file;
	const char *line; /* "FILE ARGUMENTS", as the user gave it */
};

/* How a load is wanted, whatever its files: one struct from the options down to the plan. */
struct asked {
	bool crash; /* for after a panic, into the memory that is reserved for that */
	enum kexec_call call;
	enum check_wanted check;
	enum entry_point_wanted entry_point;
	enum arguments_wanted arguments;
	struct range limits; /* nothing is placed outside; start 0, size PHYS_MAX for no limit */
	struct quirks quirks;
};

/* Its members as those of the struct that it stands in, and all of them at once as `asked`. */
#define ASKED                       \
	union {                     \
		struct asked asked; \
		struct asked;       \
	}

/* What is wanted. */
struct request {
	struct input kernel; /* as the user gave it, or unpacked if its file was compressed */
	const struct image *image;
	const struct direct *direct; /* NULL: the image unpacks itself */
	const struct input *initrds; /* in the order in which the next kernel reads them */
	size_t initrd_count;
	const struct module *modules;
	size_t module_count;
	struct input device_tree; /* the user's; without bytes: the running machine's */
	const char *command_line; /* "" for none */
	ASKED;
	const struct recipe *recipe; /* for the stub, which kexec_load alone has; NULL: none */
	bool recipe_may_miss; /* where the other system call is the only way, it is done without */
	uint8_t entropy[PLAN_ENTROPY_SIZE]; /* fresh random bytes: the seed for the next kernel */
	uint64_t now; /* the CPU's counter when the plan is made, for the stub's record */
};

struct segment {
	const char *name; /* "kernel", "initrd", "stub", … */
	struct view data; /* what is copied; the rest of mem is zero */
	struct range mem; /* whole pages */
	const char *why;  /* why it lies there */
	bool is_changed;  /* the running kernel writes to it later: it is not verified */
};

/* Memory that was given out: what of it no segment covers is kept free for whoever it is. */
struct taken {
	const char *name; /* "the kernel", "the initrd", … */
	struct range mem;
};

/* All of them, in the order in which they were given out. */
struct taken_list {
	const struct taken *items;
	size_t count;
};

struct plan {
	struct arena *arena;
	enum kexec_call call;
	const char *call_reason;
	const char *
		file_load_obstacle; /* why kexec_file_load cannot take this request; NULL: it may */
	const struct request *request;
	struct notes notes;

	/* For CALL_FILE_LOAD. */
	bool no_cma; /* nothing is to lie in memory of the contiguous allocator */

	/* For CALL_LOAD. */
	uint32_t kexec_arch; /* KEXEC_ARCH_* in bits 16 to 31 of the flags */
	bool updates_core;   /* the running kernel brings the core headers up to date */
	phys_t entry;
	struct segment segments[PLAN_SEGMENTS_MAX];
	size_t segment_count;
	struct taken_list taken;
	const char
		*command_line; /* the request's, or that with what this kernel must be told by it */
};

struct arch_ops;

/* The planner's state while an architecture lays a kernel out. */
struct planner {
	struct plan *plan;
	struct arena *arena;
	const struct machine *machine;
	const struct request *request;
	struct ranges free;      /* where something may be placed; shrinks */
	struct ranges low;       /* the same below 640 KiB, for what must lie there */
	struct taken_list taken; /* what was in it and is somebody's now */
};

/*
 * What one CPU knows. lay_out places everything and adds the segments; it is called for
 * CALL_LOAD only. check_image refuses for both system calls what cannot start on this machine.
 */
struct arch_ops {
	enum cpu_arch arch;
	phys_t lowest;          /* nothing is placed below */
	bool takes_device_tree; /* its kernels are given one by the loader */
	bool no_crash_by_load;  /* a crash kernel is laid out by the running kernel alone */
	bool (*check_image)(const struct planner *planner, struct error *err);
	bool (*lay_out)(struct planner *planner, struct error *err);

	/* Why the running kernel's own loader cannot take this request; NULL: it may. May be NULL. */
	const char *(*file_load_obstacle)(const struct request *request);

	/*
	 * For a kernel that is to be entered past its own decompressor. Why that must not be, or
	 * NULL; and where in virtual memory it is to lie: randomised and offset of *direct, whose
	 * other fields are filled in.
	 */
	const char *(*direct_obstacle)(
		const struct machine *machine, const struct request *request);
	bool (*direct_choose)(
		const struct request *request, struct direct *direct, struct error *err);
};

/* Whether placement is limited by the user. */
bool plan_has_limits(const struct request *request);

/* Why the running kernel's own loader cannot take this request; NULL: it may. */
const char *plan_file_load_obstacle(const struct arch_ops *arch, const struct request *request);

/* The system call that the plan will be for. */
enum kexec_call plan_choose_call(
	const struct arch_ops *arch, const struct machine *machine, const struct request *request);

/*
 * Makes the plan. arch is the running CPU's row of the registry. Faults: the FIT and IMAGE ones
 * and those of a machine that cannot do it. All of *ret lives in the arena; machine, request and
 * its inputs must outlive it.
 */
bool plan_make(const struct arch_ops *arch, const struct machine *machine,
	const struct request *request, struct arena *arena, struct plan *ret, struct error *err)
	__attribute__((warn_unused_result));

/* A note for who has not asked for kexec_load where processes can keep something for the next kernel. */
void plan_tell_loss(
	const struct machine *machine, const struct request *request, struct notes *notes);

/*
 * Which system call to try after the plan's own was refused with this errno, where the request
 * leaves the choice and the refusal does not forbid it; false (and no error) otherwise.
 */
bool plan_fall_back(
	const struct plan *plan, const struct machine *machine, int errnum, enum kexec_call *ret);
