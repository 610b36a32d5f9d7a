/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzzer without libFuzzer, as a test of every build:
 *
 *	replay-NAME FOLDER COUNT
 *
 * Each file of the folder is run as it is, and then COUNT times changed; the changes are the same
 * in every run. Each file has a process of its own. When that one dies, the input which killed it
 * is written to crash-NAME-OF-FILE and belongs into the folder once the defect is mended.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

enum { SEEDS_MAX = 4096, INPUT_MAX = 64 * 1024, CHANGES_MAX = 6 };

struct input {
	char name[256];
	uint8_t *p;
	size_t n;
};

struct corpus {
	struct input items[SEEDS_MAX];
	size_t count;
};

struct random {
	uint64_t state; /* never 0 */
};

/* xorshift64*, by S. Vigna. */
static uint64_t random_next(struct random *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1d;
}

/* Below limit, which is not 0. */
static size_t random_below(struct random *r, size_t limit)
{
	return (size_t)((random_next(r) >> 11) % limit);
}

static bool read_input(const char *folder, const char *name, struct input *ret)
{
	char path[4096];
	FILE *file;

	snprintf(ret->name, sizeof ret->name, "%s", name);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file)
		return false;
	ret->p = malloc(INPUT_MAX);
	ret->n = ret->p ? fread(ret->p, 1, INPUT_MAX, file) : 0;
	fclose(file);
	return ret->p != NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

/* In the order of names, which is the same everywhere. */
static bool read_corpus(const char *folder, struct corpus *ret)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	bool ok = dir != NULL;

	ret->count = 0;
	while (ok && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		ok = ret->count < SEEDS_MAX &&
			read_input(folder, entry->d_name, &ret->items[ret->count]);
		ret->count += ok;
	}
	if (dir)
		closedir(dir);
	qsort(ret->items, ret->count, sizeof ret->items[0], by_name);
	return ok && ret->count > 0;
}

static void put_number(struct random *r, struct input *input)
{
	static const uint64_t numbers[] = { 0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff,
		0x80000000, 0xfffffff0, UINT32_MAX, INT64_MAX, UINT64_MAX };
	uint64_t number = numbers[random_below(r, sizeof numbers / sizeof numbers[0])];
	size_t width = (size_t)1 << random_below(r, 4), at = random_below(r, input->n);

	for (size_t i = 0; i < width && at + i < input->n; i++)
		input->p[at + i] = (uint8_t)(number >> 8 * i);
}

/* From some place on it goes on as another file does from some place on. */
static void splice(struct random *r, struct input *input, const struct input *other)
{
	size_t at = random_below(r, input->n + 1), from = random_below(r, other->n + 1);
	size_t n = other->n - from;

	if (n > INPUT_MAX - at)
		n = INPUT_MAX - at;
	memcpy(input->p + at, other->p + from, n);
	input->n = at + n;
}

/* A piece is doubled, and all behind it moves. */
static void repeat(struct random *r, struct input *input)
{
	size_t at = random_below(r, input->n), n = 1 + random_below(r, input->n - at);

	if (n > INPUT_MAX - input->n)
		return;
	memmove(input->p + at + n, input->p + at, input->n - at);
	input->n += n;
}

static void cut_out(struct random *r, struct input *input)
{
	size_t at = random_below(r, input->n), n = 1 + random_below(r, input->n - at);

	memmove(input->p + at, input->p + at + n, input->n - at - n);
	input->n -= n;
}

static void change(struct random *r, struct input *input, const struct corpus *corpus)
{
	const struct input *other = &corpus->items[random_below(r, corpus->count)];
	size_t what = random_below(r, 10);

	if (input->n == 0 || what == 0)
		splice(r, input, other);
	else if (what < 5)
		input->p[random_below(r, input->n)] ^= (uint8_t)(1 << random_below(r, 8));
	else if (what < 7)
		put_number(r, input);
	else if (what == 7)
		input->n = random_below(r, input->n);
	else if (what == 8)
		repeat(r, input);
	else
		cut_out(r, input);
}

/* The file with this number, as its change of this number has it; change 0 is the file itself. */
static void make_input(
	const struct corpus *corpus, size_t number, size_t variant, struct input *scratch)
{
	const struct input *seed = &corpus->items[number];
	struct random r = { 0x9e3779b97f4a7c15 * (variant + 1) ^ ((uint64_t)number + 1) << 32 };
	size_t changes = variant ? 1 + random_below(&r, CHANGES_MAX) : 0;

	memcpy(scratch->p, seed->p, seed->n);
	scratch->n = seed->n;
	for (size_t i = 0; i < changes; i++)
		change(&r, scratch, corpus);
}

/* The copy ends where its memory ends, so that a sanitizer sees every overrun. */
static void run_input(const struct input *input)
{
	uint8_t *copy = malloc(input->n + (input->n == 0));

	if (!copy)
		abort();
	memcpy(copy, input->p, input->n);
	LLVMFuzzerTestOneInput(copy, input->n);
	free(copy);
}

static void keep(const struct corpus *corpus, size_t number, size_t variant, struct input *scratch)
{
	char path[300];
	FILE *file;

	make_input(corpus, number, variant, scratch);
	snprintf(path, sizeof path, "crash-%s-%zu", corpus->items[number].name, variant);
	fprintf(stderr, "%s, change %zu: died; see %s\n", corpus->items[number].name, variant,
		path);
	file = fopen(path, "wb");
	if (!file)
		return;
	fwrite(scratch->p, 1, scratch->n, file);
	fclose(file);
}

/* *reached is shared with the child, so that its last word is known when it is dead. */
static bool run_file(const struct corpus *corpus, size_t number, size_t count, size_t *reached,
	struct input *scratch)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		for (*reached = 0; *reached <= count; ++*reached) {
			make_input(corpus, number, *reached, scratch);
			run_input(scratch);
		}
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	keep(corpus, number, *reached, scratch);
	return false;
}

int main(int argc, char **argv)
{
	struct corpus *corpus = calloc(1, sizeof *corpus);
	struct input scratch = { .p = malloc(INPUT_MAX) };
	size_t *reached = mmap(
		NULL, sizeof *reached, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	bool ok = true;

	if (argc != 3 || !corpus || !scratch.p || reached == MAP_FAILED) {
		fprintf(stderr, "usage: %s FOLDER COUNT\n", argv[0]);
		return 2;
	}
	if (!read_corpus(argv[1], corpus)) {
		fprintf(stderr, "%s: cannot be read, is empty or too large\n", argv[1]);
		return 1;
	}
	for (size_t i = 0; i < corpus->count; i++)
		ok &= run_file(corpus, i, count, reached, &scratch);
	printf("%zu files, each in %zu changes\n", corpus->count, count);
	for (size_t i = 0; i < corpus->count; i++)
		free(corpus->items[i].p);
	free(corpus);
	free(scratch.p);
	return ok ? 0 : 1;
}
