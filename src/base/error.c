/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds errors; what each fault means for the user is in faults.c. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put_reason(
	struct error *err, enum fault fault, int errnum, const char *format, va_list args)
{
	*err = (struct error){ .fault = fault, .errnum = errnum };
	vsnprintf(err->reason, sizeof err->reason, format, args);
}

bool fail(struct error *err, enum fault fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_reason(err, fault, 0, format, args);
	va_end(args);
	return false;
}

/* What a limit of ours or of the system has done is no fault of the file or the machine that was asked. */
static enum fault fault_of(enum fault fault, int errnum)
{
	if (errnum == EMFILE || errnum == ENFILE)
		return FAULT_LIMITED;
	if (errnum == ENOMEM &&
		(fault == FAULT_FILE_UNREADABLE || fault == FAULT_MACHINE_UNREADABLE))
		return FAULT_NO_MEMORY;
	return fault;
}

bool fail_errno(struct error *err, enum fault fault, int errnum, const char *format, ...)
{
	va_list args;
	size_t used;

	va_start(args, format);
	put_reason(err, fault_of(fault, errnum), errnum, format, args);
	va_end(args);
	used = strlen(err->reason);
	snprintf(err->reason + used, sizeof err->reason - used, ": %s", strerror(errnum));
	return false;
}

bool fail_no_memory(struct error *err)
{
	return fail(err, FAULT_NO_MEMORY, "out of memory");
}

bool error_append(struct error *err, const char *format, ...)
{
	size_t used = strlen(err->reason);
	va_list args;

	va_start(args, format);
	vsnprintf(err->reason + used, sizeof err->reason - used, format, args);
	va_end(args);
	return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
	char prefix[ERROR_REASON_MAX];
	size_t used, room;
	va_list args;

	va_start(args, format);
	vsnprintf(prefix, sizeof prefix, format, args);
	va_end(args);
	used = strlen(prefix);
	room = sizeof err->reason - 1 - used;
	if (strlen(err->reason) > room)
		err->reason[room] = '\0';
	memmove(err->reason + used, err->reason, strlen(err->reason) + 1);
	memcpy(err->reason, prefix, used);
	return false;
}

bool error_attempting(struct error *err, const char *format, ...)
{
	va_list args;

	if (err->attempt[0])
		return false;
	va_start(args, format);
	vsnprintf(err->attempt, sizeof err->attempt, format, args);
	va_end(args);
	return false;
}
