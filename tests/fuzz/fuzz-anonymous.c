/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Captures that are shown to others: the input's first bytes say which file it is, what is put into it that tells whose
 * machine it is, and where. Nothing of that is in what may be shown, and what may be shown of that is all of it.
 */
#include "fuzz.h"

#include <string.h>

#include "machine/anonymous.h"

#define HOST "cellar-box7"

static const char *const paths[] = {
	"proc/cmdline",
	"proc/self/status",
	"proc/1/comm",
	"proc/1/environ",
	"proc/mounts",
	"proc/modules",
	"proc/kcore",
	"proc/iomem",
	"sys/kernel/boot_params/data",
	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
	"sys/firmware/fdt",
	"sys/firmware/dmi/tables/DMI",
	"sys/bus/pci/devices/0000:00:01.0/config",
	"sys/class/drm/version",
	"saut/kmsg",
	"saut/uname",
	"boot/config-6.1",
	"etc/shadow",
	"proc/self/mountinfo",
};

struct secret {
	const char *text;    /* as it is put there */
	const char *told;    /* what must not be seen of it */
	bool in_lines;       /* only where whole lines or a command line are shown */
	bool is_a_parameter; /* of a command line */
};

static const struct secret secrets[] = {
	{ "3f2b8c1e-0d4a-4e67-9b55-a1c2d3e4f506", "3f2b8c1e", false, false },
	{ "3F2B8C1E-0D4A-4E67-9B55-A1C2D3E4F506", "A1C2D3E4F506", false, false },
	{ "3f2b8c1e:0d4a4e67:9b55a1c2:d3e4f506", "0d4a4e67", false, false },
	{ "5a:54:ab:cd:ef:93", "ab:cd:ef", false, false },
	{ "01-5A-54-AB-CD-EF-93", "AB-CD-EF", false, false },
	{ HOST, HOST, true, false },
	{ "ip=zq.cellar", "zq", false, true },
	{ "hostname=\"zq cellar\"", "cellar", false, true },
	{ "'rd.luks.key=a zq b'", "zq", false, true },
	{ "systemd.set_credential=passwd:zq", "zq", false, true },
	{ "root=nfs:zq:/export", "zq", false, true },
};

/* What stands before and behind a word. */
static const char separators[] = " \n\t,=/_\"'\0";

static struct view show(const char *path, struct view bytes, struct arena *arena, bool *ret_is_out)
{
	struct anonymous state = { .host = HOST };
	struct view shown = { 0 };

	expect(anonymous_file(&state, path, bytes, arena, &shown, ret_is_out));
	expect(*ret_is_out || shown.n <= bytes.n + 1);
	return shown;
}

/* The bytes with the secret among them, between two separators. */
static struct view plant(struct view bytes, size_t at, const char *text, char before, char behind,
	struct arena *arena)
{
	const size_t n = strlen(text);
	uint8_t *to = arena_alloc(arena, bytes.n + n + 2);

	expect(to != NULL);
	if (at)
		memcpy(to, bytes.p, at);
	to[at] = (uint8_t)before;
	memcpy(to + at + 1, text, n);
	to[at + 1 + n] = (uint8_t)behind;
	if (bytes.n > at)
		memcpy(to + at + n + 2, bytes.p + at, bytes.n - at);
	return (struct view){ to, bytes.n + n + 2 };
}

static bool has(struct view bytes, const char *text)
{
	return bytes.n && memmem(bytes.p, bytes.n, text, strlen(text));
}

/* A host's name decides something in other files; a parameter is one only where words are, and outside of quotes. */
static bool is_told_of(const struct secret *secret, const char *path, struct view before)
{
	const bool is_line = strcmp(path, "proc/cmdline") == 0;

	if (secret->in_lines)
		return is_line || strcmp(path, "saut/kmsg") == 0 ||
			strcmp(path, "proc/mounts") == 0 ||
			strcmp(path, "proc/self/mountinfo") == 0;
	if (secret->is_a_parameter)
		return is_line && !has(before, "\"") && !has(before, "'");
	return true;
}

static void check(const char *path, const struct secret *secret, struct view bytes, size_t at,
	const char *around, struct arena *arena)
{
	const bool is_word = secret->is_a_parameter;
	const struct view before = view_first(bytes, at);
	const struct view whole = plant(bytes, at, secret->text, is_word ? ' ' : around[0],
		is_word ? '\n' : around[1], arena);
	bool is_out;
	struct view shown = show(path, whole, arena, &is_out), again;

	expect(is_out || anonymous_takes(path));
	if (is_out)
		return;
	/* What the input has itself may be no word, and stays. */
	if (is_told_of(secret, path, before) && !has(bytes, secret->told))
		expect(!has(shown, secret->told));
	again = show(path, shown, arena, &is_out);
	expect(is_out ? !shown.n : view_equal(again, shown));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct view input = { data, size };
	struct reader r = reader_at(input, 0);
	const char *path = paths[reader_u8(&r) % (sizeof paths / sizeof *paths)];
	const struct secret *secret = &secrets[reader_u8(&r) % (sizeof secrets / sizeof *secrets)];
	const uint8_t where = reader_u8(&r), sides = reader_u8(&r);
	const struct view bytes = view_from(input, 4);
	const char around[] = { separators[(sides & 15) % (sizeof separators - 1)],
		separators[(sides >> 4) % (sizeof separators - 1)] };
	struct arena arena = { 0 };

	check(path, secret, bytes, bytes.n * where / 255, around, &arena);
	arena_free(&arena);
	return 0;
}
