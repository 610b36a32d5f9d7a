/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What this machine could boot next, and what its boot loader would take by itself.
 *
 *	cc list-entries.c $(pkg-config --cflags --libs saut) -o list-entries
 *	./list-entries [FOLDER]
 */
#include <stdio.h>

#include <saut.h>

static void say(void *context, const char *note)
{
	(void)context;
	fprintf(stderr, "note: %s\n", note);
}

int main(int argc, char **argv)
{
	struct saut *s = saut_new();
	const struct saut_entry *entry;
	enum saut_result result;

	if (!s)
		return SAUT_REFUSED;
	saut_on_note(s, say, NULL);
	if (argc > 1)
		saut_set_root(s, argv[1]);
	result = saut_find_entries(s);
	if (result != SAUT_DONE)
		fprintf(stderr, "cannot %s: %s\n%s\n", saut_attempt(s), saut_reason(s),
			saut_hint(s));
	for (unsigned i = 0; (entry = saut_entry(s, i)); i++)
		printf("%c %s: %s\n", entry->is_default ? '*' : ' ', entry->title,
			entry->obstacle ? entry->obstacle : entry->kernel);
	saut_free(s);
	return (int)result;
}
