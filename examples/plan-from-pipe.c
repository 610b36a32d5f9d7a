/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Checks a kernel that comes through a pipe, without a file: whether this machine could jump into it, or
 * the one that was captured in a file.
 *
 *	cc plan-from-pipe.c $(pkg-config --cflags --libs saut) -o plan-from-pipe
 *	cat /boot/vmlinuz | ./plan-from-pipe [CAPTURE]
 */
#include <stdio.h>
#include <stdlib.h>

#include <saut.h>

/* All of a stream; NULL when memory is out. */
static char *read_all(FILE *in, size_t *ret)
{
	size_t room = 1 << 20, n = 0;
	char *bytes = malloc(room), *grown;

	while (bytes && (n += fread(bytes + n, 1, room - n, in)) == room) {
		grown = realloc(bytes, room *= 2);
		if (!grown)
			free(bytes);
		bytes = grown;
	}
	*ret = n;
	return bytes;
}

/* Where each part of it would lie, and why. */
static enum saut_result show(struct saut *s)
{
	const struct saut_planned *planned;
	enum saut_result result = saut_planned(s, &planned);

	if (result != SAUT_DONE)
		return result;
	puts("the machine can jump into it");
	for (size_t i = 0; planned->segments[i]; i++)
		printf("%#llx: %s, %s\n", (unsigned long long)planned->segments[i]->start,
			planned->segments[i]->name, planned->segments[i]->why);
	printf("by a model, nothing serves for %.1f ms\n", (double)planned->blackout_ns / 1e6);
	return result;
}

int main(int argc, char **argv)
{
	struct saut *s = saut_new();
	enum saut_result result = SAUT_REFUSED;
	size_t size;
	char *bytes = read_all(stdin, &size);

	if (s && bytes)
		result = saut_set_kernel_memory(s, bytes, size, "the kernel of the pipe");
	free(bytes);
	if (result == SAUT_DONE && argc > 1)
		result = saut_set_root(s, argv[1]);
	if (result == SAUT_DONE) {
		saut_reuse_command_line(s);
		result = saut_plan(s);
	}
	if (s && result != SAUT_DONE)
		fprintf(stderr, "cannot %s: %s\n%s\n", saut_attempt(s), saut_reason(s),
			saut_hint(s));
	else if (s)
		result = show(s);
	saut_free(s);
	return (int)result;
}
