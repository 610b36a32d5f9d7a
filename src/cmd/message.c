/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/message.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void message_error(const struct error *err)
{
	const char *hint = fault_hint(err->fault);

	fprintf(stderr, "%s: cannot %s: %s\n", program_invocation_short_name,
		err->attempt[0] ? err->attempt : "do that", err->reason);
	if (hint)
		fprintf(stderr, "hint: %s\n", hint);
}

void message_note(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: note: ", program_invocation_short_name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void message_notes(const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		message_note("%s", notes->items[i]);
}

static void say(const char *text)
{
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

/* Only calls that are safe in a signal handler. */
static void on_sigbus(int signal)
{
	(void)signal;
	say(program_invocation_short_name);
	say(": cannot load the kernel: a file shrank while it was read\nhint: ");
	say(fault_hint(FAULT_FILE_CHANGED));
	say("\n");
	_exit(fault_class(FAULT_FILE_CHANGED));
}

void message_on_sigbus(void)
{
	struct sigaction action = { .sa_handler = on_sigbus };

	sigaction(SIGBUS, &action, NULL);
}
