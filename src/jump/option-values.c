/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the options of kexec(8) do with their values. */
#include "jump/option-row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/text.h"

static void *field_of(struct said *said, const struct option_row *row)
{
	return (char *)said + row->field;
}

bool set_flag(struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)value, (void)err;
	return *(bool *)field_of(said, row) = true;
}

bool set_string(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)err;
	*(const char **)field_of(said, row) = value;
	return true;
}

bool set_call(struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)value, (void)err;
	said->options.job.call = row->call;
	return true;
}

bool set_entry_point(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)value, (void)err;
	said->options.job.entry_point = row->entry_point;
	return true;
}

bool set_arguments(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)value, (void)err;
	said->options.job.arguments = row->arguments;
	return true;
}

bool set_core_class(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)value, (void)err;
	said->options.job.quirks.core_class = row->core_class;
	return true;
}

bool set_address(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	phys_t address;
	char *end;

	errno = 0;
	address = strtoull(value, &end, 0);
	/* -1, the last address that there can be: that is no limit. */
	if (errno || end == value || *end || (value[0] == '-' && address != UINT64_MAX))
		return fail(err, FAULT_USAGE, "--%s=%s is no address", row->name, value);
	*(phys_t *)field_of(said, row) = address;
	return true;
}

bool set_no_checks(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)row, (void)value, (void)err;
	said->options.job.check = CHECK_NONE;
	return true;
}

bool set_check(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	static const char *const names[] = {
		[CHECK_AUTO] = "auto",
		[CHECK_SHA256] = "sha256",
		[CHECK_CRC32C] = "crc32c",
		[CHECK_NONE] = "none",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], value) == 0) {
			said->options.job.check = (enum check_wanted)i;
			return true;
		}
	return fail(err, FAULT_USAGE, "--%s=%s is none of auto, sha256, crc32c, none", row->name,
		value);
}

bool set_direct(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	bool is_off = strcmp(value, "off") == 0;

	if (!is_off && strcmp(value, "auto") != 0)
		return fail(err, FAULT_USAGE, "--%s=%s is none of auto, off", row->name, value);
	said->options.job.direct = is_off ? DIRECT_OFF : DIRECT_AUTO;
	return true;
}

bool set_initrd_form(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	return initrd_form_by_name(value, &said->options.job.initrd_form) ||
		fail(err, FAULT_USAGE, "--%s=%s is none of auto, keep, raw, lz4, zstd", row->name,
			value);
}

bool set_shorten(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	bool is_outage = strcmp(value, "outage") == 0;

	if (!is_outage && strcmp(value, "jump") != 0)
		return fail(err, FAULT_USAGE, "--%s=%s is none of jump, outage", row->name, value);
	said->options.job.aim.shorten = is_outage ? SHORTEN_OUTAGE : SHORTEN_JUMP;
	return true;
}

bool set_hold(struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	struct load_aim *aim = &said->options.job.aim;

	if (!text_size(view_of_string(value), &aim->hold))
		return fail(err, FAULT_USAGE, "--%s=%s is no size, such as 64M", row->name, value);
	aim->is_held = true;
	return true;
}

bool add_initrd(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	size_t *count = &said->options.job.initrd_count;

	(void)row;
	if (*count == PLAN_INITRDS_MAX)
		return fail(err, FAULT_USAGE, "more than %d initrds are given", PLAN_INITRDS_MAX);
	said->options.initrds[(*count)++] = value;
	return true;
}

bool add_module(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	size_t *count = &said->options.job.module_count;

	(void)row;
	if (*count == PLAN_MODULES_MAX)
		return fail(err, FAULT_USAGE, "more than %d modules are given", PLAN_MODULES_MAX);
	said->options.modules[(*count)++] = value;
	return true;
}

/* A whole number in C's notation, from 1 to last. */
static bool read_number(const char *text, unsigned long last, unsigned long *ret)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 0);
	if (errno || end == text || *end || text[0] == '-' || number == 0 || number > last)
		return false;
	*ret = number;
	return true;
}

bool set_serial_port(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	static const struct {
		const char *name;
		uint16_t port;
	} usual[] = {
		{ "ttyS0", 0x3f8 },
		{ "ttyS1", 0x2f8 },
		{ "ttyS2", 0x3e8 },
		{ "ttyS3", 0x2e8 },
	};
	struct console_wanted *console = &said->options.job.quirks.console;
	unsigned long port;

	console->serial = true;
	console->device = strncmp(value, "tty", 3) == 0 ? value : NULL;
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		if (strcmp(usual[i].name, value) == 0) {
			console->port = usual[i].port;
			return true;
		}
	if (console->device)
		return true; /* whether there is such a port is known when the plan is made */
	if (!read_number(value, UINT16_MAX, &port))
		return fail(err, FAULT_USAGE,
			"--%s=%s is no serial port such as ttyS0, and no I/O port such as 0x3f8",
			row->name, value);
	console->port = (uint16_t)port;
	return true;
}

bool set_serial_speed(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	enum { FASTEST = 115200, SLOWEST = 9600 };
	unsigned long speed;

	if (!read_number(value, FASTEST, &speed) || speed < SLOWEST || FASTEST % speed != 0)
		return fail(err, FAULT_USAGE,
			"--%s=%s is no speed from %d to %d that divides the latter", row->name,
			value, SLOWEST, FASTEST);
	said->options.job.quirks.console.baud = (uint32_t)speed;
	return true;
}

bool set_watchdog(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	static const char any_kernel[] = ",any-kernel";
	struct watchdog_wish *wish = &said->options.job.watchdog;
	unsigned long seconds;
	char *end;

	errno = 0;
	seconds = strtoul(value, &end, 10);
	wish->any_kernel = strcmp(end, any_kernel) == 0;
	if (errno || value[0] < '0' || value[0] > '9' || (*end && !wish->any_kernel) ||
		seconds == 0 || seconds > WATCHDOG_SECONDS_MAX)
		return fail(err, FAULT_USAGE,
			"--%s=%s is no number of seconds from 1 to %d, with or without %s behind it",
			row->name, value, WATCHDOG_SECONDS_MAX, any_kernel);
	wish->seconds = (uint32_t)seconds;
	return true;
}

bool set_tune(struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	if (value && strcmp(value, "same") != 0)
		return fail(err, FAULT_USAGE, "--%s=%s: its only value is same", row->name, value);
	said->options.job.tune = value ? TUNE_SAME : TUNE_ANY;
	return true;
}

void option_remark(struct kexec_options *options, const char *name, const char *why)
{
	if (options->remark_count < OPTION_REMARKS_MAX)
		options->remarks[options->remark_count++] = (struct option_remark){ name, why };
}

bool note_no_effect(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)value, (void)err;
	option_remark(&said->options, row->name, row->why);
	return true;
}

bool refuse(struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)said, (void)value;
	return fail(err, FAULT_USAGE, "--%s %s", row->name, row->why);
}
