/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files there are is known here by their paths, what is in them as far as it has to be left out. */
#include "machine/anonymous.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "machine/private-tree.h"
#include "machine/private-words.h"
#include "machine/text.h"

enum treatment {
	WHOLE,
	LEFT_OUT,
	LINES,        /* that have one of the words */
	FIVE_COLUMNS, /* of each line */
	MOUNTS,       /* what is mounted as /, without its server and its options */
	MOUNT_INFO,   /* the same */
	BOOT_PARAMS,
	KCORE,
	PCI_HEAD, /* behind it a device may have its serial number */
	COMMAND_LINE,
	TREE,
};

struct rule {
	const char *path; /* fnmatch(3); a star takes slashes as well */
	enum treatment treatment;
	const char *words[4];
};

/* The first that matches. */
static const struct rule rules[] = {
	{ "proc/cmdline", COMMAND_LINE, { 0 } },
	{ "proc/self/status", LINES, { "CapEff:" } },
	{ "proc/1/comm", WHOLE, { 0 } },
	{ "proc/[0-9]*", LEFT_OUT, { 0 } },
	{ "proc/mounts", MOUNTS, { 0 } },
	{ "proc/self/mountinfo", MOUNT_INFO, { 0 } },
	{ "proc/modules", FIVE_COLUMNS, { 0 } },
	{ "proc/kcore", KCORE, { 0 } },
	{ "proc/kallsyms", LINES, { " _stext" } },
	{ "proc/keys", LEFT_OUT, { 0 } },
	{ "proc/net/*", LEFT_OUT, { 0 } },
	{ "proc/sys/kernel/hostname", LEFT_OUT, { 0 } },
	{ "proc/sys/kernel/domainname", LEFT_OUT, { 0 } },
	{ "proc/sys/kernel/random/*", LEFT_OUT, { 0 } },
	{ "proc/*", WHOLE, { 0 } },
	{ "sys/*serial*", LEFT_OUT, { 0 } },
	{ "sys/*uuid*", LEFT_OUT, { 0 } },
	{ "sys/*asset_tag*", LEFT_OUT, { 0 } },
	{ "sys/class/net/*", LEFT_OUT, { 0 } },
	{ "sys/kernel/security/tpm*", LEFT_OUT, { 0 } },
	{ "sys/kernel/boot_params/data", BOOT_PARAMS, { 0 } },
	{ "sys/kernel/boot_params/*", LEFT_OUT, { 0 } },
	{ "sys/firmware/efi/efivars/SecureBoot-*", WHOLE, { 0 } },
	{ "sys/firmware/efi/efivars/*", LEFT_OUT, { 0 } },
	{ "sys/firmware/efi/mok-variables/*", LEFT_OUT, { 0 } },
	{ "sys/firmware/fdt", TREE, { 0 } },
	{ "sys/firmware/dmi/*", LEFT_OUT, { 0 } },
	{ "sys/bus/pci/devices/*/config", PCI_HEAD, { 0 } },
	{ "sys/*", WHOLE, { 0 } },
	{ "saut/kmsg", LINES, { "Linux version", "LPI" } },
	{ "saut/keyrings", LEFT_OUT, { 0 } },
	{ "saut/rights/*", LEFT_OUT, { 0 } },
	{ "saut/device-tree", TREE, { 0 } },
	{ "saut/*", WHOLE, { 0 } },
	{ "boot/config-*", LINES, { "KEXEC", "HOTPLUG_CPU", "CONFIG_RD_", "WATCHDOG" } },
	{ "usr/lib/modules/*/config", LINES, { "KEXEC", "HOTPLUG_CPU", "CONFIG_RD_", "WATCHDOG" } },
	{ "lib/modules/*/config", LINES, { "KEXEC", "HOTPLUG_CPU", "CONFIG_RD_", "WATCHDOG" } },
	{ "etc/crypttab", LEFT_OUT, { 0 } },
	{ "*", LEFT_OUT, { 0 } },
};

static const struct rule *rule_of(const char *path)
{
	const struct rule *rule = rules;

	while (fnmatch(rule->path, path, 0) != 0)
		rule++;
	return rule;
}

bool anonymous_takes(const char *path)
{
	return rule_of(path)->treatment != LEFT_OUT;
}

static bool has_one(struct view line, const struct rule *rule)
{
	for (size_t i = 0; i < sizeof rule->words / sizeof *rule->words && rule->words[i]; i++)
		if (memmem(line.p, line.n, rule->words[i], strlen(rule->words[i])))
			return true;
	return false;
}

/* Up to the end of so many words, and a line's end. */
static size_t columns(struct view line, unsigned count)
{
	struct view rest = line, word;
	size_t n = 0;

	for (unsigned i = 0; i < count && text_word(&rest, &word); i++)
		n = (size_t)(word.p + word.n - line.p);
	return n;
}

/* A device below /dev, or a name that tells no more than the type; else it may have a server, a user or a pool in it. */
static bool may_be_shown(struct view device)
{
	return view_has_at(device, 0, "/dev/") || text_is(device, "rootfs") ||
		text_is(device, "overlay") || text_is(device, "tmpfs");
}

/* proc(5): the device of what is mounted as /, and the last word that stays of the line. */
static bool read_mount(struct view line, struct view *ret_device, struct view *ret_last)
{
	struct view folder;

	return text_word(&line, ret_device) && text_word(&line, &folder) &&
		text_word(&line, ret_last) && text_is(folder, "/");
}

/* The same where more words stand before a hyphen: "1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw". */
static bool read_mount_info(struct view line, struct view *ret_device, struct view *ret_last)
{
	struct view folder = { 0 }, word;

	for (unsigned i = 0; i < 5; i++)
		if (!text_word(&line, &folder))
			return false;
	while (text_word(&line, &word) && !text_is(word, "-"))
		;
	if (!text_word(&line, &word) || !text_word(&line, ret_device))
		return false;
	*ret_last = *ret_device;
	return text_is(folder, "/");
}

/* A line of one's own that is to be written over. How much of it stays. */
static size_t keep_mount(uint8_t *line, size_t n, enum treatment by)
{
	const struct view all = { line, n };
	struct view device, last;

	if (!(by == MOUNTS ? read_mount : read_mount_info)(all, &device, &last))
		return 0;
	if (!may_be_shown(device))
		memset(line + (device.p - line), 'x', device.n);
	return (size_t)(last.p + last.n - line);
}

/* How much of a line stays, in its place. */
static size_t keep_line(const struct rule *rule, uint8_t *line, size_t n)
{
	const struct view all = { line, n };
	const enum treatment by = rule->treatment;

	if (by == MOUNTS || by == MOUNT_INFO)
		return keep_mount(line, n, by);
	if (by == FIVE_COLUMNS)
		return columns(all, 5);
	return has_one(all, rule) ? n : 0;
}

/* The lines of a text that stay, in its place; an empty one stays in a table of columns. */
static size_t keep_lines(struct view text, const struct rule *rule, uint8_t *to)
{
	struct view line;
	size_t used = 0;

	while (text_line(&text, &line)) {
		size_t n;

		memmove(to + used, line.p, line.n);
		n = keep_line(rule, to + used, line.n);
		if (!n && rule->treatment != FIVE_COLUMNS)
			continue;
		used += n;
		to[used++] = '\n';
	}
	return used;
}

/* Documentation/arch/x86/zero-page.rst: what the monitor says of itself, what the BIOS says of its disks. */
static void blank_boot_params(uint8_t *bytes, size_t n)
{
	static const struct {
		size_t at, size;
	} parts[] = { { 0x140, 0x80 }, { 0x290, 0x40 }, { 0xd00, 0x1ec } };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (n >= parts[i].at + parts[i].size)
			memset(bytes + parts[i].at, 0, parts[i].size);
}

/* ELF's header and those of its segments: behind them is memory itself. */
static size_t kcore_head(struct view bytes)
{
	const bool is_64 = bytes.n > 4 && bytes.p[4] == 2;
	struct reader r = reader_at(bytes, is_64 ? 56 : 44);
	const uint64_t count = reader_le16(&r);
	const uint64_t head = is_64 ? 64 + 56 * count : 52 + 32 * count;

	return r.overrun ? 0 : (size_t)(head < bytes.n ? head : bytes.n);
}

/* The length of a run of hexadecimal digits in groups between the same character; 0: it is none. */
static size_t grouped(struct view at, const char *form)
{
	const size_t n = strlen(form);

	if (at.n < n || (at.n > n && isalnum(at.p[n])))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (form[i] == 'h' ? !isxdigit(at.p[i]) : at.p[i] != (uint8_t)form[i])
			return 0;
	return n;
}

/* The number of a name among those of its kind, counted from 1; 0: no memory. */
static size_t number_of(
	struct anonymous_name **names, size_t *count, struct view name, struct arena *arena)
{
	struct anonymous_name *grown;

	for (size_t i = 0; i < *count; i++)
		if (text_is_any_case(name, (*names)[i].text))
			return i + 1;
	grown = arena_grow(arena, *names, *count, sizeof *grown);
	if (!grown)
		return 0;
	*names = grown;
	grown[*count].text = arena_string(arena, name);
	return grown[*count].text ? ++*count : 0;
}

/* All digits become zeros, but for the last ones, which tell the number. */
static void renumber(uint8_t *at, size_t n, size_t number)
{
	while (n--) {
		if (!isxdigit(at[n]))
			continue;
		at[n] = (uint8_t)('0' + number % 10);
		number /= 10;
	}
}

struct scan {
	struct anonymous *state;
	struct arena *arena;
	uint8_t *bytes;
	size_t n;
	const char *host; /* NULL: it is not looked for */
	bool is_numbered; /* the same for the same; else all are 0 */
};

/* Names by their forms: file systems', those of RAID arrays, network cards'. */
static const struct form {
	const char *form;
	bool is_mac;
} forms[] = {
	{ "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", false },
	{ "hhhhhhhh:hhhhhhhh:hhhhhhhh:hhhhhhhh", false },
	{ "hh:hh:hh:hh:hh:hh", true },
	{ "hh-hh-hh-hh-hh-hh", true },
};

static size_t replace_host(struct scan *s, struct view rest)
{
	const size_t n = s->host && view_has_at(rest, 0, s->host) ? strlen(s->host) : 0;

	if (!n || (rest.n > n && isalnum(rest.p[n])))
		return 0;
	memset(s->bytes + (rest.p - s->bytes), 'x', n);
	return n;
}

/* How many bytes at a place name a disk, a network card or the machine, and are no such name now; SIZE_MAX: no memory. */
static size_t replace_at(struct scan *s, size_t at)
{
	struct anonymous *state = s->state;
	const struct view rest = { s->bytes + at, s->n - at };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const bool is_mac = forms[i].is_mac;
		const size_t n = grouped(rest, forms[i].form);
		size_t number = 0;

		if (!n)
			continue;
		if (s->is_numbered)
			number = number_of(is_mac ? &state->macs : &state->uuids,
				is_mac ? &state->mac_count : &state->uuid_count,
				view_first(rest, n), s->arena);
		if (!number && s->is_numbered)
			return SIZE_MAX;
		renumber(s->bytes + at, n, number);
		return n;
	}
	return replace_host(s, rest);
}

/* Wherever a word begins. */
static bool replace_names(struct scan *s)
{
	for (size_t at = 0; at < s->n; at++) {
		const bool begins = at == 0 || !isalnum(s->bytes[at - 1]);
		const size_t n = begins ? replace_at(s, at) : 0;

		if (n == SIZE_MAX)
			return false;
		at += n ? n - 1 : 0;
	}
	return true;
}

/* A name may be a word of anything; where that decides something it is left alone. */
static bool may_have_host(const struct rule *rule)
{
	return rule->treatment == COMMAND_LINE || rule->treatment == LINES ||
		rule->treatment == MOUNTS || rule->treatment == MOUNT_INFO ||
		rule->treatment == TREE;
}

/* What is cut by its length may be cut within a name, or so that one begins. */
static bool is_cut(const struct rule *rule)
{
	return rule->treatment == BOOT_PARAMS || rule->treatment == KCORE ||
		rule->treatment == PCI_HEAD;
}

/* In place. */
static bool treat(
	const struct rule *rule, struct view bytes, struct arena *arena, uint8_t *to, size_t *ret_n)
{
	size_t n = bytes.n;

	switch (rule->treatment) {
	case LINES:
	case FIVE_COLUMNS:
	case MOUNTS:
	case MOUNT_INFO:
		n = keep_lines(bytes, rule, to);
		break;
	case BOOT_PARAMS:
		blank_boot_params(to, n);
		break;
	case KCORE:
		n = kcore_head(bytes);
		break;
	case PCI_HEAD:
		n = n < 256 ? n : 256;
		break;
	case COMMAND_LINE:
		private_words_blank(to, n);
		break;
	case TREE:
		n = private_tree_blank(to, n, arena);
		break;
	case WHOLE:
	case LEFT_OUT:
		break;
	}
	*ret_n = n;
	return n || !bytes.n;
}

bool anonymous_file(struct anonymous *state, const char *path, struct view bytes,
	struct arena *arena, struct view *ret, bool *ret_is_left_out)
{
	const struct rule *rule = rule_of(path);
	struct scan s = { state, arena, arena_alloc(arena, (uint64_t)bytes.n + 2), bytes.n,
		may_have_host(rule) ? state->host : NULL, !is_cut(rule) };

	*ret_is_left_out = rule->treatment == LEFT_OUT;
	if (!s.bytes)
		return false;
	if (bytes.n)
		memcpy(s.bytes, bytes.p, bytes.n);
	if (*ret_is_left_out)
		return true;
	if (is_cut(rule) && !replace_names(&s))
		return false;
	*ret_is_left_out = !treat(rule, (struct view){ s.bytes, s.n }, arena, s.bytes, &s.n);
	*ret = (struct view){ s.bytes, s.n };
	return *ret_is_left_out || replace_names(&s);
}
