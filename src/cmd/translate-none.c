/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Of a build without gettext: all that is said is English. */
#include "cmd/translate.h"

#include <stddef.h>

void translate_find_catalogues(void)
{
}

void translation_begin(struct translation *ret)
{
	*ret = (struct translation){ 0 };
}

void translation_end(struct translation *t)
{
	(void)t;
}

const char *translated_format(const struct translation *t, const char *format)
{
	(void)t;
	return format;
}

char *translated(const struct translation *t, const char *text)
{
	(void)t;
	(void)text;
	return NULL;
}
