/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in a kernel, an initrd or a device tree, and which system call would take a kernel here.
 *
 *	cc inspect-file.c $(pkg-config --cflags --libs saut) -o inspect-file
 *	./inspect-file FILE [FOLDER]
 */
#include <inttypes.h>
#include <stdio.h>

#include <saut.h>

static void show_kernel(const struct saut_kernel *kernel)
{
	static const char *const calls[] = { "not", "by kexec_load", "by kexec_file_load" };

	printf("%s for %s, %s\n", kernel->format, kernel->architecture, kernel->release);
	for (size_t i = 0; kernel->signatures[i]; i++)
		printf("%s is %ssigned\n", kernel->signatures[i]->of,
			kernel->signatures[i]->is_signed ? "" : "not ");
	printf("loaded here %s: %s\n", calls[kernel->call], kernel->reason);
}

static void show_initrd(const struct saut_initrd *initrd)
{
	for (size_t i = 0; initrd->archives[i]; i++)
		printf("%s, %" PRIu64 " members\n", initrd->archives[i]->packing,
			initrd->archives[i]->members);
	if (initrd->damage)
		printf("damaged: %s\n", initrd->damage);
}

int main(int argc, char **argv)
{
	struct saut *s = saut_new();
	const struct saut_inspection *found;
	enum saut_result result;

	if (!s || argc < 2)
		return SAUT_USAGE;
	if (argc > 2)
		saut_set_root(s, argv[2]);
	result = saut_inspect(s, argv[1], &found);
	if (result != SAUT_DONE)
		fprintf(stderr, "cannot %s: %s\n%s\n", saut_attempt(s), saut_reason(s),
			saut_hint(s));
	if (result == SAUT_DONE && found->kernel)
		show_kernel(found->kernel);
	if (result == SAUT_DONE && found->initrd)
		show_initrd(found->initrd);
	if (result == SAUT_DONE && found->device_tree)
		printf("device tree, version %u\n", found->device_tree->version);
	saut_free(s);
	return (int)result;
}
