/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/parameters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c != '\0' && (unsigned char)c <= ' ';
}

/* The next word, or the end of the line. */
static const char *skip_blanks(const char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

static const char *skip_word(const char *s)
{
	while (*s != '\0' && !is_blank(*s))
		s++;
	return s;
}

bool parameters_next(const char **line, const char *prefix, const char **ret_rest)
{
	size_t length = strlen(prefix);

	for (const char *s = skip_blanks(*line); *s; s = skip_blanks(skip_word(s))) {
		if (strncmp(s, prefix, length) != 0)
			continue;
		*ret_rest = s + length;
		*line = skip_word(s);
		return true;
	}
	return false;
}

bool parameters_have(const char *line, const char *word)
{
	const char *rest;

	while (parameters_next(&line, word, &rest))
		if (*rest == '\0' || is_blank(*rest))
			return true;
	return false;
}

bool parameters_number(const char *rest, uint16_t *ret)
{
	unsigned long number;
	char *end;

	if (*rest < '0' || *rest > '9')
		return false;
	errno = 0;
	number = strtoul(rest, &end, 0);
	if (errno || number > UINT16_MAX || (*end != '\0' && !is_blank(*end)))
		return false;
	*ret = (uint16_t)number;
	return true;
}
