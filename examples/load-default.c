/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads what the boot loader would boot, with the words of the command line behind its own, and says
 * how far it is.
 *
 *	cc load-default.c $(pkg-config --cflags --libs saut) -o load-default
 *	./load-default && systemctl kexec
 */
#include <stdio.h>

#include <saut.h>

static void show(void *context, const char *step, const char *what, uint64_t done, uint64_t total)
{
	(void)context;
	(void)done;
	(void)total;
	fprintf(stderr, "%s %s\n", step, what);
}

static enum saut_result load_default(struct saut *s)
{
	const struct saut_entry *entry;
	enum saut_result result = saut_choose_entry(s, SAUT_ENTRY_DEFAULT, NULL, &entry);

	if (result == SAUT_DONE)
		result = saut_use_entry(s, entry);
	if (result == SAUT_DONE)
		result = saut_load(s);
	if (result == SAUT_DONE)
		printf("loaded %s\n", entry->title);
	return result;
}

int main(void)
{
	struct saut *s = saut_new();
	enum saut_result result;

	if (!s)
		return SAUT_REFUSED;
	saut_on_progress(s, show, NULL);
	result = load_default(s);
	for (unsigned i = 0; saut_note(s, i); i++)
		fprintf(stderr, "note: %s\n", saut_note(s, i));
	if (result != SAUT_DONE)
		fprintf(stderr, "cannot %s: %s\n%s\n", saut_attempt(s), saut_reason(s),
			saut_hint(s));
	saut_free(s);
	return (int)result;
}
