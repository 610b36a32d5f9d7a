/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/stub-serial.h"

#include <string.h>

#include "plan/parameters.h"

/* "ttyAMA0,115200n8" names ttyAMA0. */
static bool is_named(const char *word, const char *name)
{
	size_t n = strlen(name);

	return strncmp(word, name, n) == 0 &&
		(word[n] == '\0' || word[n] == ',' || word[n] == ' ' || word[n] == '\t');
}

static const struct mmio_serial *find(const struct machine *machine, const char *word)
{
	for (size_t i = 0; i < machine->mmio_serial_count; i++)
		if (is_named(word, machine->mmio_serial[i].name))
			return &machine->mmio_serial[i];
	return NULL;
}

static const struct mmio_serial *find_console(const struct machine *machine, const char *line)
{
	const struct mmio_serial *last = NULL, *found;
	const char *word;

	while (parameters_next(&line, "console=", &word)) {
		found = find(machine, word);
		last = found ? found : last;
	}
	return last;
}

const struct mmio_serial *stub_serial_choose(
	const struct machine *machine, const struct request *request)
{
	const struct mmio_serial *found;

	if (request->quirks.console.device)
		return find(machine, request->quirks.console.device);
	found = find_console(machine, request->command_line);
	if (!found)
		found = find_console(machine, machine->command_line);
	if (!found && machine->mmio_serial_count == 1)
		found = machine->mmio_serial;
	return found;
}

void stub_serial_fill(struct stub_args *args, const struct mmio_serial *serial)
{
	if (!serial)
		return;
	args->console_address = serial->address;
	args->console_shift = serial->shift;
	switch (serial->kind) {
	case SERIAL_PL011:
		args->console |= STUB_CONSOLE_PL011;
		break;
	case SERIAL_8250:
		args->console |= STUB_CONSOLE_8250_MMIO;
		break;
	}
}
