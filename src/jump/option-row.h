/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One option of kexec(8), and what all of them have said by the end of the command line. */
#pragma once

#include <stddef.h>

#include "jump/options.h"

/* What the words of the command line said, before it is decided what they mean together. */
struct said {
	struct kexec_options
		options; /* what does not depend on other words is set in here at once */
	bool is_lite;    /* said to kexec-lite */
	bool load, exec, force, unload, status, help, version, crash_memory;
	phys_t first, last;
};

struct option_row;

/* Takes the value of one option, NULL for one without. */
typedef bool option_apply(
	struct said *said, const struct option_row *row, const char *value, struct error *err);

struct option_row {
	const char *name, *alias; /* long */
	char letter;
	const char *value; /* its name in the help; NULL: takes none */
	bool is_optional;  /* the value, which is then in the same word or is not there */
	option_apply *apply;
	size_t field; /* of struct said: what apply sets */
	enum kexec_call call;
	enum entry_point_wanted entry_point;
	enum arguments_wanted arguments;
	enum core_class_wanted core_class;
	const char *help; /* NULL: not in the help */
	bool is_extra;    /* not kexec-tools' on x86: an abbreviation means another one first */
	const char *why;  /* without effect, or refused */
};

/* Set the field of struct said that the row names. */
option_apply set_flag, set_string, set_address;

/* Set what the row says. */
option_apply set_call, set_core_class, set_entry_point, set_arguments;

/* Set what the value says. */
option_apply set_no_checks, set_check, set_initrd_form, set_direct, set_shorten, set_hold;
option_apply set_serial_port, set_serial_speed, set_watchdog, set_tune;

option_apply add_initrd, add_module;

/* Known from kexec-tools: nothing comes of it here, and why is said when something is loaded. */
option_apply note_no_effect;

/* Says the same of an option that has no effect for another reason. */
void option_remark(struct kexec_options *options, const char *name, const char *why);

/* Known from kexec-tools: cannot be done here, and why is the reason. */
option_apply refuse;
