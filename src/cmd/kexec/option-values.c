/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rarer options of kexec(8) do with their values. */
#include "cmd/kexec/option-row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	struct console_wanted *console = &said->quirks.console;
	unsigned long port;

	console->serial = true;
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		if (strcmp(usual[i].name, value) == 0) {
			console->port = usual[i].port;
			return true;
		}
	if (!read_number(value, UINT16_MAX, &port))
		return fail(err, FAULT_USAGE,
			"--%s=%s is none of ttyS0 to ttyS3, and no I/O port such as 0x3f8",
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
	said->quirks.console.baud = (uint32_t)speed;
	return true;
}

bool note_no_effect(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	struct kexec_options *options = said->options;

	(void)value, (void)err;
	if (options->remark_count < OPTION_REMARKS_MAX)
		options->remarks[options->remark_count++] =
			(struct option_remark){ row->name, row->why };
	return true;
}

bool refuse(struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	(void)said, (void)value;
	return fail(err, FAULT_USAGE, "--%s %s", row->name, row->why);
}
