/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/columns.h"

#include <string.h>
#include <unistd.h>

#include "cmd/say.h"
#include "cmd/translate.h"
#include "cmd/utf8.h"
#include "sys/terminal.h"

enum { WIDTH_MAX = 80, TEXT_LEAST = 20 };

static size_t width(void)
{
	const size_t found = terminal_width(STDOUT_FILENO);

	return found && found < WIDTH_MAX ? found : WIDTH_MAX;
}

static void wrap(const char *text, size_t left, size_t room)
{
	size_t used = 0;

	while (*text) {
		const size_t n = strcspn(text, " "), wide = utf8_count(text, n);

		if (used && used + 1 + wide > room) {
			say("\n%*s", (int)left, "");
			used = 0;
		}
		say("%s%.*s", used ? " " : "", (int)n, text);
		used += wide + (used ? 1 : 0);
		text += n;
		text += strspn(text, " ");
	}
	say("\n");
}

void columns_say(const struct columns *columns, const char *label, const char *text)
{
	const size_t all = width(), wide = utf8_count(label, strlen(label));
	const size_t left = columns->left + TEXT_LEAST <= all ? columns->left : 8;
	struct translation language;

	say("%.*s", (int)strlen(label), label);
	if (wide + 1 < left)
		say("%*s", (int)(left - wide), "");
	else if (wide > 0)
		say("\n%*s", (int)left, "");
	else
		say("%*s", (int)left, "");
	translation_begin(&language);
	wrap(translated_format(&language, text), left, all > left ? all - left : 1);
	translation_end(&language);
}
