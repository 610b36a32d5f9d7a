/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/os-release.h"

#include <string.h>

#include "machine/text.h"

const char *const os_release_files[OS_RELEASE_FILES] = { "/etc/os-release", "/usr/lib/os-release" };

/* In double quotes a backslash keeps the one character behind it from meaning anything. */
static const char *without_quotes(struct view value, struct arena *arena)
{
	bool is_quoted = value.n && (value.p[0] == '"' || value.p[0] == '\'');
	uint8_t quote = is_quoted ? value.p[0] : 0;
	char *text = arena_alloc(arena, value.n + 1);
	size_t n = 0;

	if (!text)
		return "";
	for (size_t i = is_quoted; i < value.n && !(is_quoted && value.p[i] == quote); i++) {
		if (value.p[i] == '\\' && quote != '\'' && i + 1 < value.n)
			i++;
		if (value.p[i])
			text[n++] = (char)value.p[i];
	}
	text[n] = '\0';
	return text;
}

const char *os_release_value(struct view text, const char *key, struct arena *arena)
{
	const char *found = "";
	struct view line, name;

	while (text_line(&text, &line))
		if (text_cut(&line, '=', &name) && text_is(text_trim(name), key))
			found = without_quotes(text_trim(line), arena);
	return found;
}

const char *os_release_read(const struct source *source, const char *key, struct arena *arena)
{
	struct view text;

	for (size_t i = 0; i < OS_RELEASE_FILES; i++)
		if (source_read(source, os_release_files[i] + 1, arena, &text))
			return os_release_value(text, key, arena);
	return "";
}
