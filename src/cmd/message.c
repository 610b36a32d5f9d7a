/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/say.h"
#include "cmd/field-names.h"
#include "cmd/translate.h"
#include "sys/caller.h"

void message_spell(struct error *err)
{
	fields_spell_error(&command_field_names, err);
}

const char *message_in_language(const char *text, struct arena *arena)
{
	struct translation language;
	char *own;

	if (!text)
		return NULL;
	translation_begin(&language);
	own = translated(&language, text);
	translation_end(&language);
	text = arena_string(arena, view_of_string(own ? own : text));
	free(own);
	return text;
}

const char *message_spelled(const char *text, struct arena *arena)
{
	char spelled[MESSAGE_TEXT_MAX];
	const char *own;

	if (!text)
		return NULL;
	fields_spell(&command_field_names, text, spelled, sizeof spelled);
	own = arena_string(arena, view_of_string(spelled));
	return own ? own : text;
}

void message_take_apart(const struct error *err, struct message_parts *ret)
{
	struct error open = *err;
	char hint[ERROR_HINT_MAX];

	caller_close_ways(&open);
	error_hint(&open, hint);
	snprintf(ret->attempt, sizeof ret->attempt, "%s", err->attempt[0] ? err->attempt : "go on");
	fields_spell(&command_field_names, err->reason, ret->reason, sizeof ret->reason);
	fields_spell(&command_field_names, hint, ret->hint, sizeof ret->hint);
}

void message_error(const struct error *err)
{
	struct message_parts parts;

	if (err->fault == FAULT_NOT_BY_KEXEC)
		return;
	message_take_apart(err, &parts);
	say_error(
		"%s: cannot %s: %s\n", program_invocation_short_name, parts.attempt, parts.reason);
	if (parts.hint[0])
		say_error("hint: %s\n", parts.hint);
}

void message_note(const char *format, ...)
{
	va_list args;

	say_error("%s: note: ", program_invocation_short_name);
	va_start(args, format);
	say_to(stderr, format, args);
	va_end(args);
	say_error("\n");
}

void message_notes(const struct notes *notes)
{
	char text[MESSAGE_TEXT_MAX];

	for (size_t i = 0; i < notes->count; i++) {
		fields_spell(&command_field_names, notes->items[i], text, sizeof text);
		message_note("%s", text);
	}
}

static void write_raw(const char *text)
{
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

/* Only calls that are safe in a signal handler. */
void message_sigbus(int code)
{
	const struct error err = { .fault = FAULT_FILE_CHANGED };
	char hint[ERROR_HINT_MAX];

	error_hint(&err, hint);
	write_raw(program_invocation_short_name);
	write_raw(": cannot go on: a file shrank while it was read\nhint: ");
	write_raw(hint);
	write_raw("\n");
	_exit(code);
}

void message_begin(void (*on_sigbus)(int signal))
{
	struct sigaction bus = { .sa_handler = on_sigbus }, pipe = { .sa_handler = SIG_IGN };

	translate_find_catalogues();
	/* A line in one piece: a console has other writers. */
	setvbuf(stderr, NULL, _IOLBF, 0);
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGPIPE, &pipe, NULL);
}

/* A pipe without a reader, as poll(2) tells it. */
static bool has_no_reader(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && out.revents & POLLERR;
}

bool message_end(struct error *err)
{
	/* Without one the output was not meant to be read. */
	bool is_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	int failure = fflush(stdout) != 0 ? errno : ferror(stdout) ? EIO : 0;

	if (failure == 0 || !is_open || has_no_reader())
		return true;
	fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "standard output");
	return error_attempting(err, "write all of the output");
}

void message_flush(void)
{
	struct error err;

	if (!message_end(&err))
		message_note("%s", err.reason);
	clearerr(stdout);
}
