/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/inspect.h"

#include <string.h>

#include "cmd/message.h"
#include "cmd/saut/loadings.h"
#include "cmd/say.h"

/* A label, and a value behind it. */
#define LINE "    %-12s "

/* Words between blanks or commas; nothing where there are none. */
static void show_words(const char *label, const char *const *words, const char *between)
{
	if (!words[0])
		return;
	say(LINE, label);
	for (size_t i = 0; words[i]; i++)
		say("%s%s", i ? between : "", words[i]);
	say("\n");
}

static void show_text(const char *label, const char *text)
{
	if (text && text[0])
		say(LINE "%s\n", label, text);
}

static double mebibytes(uint64_t bytes)
{
	return (double)bytes / (1 << 20);
}

static void show_size(const char *label, uint64_t bytes)
{
	say(LINE "%llu bytes (%.1f MiB)\n", label, (unsigned long long)bytes, mebibytes(bytes));
}

static void show_boot(const struct inspection_kernel *kernel)
{
	const struct inspect_boot *boot = &kernel->boot;

	if (boot->protocol)
		say(LINE "%u.%02u\n", "protocol", (unsigned)boot->protocol >> 8,
			(unsigned)boot->protocol & 0xff);
	show_words("flags", boot->flags, ", ");
	if (boot->command_line_max)
		say(LINE "%llu characters\n", "command line",
			(unsigned long long)boot->command_line_max);
	if (boot->initrd_max)
		say(LINE "up to address %#llx\n", "initrd", (unsigned long long)boot->initrd_max);
	if (boot->memory)
		show_size("memory", boot->memory);
	if (boot->page_size)
		say(LINE "%llu bytes\n", "page", (unsigned long long)boot->page_size);
	if (kernel->kaslr != ANSWER_UNKNOWN)
		show_text("KASLR",
			kernel->kaslr == ANSWER_YES ? "yes: it has what it takes to be moved"
						    : "no: it stays where it was linked");
}

static void show_found(const struct trust_found *found, const char *verb)
{
	if (found->in)
		say(LINE "%s %s %s\n", "", found->in, verb, found->of);
}

static void show_signer(const struct inspection_signature *s)
{
	const struct trust *trust = &s->trust;
	const struct pe_certificate *signer = &trust->signature.chain[0];

	say(LINE "of %s, by \"%s\", issued by \"%s\"\n", "signature", s->of, signer->name,
		signer->issuer);
	say(LINE "serial %s%s%s\n", "", s->serial, s->key_id[0] ? ", key " : "", s->key_id);
	for (size_t i = 1; i < trust->signature.chain_count; i++)
		say(LINE "with the certificate of \"%s\", issued by \"%s\"\n", "",
			trust->signature.chain[i].name, trust->signature.chain[i].issuer);
	if (trust->signature.count > 1)
		say(LINE "the first of %zu, the only one that Linux looks at\n", "",
			trust->signature.count);
	if (trust->ring.in)
		show_found(&trust->ring, "has");
	else
		say(LINE "%s\n", "",
			trust->keyrings_are_known
				? "none of the running kernel's keyrings has this certificate or its issuer's"
				: "the keyrings of the running kernel cannot be read");
	show_found(&trust->list, "of the firmware has");
}

static void show_signature(const struct inspection_signature *s)
{
	const struct trust *trust = &s->trust;

	if (!trust->is_signed)
		say(LINE "%s is not signed\n", "signature", s->of);
	else if (trust->damaged)
		say(LINE "of %s: %s\n", "signature", s->of, trust->damaged);
	else
		show_signer(s);
	show_found(&trust->revoked, "revokes");
	show_text("", trust->unknown);
	show_text("image hash", s->sha256);
}

static void show_profile(const struct inspect_profile *profile, size_t number)
{
	if (number == 0)
		say(LINE, "sections");
	else
		say(LINE "%zu%s%s%s%s: ", "profile", number, profile->id[0] ? " " : "", profile->id,
			profile->title[0] ? ", " : "", profile->title);
	for (size_t i = 0; i < profile->count; i++)
		say("%s%s (%llu)", i ? ", " : "", profile->sections[i].name,
			(unsigned long long)profile->sections[i].size);
	say("\n");
}

static void show_unified(const struct inspect_unified *unified)
{
	for (size_t i = 0; i < unified->count; i++)
		show_profile(&unified->profiles[i], i);
	show_text("options", unified->command_line);
}

/* The arena of the inspection is done with by then. */
static void show_call(const struct inspection_kernel *kernel)
{
	struct arena arena = { 0 };

	if (kernel->refused)
		say(LINE "not here: %s\n", "loaded", message_spelled(kernel->refused, &arena));
	else
		say(LINE "here by %s, since %s\n", "loaded", kexec_call_name(kernel->call),
			message_spelled(kernel->call_reason, &arena));
	if (kernel->file_load_obstacle)
		say(LINE "not by kexec_file_load: %s\n", "",
			message_spelled(kernel->file_load_obstacle, &arena));
	show_text("what to do", message_spelled(kernel->advice, &arena));
	arena_free(&arena);
}

static void show_uimage(const struct inspect_uimage *uimage)
{
	char date[DATE_MAX];

	say(LINE "for %s, %llu bytes in it\n", "uImage", uimage->cpu,
		(unsigned long long)uimage->payload);
	if (uimage->name[0])
		say(LINE "named \"%s\"\n", "", uimage->name);
	if (uimage->made)
		say(LINE "made %s\n", "", date_of(uimage->made, date));
	say(LINE "its header says compression %s, load address %#x, entry point %#x\n", "",
		uimage->compression ? uimage->compression : "unknown", uimage->load, uimage->entry);
	show_text("", "the checksums of its header and of what is in it are right");
}

static void show_kernel(const struct inspection *inspection)
{
	const struct inspection_kernel *kernel = &inspection->kernel;

	say("kernel, %s%s%s\n", kernel->format, strstr(kernel->format, kernel->arch) ? "" : ", ",
		strstr(kernel->format, kernel->arch) ? "" : kernel->arch);
	show_text("version", kernel->version);
	show_words("in", kernel->layers, ", in it ");
	if (inspection->has_uimage)
		show_uimage(&inspection->uimage);
	show_size("size", kernel->file_size);
	if (kernel->unpacked_size) {
		say(LINE "%llu bytes (%.1f MiB)%s%s\n", "unpacked",
			(unsigned long long)kernel->unpacked_size, mebibytes(kernel->unpacked_size),
			kernel->boot.compression ? ", packed by " : "",
			kernel->boot.compression ? kernel->boot.compression : "");
	}
	show_boot(kernel);
	if (kernel->is_unified)
		show_unified(&kernel->unified);
	for (size_t i = 0; i < kernel->signature_count; i++)
		show_signature(&kernel->signatures[i]);
	show_call(kernel);
}

static void show_archive(const struct inspect_archive *a)
{
	say(LINE "%s at byte %llu: %llu bytes, %llu unpacked, %zu members\n", "archive", a->packing,
		(unsigned long long)a->at, (unsigned long long)a->packed,
		(unsigned long long)a->unpacked, a->members);
}

static void show_initrd(const struct inspect_initrd *initrd)
{
	say(LINE "%llu bytes (%.1f MiB), %llu unpacked (%.1f MiB), %zu members\n", "initrd",
		(unsigned long long)initrd->packed, mebibytes(initrd->packed),
		(unsigned long long)initrd->unpacked, mebibytes(initrd->unpacked), initrd->members);
	for (size_t i = 0; i < initrd->archive_count; i++)
		show_archive(&initrd->archives[i]);
	if (initrd->ram_disk)
		say(LINE "%s, the initrd of old\n", "RAM disk", initrd->ram_disk);
	if (initrd->has_boot_config)
		say(initrd->boot_config_is_whole ? LINE
				"%llu bytes, which Linux reads as parameters\n"
						 : LINE
				"%llu bytes with a wrong checksum: Linux goes on without it\n",
			"boot config", (unsigned long long)initrd->boot_config_size);
	show_words("modules of", initrd->releases, ", ");
	show_words("microcode", initrd->microcode, ", ");
	if (initrd->damage)
		say(LINE "Linux does not unpack all of it: %s\n", "state", initrd->damage);
	else if (!initrd->ram_disk)
		show_text("state",
			initrd->lacks_trailer
				? "it ends without a trailer, as an archive may, but also one that is cut"
				: "whole");
	if (initrd->unlisted)
		say(LINE "not all of it is known: %s\n", "", initrd->unlisted);
	if (!initrd->has_init && !initrd->unlisted)
		show_text("", "it has no /init of its own");
}

static void show_tree(const struct inspect_tree *tree)
{
	say("device tree, version %u\n", tree->version);
	show_text("model", tree->model);
	show_words("compatible", tree->compatible, ", ");
	say(LINE "%llu bytes: structure %llu, strings %llu\n", "size",
		(unsigned long long)tree->size, (unsigned long long)tree->structure,
		(unsigned long long)tree->strings);
	say(LINE "%zu nodes, %zu reservations of memory\n", "content", tree->nodes,
		tree->reservations);
}

void inspect_show(const struct inspection *inspection)
{
	say("%s: ", inspection->file.path);
	switch (inspection->kind) {
	case INSPECT_KERNEL:
		show_kernel(inspection);
		break;
	case INSPECT_INITRD:
		say(inspection->has_uimage ? "initrd, in a uImage\n" : "initrd\n");
		if (inspection->has_uimage)
			show_uimage(&inspection->uimage);
		break;
	case INSPECT_TREE:
		show_tree(&inspection->tree);
		break;
	}
	if (inspection->has_initrd)
		show_initrd(&inspection->initrd);
}
