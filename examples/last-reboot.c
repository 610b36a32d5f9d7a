/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the time of the last reboot went, and what it has saved.
 *
 *	cc last-reboot.c $(pkg-config --cflags --libs saut) -o last-reboot
 *	./last-reboot [FOLDER]
 */
#include <inttypes.h>
#include <stdio.h>

#include <saut.h>

static void show(const struct saut_times *times)
{
	for (size_t i = 0; times->moments[i]; i++) {
		const struct saut_moment *m = times->moments[i];

		if (m->unknown)
			printf("%-18s not known: %s\n", m->name, m->unknown);
		else
			printf("%-18s %" PRIu64 " us\n", m->name, m->at_us);
	}
	for (size_t i = 0; times->notes[i]; i++)
		printf("note: %s\n", times->notes[i]);
	if (times->saved_us)
		printf("saved: %" PRIu64 " us\n", times->saved_us);
}

int main(int argc, char **argv)
{
	struct saut *s = saut_new();
	const struct saut_times *times;
	enum saut_result result;

	if (!s)
		return SAUT_REFUSED;
	if (argc > 1)
		saut_set_root(s, argv[1]);
	result = saut_report(s, &times);
	if (result == SAUT_DONE)
		show(times);
	else
		fprintf(stderr, "cannot %s: %s\n%s\n", saut_attempt(s), saut_reason(s),
			saut_hint(s));
	saut_free(s);
	return (int)result;
}
