/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A job is one run from names to a loaded kernel: gather (files, machine), think (plan), act (load).
 * job_prepare does the first two and changes nothing; what it shows is what job_load does.
 */
#pragma once

#include "initrd/policy.h"
#include "initrd/verify.h"
#include "jump/lines.h"
#include "plan/come-back-parameters.h"
#include "plan/line-edits.h"
#include "plan/plan.h"
#include "plan/tuning.h"
#include "ready/form.h"
#include "sys/file.h"
#include "sys/kexec-calls.h"
#include "sys/snapshot.h"
#include "watchdog/watchdog.h"

/* A file that the caller has opened, which stays the caller's, instead of one that has a name. */
struct descriptor {
	bool is_given;
	int fd;
};

/* How far a job is. */
struct job_progress {
	const char *step;     /* a gerund: "unpacking the kernel" */
	const char *what;     /* the file that it is about, or "" */
	uint64_t done, total; /* bytes of that file; total 0: they are not counted */
};

/* Who wants to know. */
struct job_watch {
	void (*call)(void *context, const struct job_progress *progress); /* NULL: nobody */
	void *context;
};

/* A hardware watchdog that resets the machine where the next kernel does not take it over. */
struct watchdog_wish {
	uint32_t seconds; /* after the jump; 0: none is started */
	bool any_kernel;  /* even where the next kernel may have no driver that can stop it */
	bool may_miss;    /* where none can be started, that is a note and no error */
	bool may_try;  /* the running kernel's driver may be loaded, to see whether it finds it */
	bool may_keep; /* where no recipe can run, one that a driver here leaves running will do */
	const char *
		obstacle; /* why none is to be started after all, for the notes; NULL: nothing is */
	uint32_t least; /* where the hardware counts less than seconds, down to this; 0: no less */
};

enum load_shorten {
	SHORTEN_UNSAID, /* the jump */
	SHORTEN_JUMP,
	SHORTEN_OUTAGE, /* loading and jump together, since nothing serves any more while it is loaded */
};

/* What the forms of the kernel and of its initrds are chosen for. */
struct load_aim {
	enum load_shorten shorten;
	bool is_held; /* for long before the jump: nothing is unpacked that makes it more than hold bytes */
	uint64_t hold;
};

/* As load_aim.hold: a small part of the machine's memory. */
#define HOLD_USUAL UINT64_MAX

/* Whether what is kept ready of its files is used (jump/ready.h). */
struct ready_wish {
	const char *folder; /* where it lies; NULL: it is not used */
	bool may_read; /* files that were not read in this boot yet are, to know whether it is theirs */
};

/* What is wanted, by names. */
struct job_request {
	const struct source *source; /* the machine's facts are read from it; NULL: below root */
	const char *root;            /* a folder or an archive; NULL: the running system */
	const char *kernel;          /* path */
	const char *const *confines; /* folders that links in files below do not lead out of, see
					file_open_within; NULL: none */
	struct descriptor kernel_descriptor; /* of it; then the path is only a name */
	const char *type; /* the format that the image must have, as --type names it; NULL: any */
	const char *const *initrds; /* paths, in order */
	size_t initrd_count;
	const struct descriptor *initrd_descriptors; /* one for each of them; NULL: all by path */
	const char *const *modules;                  /* "FILE ARGUMENTS", in order */
	size_t module_count;
	const char *device_tree; /* path; NULL: the UKI's, else the running machine's */
	bool reuse_command_line;
	const char *command_line; /* appended to the reused one; NULL: none */
	struct line_edits edits;  /* of the line that comes of it, or of the UKI's own */
	enum tuning_wanted tune;  /* parameters that shorten the blackout are added to it */
	/* Those that make it come back are added, one on a watchdog where that is started; zeros: none. */
	struct come_back_parameters come_back;
	enum direct_wanted direct;
	enum initrd_form initrd_form; /* in which initrds are loaded */
	bool initrd_unchecked;        /* also where they are known to be damaged */
	const char *
		checked; /* the record of what unpacking them has told, jump/checked.h; NULL: none is kept */
	struct ready_wish ready;
	struct load_aim aim; /* what auto is for, of both */
	ASKED;
	struct watchdog_wish watchdog;
	struct job_watch watch;
};

enum {
	JOB_EMBEDDED_MAX = 2, /* initrds that an image brings along */
	JOB_LAYERS_MAX = 5,
};

/* What was decided on one of the initrds, and on what grounds. */
struct initrd_decision {
	struct input given;
	const struct initrd *content; /* of that */
	struct initrd_facts facts;
	struct initrd_choice choice;
	bool is_for_file; /* the system call reads a file, so that it is made one */
	bool is_ready;    /* it is loaded in the form that is kept ready */
	struct file made; /* given in another form; closed where it is kept */
};

/* The next kernel's configuration, and the name of its file. */
struct next_config {
	const char *name;
	struct view text;
};

/* What the kernel, or the next layer, was taken out of. */
struct layer {
	struct image image;
	const char *name; /* "UKI" */
	struct file file; /* what was in it, where that is a file; closed where it was not needed */
};

/* Of one of the files. */
struct ready_kept {
	bool is_sought;
	struct file file;       /* closed where there is nothing */
	struct ready_form form; /* without a payload then */
};

/* What of a job has been done, each a bit of done. */
enum job_part {
	JOB_KERNEL = 1 << 0, /* its file is open */
	JOB_MACHINE = 1 << 1,
	JOB_PERMITTED = 1 << 2, /* the running kernel has a system call for it */
	JOB_IMAGE = 1 << 3,
	JOB_LAYERS = 1 << 4,
	JOB_REST = 1 << 5, /* the other files */
	JOB_TREE = 1 << 6,
	JOB_REQUEST = 1 << 7,
	JOB_PLAN = 1 << 8,
	JOB_INITRDS = 1 << 9,   /* the next kernel unpacks them, by their headers */
	JOB_CONTENTS = 1 << 10, /* and by what only unpacking tells */
	JOB_WATCHDOG = 1 << 11, /* a recipe, or none is wanted or can be had */
	JOB_ADMITTED = 1 << 12, /* the kernel's file is no larger than the memory */
};

/* The next kernel's command line on its way: each is the one before with what this step changed. */
enum line_stage {
	LINE_GIVEN,  /* where it began: what is reused, or what is given where nothing is */
	LINE_REUSED, /* without what is for the running kernel alone */
	LINE_JOINED, /* with what is given besides */
	LINE_EDITED, /* by job_request.edits */
	LINE_TUNED,
	LINE_TRIAL,
	LINE_PLANNED, /* as the plan hands it over */
	LINE_STAGES,
};

struct job {
	struct arena arena;
	struct job_request wanted;
	unsigned done; /* enum job_part; where all went well, all */
	struct machine machine;
	uint64_t given_bytes; /* of the files that were opened, see jump/holding.h */
	struct file kernel;   /* as it is in its file */
	struct file unpacked; /* where that was compressed */
	struct file vmlinux;  /* the kernel out of its payload, where it is entered directly */
	struct direct direct; /* what of that the request shows */
	struct file initrds[PLAN_INITRDS_MAX];
	struct file module_files[PLAN_MODULES_MAX];
	struct module modules[PLAN_MODULES_MAX];
	struct file device_tree; /* the user's; closed where there is none */
	struct file joined;      /* all initrds, for a system call that takes one */
	struct input inputs[JOB_EMBEDDED_MAX + PLAN_INITRDS_MAX]; /* the initrds, all of them */
	size_t input_count;
	struct initrd given[JOB_EMBEDDED_MAX + PLAN_INITRDS_MAX]; /* what is in each, as it came */
	struct initrd_verdict verdicts[JOB_EMBEDDED_MAX + PLAN_INITRDS_MAX]; /* on each of them */
	struct initrd_decision *decisions; /* on each of the inputs; NULL before */
	const char *
		packed_kernel; /* why the kernel is not unpacked ahead of the jump for its aim; NULL: it is, or
				      something else forbids it */
	struct ready_kept kept_kernel, kept_initrds[PLAN_INITRDS_MAX]; /* by jump/ready.h */
	struct known_lines checked,
		lasting; /* of this boot, and of the files' bytes; by jump/checked.h */
	struct input joined_input;
	struct next_config config; /* by next_config */
	struct file config_file;
	bool config_is_read;
	struct image image;
	struct layer layers[JOB_LAYERS_MAX]; /* what image was taken out of, outermost first */
	size_t layer_count;
	size_t layers_off; /* of them, from the file that kexec_file_load is handed */
	struct image uki;  /* the one among them; zeros where there is none */
	struct watchdog_facts watchdog_facts;
	struct watchdog
		watchdog; /* that runs then, driver NULL: none; by a recipe or by its device */
	struct watchdog_setting watchdog_setting; /* its times */
	const char *watchdog_obstacle;  /* why a wish that may miss does; NULL: it does not */
	const char *line;               /* the command line without a trial's words */
	const char *lines[LINE_STAGES]; /* what became of it, step by step */
	struct own_build own;           /* for TUNE_SAME */
	struct tuning_grounds tuning;   /* by which line has its words, or has none */
	struct request request;
	struct plan plan;
	bool tried_load, tried_file_load; /* what the running kernel was asked for */
	struct notes notes;               /* of gathering; the plan has its own */
};

/*
 * Opens, reads and plans. The job is at one address from now on; job_free is due even after a
 * failure. The strings of wanted must outlive it.
 */
bool job_prepare(struct job *job, const struct job_request *wanted, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same for who only wants to know: it goes on with whatever can be found out after something
 * failed, and does not ask whether the running kernel has a system call for it. What was found is in
 * done; *err is the first failure. Such a job is not for job_load.
 */
bool job_survey(struct job *job, const struct job_request *wanted, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Loads the plan. Where the choice of the system call was left to the plan and the running kernel
 * refuses the one, the other is planned and tried, which is noted.
 */
bool job_load(struct job *job, const struct kexec_calls *calls, struct error *err)
	__attribute__((warn_unused_result));

/* Tells the one who watches, where somebody does. */
void job_step(
	const struct job *job, const char *step, const char *what, uint64_t done, uint64_t total);

void job_free(struct job *job);
