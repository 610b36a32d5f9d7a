/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a reset leads: GRUB or systemd-boot is told to boot the entry of the running kernel once, while
 * the next kernel is on trial. Only where that is certain: where GRUB's menu reads next_entry, and where
 * GRUB can write to the file system that grubenv lies on, without which it would boot so for ever; where
 * systemd-boot has booted the machine, says that it can, and nobody else has told it anything.
 */
#pragma once

#include "entry/entry.h"
#include "service/trial.h"

struct one_shot {
	const char *file;  /* grubenv, or LOADER_ENTRY_ONE_SHOT; NULL: nothing is set */
	const char *value; /* of next_entry, or an id */
	const char
		*title; /* of the entry that a reset leads to then, or by default; NULL: unknown */
	const char *
		why_not; /* it is not set though it would have to be; NULL: it is, or need not be */
};

struct one_shot one_shot_find(
	const struct source *source, const struct entries *entries, struct arena *arena);

/* As a trial has it; "" where nothing is set. NULL when memory is out. */
const char *one_shot_text(const struct one_shot *one_shot, struct arena *arena);

/* Sets what a trial has, or takes it back where it is still that. Of what is set by others nothing is touched. */
bool one_shot_set(const struct trial *trial, struct error *err) __attribute__((warn_unused_result));
bool one_shot_take_back(const struct trial *trial, struct error *err)
	__attribute__((warn_unused_result));
