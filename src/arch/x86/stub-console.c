/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/x86/stub-console.h"

#include "plan/parameters.h"
#include "stub/abi.h"

enum {
	/* struct screen_info in boot_params */
	ORIG_VIDEO_IS_VGA = 0x00f,
	VIDEO_TYPE_VGA_TEXT = 1,
	SERIAL_PORTS = 4,
	UART_BAUD_BASE = 115200,
};

/* The last console= that names a 16550; -1: none. */
static int serial_index(const char *command_line)
{
	const char *digit;
	int index = -1;

	while (parameters_next(&command_line, "console=ttyS", &digit))
		if (*digit >= '0' && *digit < '0' + SERIAL_PORTS)
			index = *digit - '0';
	return index;
}

static uint16_t port_of(const struct machine *machine, unsigned index)
{
	static const uint16_t usual[SERIAL_PORTS] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };

	for (size_t i = 0; i < machine->serial_count; i++)
		if (machine->serial[i].index == index)
			return machine->serial[i].port;
	return usual[index];
}

static bool has_text_screen(const struct machine *machine)
{
	struct reader r = reader_at(machine->boot_params, ORIG_VIDEO_IS_VGA);

	return reader_u8(&r) == VIDEO_TYPE_VGA_TEXT &&
		machine->framebuffer.owner != FRAMEBUFFER_DRIVER;
}

struct stub_voice stub_voice_choose(const struct machine *machine, const struct request *request)
{
	const struct console_wanted *wanted = &request->quirks.console;
	struct stub_voice voice = { 0 };
	int index = serial_index(request->command_line);

	if (index < 0)
		index = serial_index(machine->command_line);
	if (index >= 0 || wanted->serial) {
		voice.consoles |= STUB_CONSOLE_SERIAL;
		voice.serial_port = wanted->port
			? wanted->port
			: port_of(machine, index < 0 ? 0 : (unsigned)index);
		voice.serial_divisor = wanted->baud ? UART_BAUD_BASE / wanted->baud : 0;
	}
	if (has_text_screen(machine) || wanted->screen)
		voice.consoles |= STUB_CONSOLE_VGA;
	return voice;
}
