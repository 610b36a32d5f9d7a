/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Debian's static libraries call, since they were built with glibc's headers and _FORTIFY_SOURCE, and
 * musl does not have: functions that check a size as well (Linux Standard Base 5.0, Core, "libc").
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments);
int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __vsnprintf_chk(
	char *s, size_t n, int flag, size_t size, const char *format, va_list arguments);
int __snprintf_chk(char *s, size_t n, int flag, size_t size, const char *format, ...);
int __vasprintf_chk(char **ret, int flag, const char *format, va_list arguments);

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments)
{
	(void)flag;
	return vfprintf(file, format, arguments);
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
	va_list arguments;
	int count;

	va_start(arguments, format);
	count = __vfprintf_chk(file, flag, format, arguments);
	va_end(arguments);
	return count;
}

int __vsnprintf_chk(char *s, size_t n, int flag, size_t size, const char *format, va_list arguments)
{
	(void)flag;
	if (n > size)
		abort();
	return vsnprintf(s, n, format, arguments);
}

int __snprintf_chk(char *s, size_t n, int flag, size_t size, const char *format, ...)
{
	va_list arguments;
	int count;

	va_start(arguments, format);
	count = __vsnprintf_chk(s, n, flag, size, format, arguments);
	va_end(arguments);
	return count;
}

int __vasprintf_chk(char **ret, int flag, const char *format, va_list arguments)
{
	(void)flag;
	return vasprintf(ret, format, arguments);
}
