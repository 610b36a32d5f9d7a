/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings of boot services: what an administrator asks for in the vocabulary of Gentoo
 * (/etc/conf.d/kexec) and of Debian (/etc/default/kexec). kexec.conf(5) lists them.
 */
#pragma once

#include "base/notes.h"
#include "machine/init.h"
#include "machine/source.h"
#include "service/assignments.h"

/* Of which service manager: which files are read, and what is taken where nothing is named. */
enum service_style { SERVICE_OPENRC, SERVICE_DEBIAN, SERVICE_SYSTEMD, SERVICE_RUNIT };

enum { SERVICE_STYLES = SERVICE_RUNIT + 1 };

/* What is to happen where the next kernel does not come up well: COME_BACK, COME_BACK_WITHIN and so on. */
struct come_back_settings {
	bool is_on;
	bool is_asked;   /* by somebody, and not only since it is so where nobody says anything */
	bool on_lockups; /* a CPU or a task that hangs panics, and so resets the machine */
	bool is_manual;  /* somebody confirms, by saut confirm */
	bool is_strict;  /* whatever is missing then is held against the kernel */
	unsigned within; /* seconds */
};

enum { COME_BACK_LEAST_S = 30, COME_BACK_USUAL_S = 300, COME_BACK_MOST_S = 24 * 60 * 60 };

/* READY: what a shutdown will load is kept on the disk, in forms that are loaded sooner. */
struct ready_settings {
	bool is_off;
	bool has_most; /* bytes that may be kept; else a small part of what is free */
	uint64_t most;
};

struct service_settings {
	enum service_style style;
	struct assignments all;
	const char *load_during_shutdown;
	const char *options;  /* KEXEC_OPT_ARGS, as it is written */
	const char *boot;     /* BOOTPART */
	const char *root;     /* ROOTPART; "": the running kernel's */
	const char *image;    /* KNAME or KERNEL_IMAGE; "": found by names or by the boot loader */
	const char *image_by; /* what it is called: "KNAME" */
	const char *initrd;   /* INITRD; "": the one that belongs to the image */
	bool has_no_initrd;
	const char *parameters;   /* KPARAM; "": the running kernel's command line */
	const char *command_line; /* APPEND: the whole of it; "": by root and parameters */
	const char *entry;        /* ENTRY: of the boot loader; "": not asked for */
	bool may_mount;           /* DONT_MOUNT_BOOT */
	bool by_boot_loader;      /* USE_GRUB_CONFIG */
	bool has_hold;            /* HOLD: bytes that may be held from loading to the jump */
	uint64_t hold;
	struct ready_settings ready;
	const char *unbind; /* UNBIND: drivers, in this order; "": known ones, "-": none */
	bool no_checks;     /* CHECKS=no: what the checks find does not matter */
	struct come_back_settings come_back;
	/* These two hold whatever else is wrong. */
	const char *off_by; /* the setting that switches the service off: "KNAME=-"; NULL: none */
	struct error wrong; /* why the settings cannot be used; FAULT_NONE: they can */
};

bool service_style_by_name(const char *name, enum service_style *ret)
	__attribute__((warn_unused_result));

/* Whose files count where no boot service asks. */
enum service_style service_style_of(enum init init);

struct service_request {
	enum service_style style;
	const char *file; /* instead of those of the style; NULL: those */
	/*
	 * What a service manager made of the files already ("NAME=VALUE", NULL at the end): it wins,
	 * and what is not understood in the files is a note. NULL: the files alone count.
	 */
	const char *const *environment;
};

/*
 * False only when memory is out. What else is wrong, a file that cannot be read or a line that cannot be
 * understood, is in ret->wrong, so that what switches the service off is known all the same. A setting
 * that nobody knows is a note. Everything lives in the arena.
 */
bool service_settings_read(const struct source *source, const struct service_request *request,
	struct notes *notes, struct arena *arena, struct service_settings *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * False with what is wrong where the settings cannot be used: FAULT_SETTINGS with file and line, FAULT_SETTINGS_OTHERS
 * where somebody else than root can write them.
 */
bool service_settings_check(const struct service_settings *settings, struct error *err)
	__attribute__((warn_unused_result));

/* Whether the kernel is loaded at shutdown; else it is when the service starts. */
bool service_loads_at_shutdown(const struct service_settings *settings);

/* Whether a kernel that nobody named is looked for by Gentoo's names, before the boot loader's. */
bool service_looks_for_names(enum service_style style);
