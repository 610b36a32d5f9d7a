/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An initrd by unpacking all of it, of which names are kept that mean something. */
#include "inspect/inspect.h"

#include <string.h>

#include "base/arith.h"
#include "initrd/boot-config.h"
#include "initrd/listing.h"
#include "initrd/verify.h"
#include "machine/text.h"

#define UNPACKED_MAX GiB(8)

struct collection {
	struct inspect_initrd *initrd;
	struct arena *arena;
	bool no_memory;
};

static void add_name(struct collection *c, const char **names, size_t most, struct view name)
{
	size_t n = 0;

	while (names[n] && !text_is(name, names[n]))
		n++;
	if (n == most || names[n])
		return;
	names[n] = arena_string(c->arena, name);
	c->no_memory |= !names[n];
}

static struct view cut_front(struct view name, const char *prefix)
{
	return view_has_at(name, 0, prefix) ? view_from(name, strlen(prefix)) : name;
}

static void take_member(void *context, struct view name)
{
	static const char modules[] = "lib/modules/", microcode[] = "kernel/x86/microcode/";
	struct collection *c = context;
	struct view rest = cut_front(cut_front(name, "./"), "/"), release;

	c->initrd->has_init |= text_is(rest, "init");
	if (view_has_at(rest, 0, microcode) && rest.n > sizeof microcode - 1)
		add_name(c, c->initrd->microcode, INSPECT_NAMES_MAX,
			view_from(rest, sizeof microcode - 1));
	rest = cut_front(rest, "usr/");
	if (!view_has_at(rest, 0, modules))
		return;
	rest = view_from(rest, sizeof modules - 1);
	if (text_cut(&rest, '/', &release) && release.n)
		add_name(c, c->initrd->releases, INSPECT_RELEASES_MAX, release);
}

static void take_archive(void *context, const struct initrd_listed *archive)
{
	struct collection *c = context;
	struct inspect_initrd *initrd = c->initrd;

	initrd->unpacked += archive->unpacked;
	initrd->members += archive->members;
	if (initrd->archive_count == INSPECT_ARCHIVES_MAX)
		return;
	initrd->archives[initrd->archive_count++] = (struct inspect_archive){
		.packing = archive->codec ? archive->codec->name : "cpio",
		.at = archive->at,
		.packed = archive->packed,
		.unpacked = archive->unpacked,
		.members = archive->members,
	};
}

static const char *reason_of(struct collection *c, const struct error *err)
{
	const char *reason = arena_string(c->arena, view_of_string(err->reason));

	c->no_memory |= !reason || err->fault == FAULT_NO_MEMORY;
	return reason;
}

static void find_boot_config(struct view file, struct inspect_initrd *initrd)
{
	struct initrd_boot_config config;

	initrd->has_boot_config = initrd_boot_config_find(file, &config);
	if (!initrd->has_boot_config)
		return;
	initrd->boot_config_size = config.text.n;
	initrd->boot_config_is_whole = config.is_whole;
}

bool inspect_initrd(struct view file, const struct sink_watch *watch, struct arena *arena,
	struct inspect_initrd *ret, struct error *err)
{
	const struct initrd_verify_request wanted = { file, DEPTH_ALL, true, watch };
	struct inspect_initrd initrd = { .packed = file.n, .ram_disk = inspect_ram_disk(file) };
	struct collection c = { &initrd, arena, false };
	const struct initrd_listing to = { .member = take_member,
		.archive = take_archive,
		.context = &c,
		.unpacked_max = UNPACKED_MAX,
		.watch = watch };
	struct initrd_verdict verdict = { 0 };
	struct error why = { 0 };

	find_boot_config(file, &initrd);
	/* Where this build cannot unpack it, nobody knows, and the listing says why. */
	if (!initrd_verify(&wanted, &verdict, &why) && why.fault != FAULT_CODEC_MISSING)
		initrd.damage = reason_of(&c, &why);
	initrd.lacks_trailer = verdict.lacks_trailer;
	why = (struct error){ 0 };
	if (initrd.ram_disk)
		initrd.unlisted = "the files of a RAM disk are not looked at";
	else if (!initrd_list(initrd_without_boot_config(file), &to, &why))
		initrd.unlisted = reason_of(&c, &why);
	if (c.no_memory)
		return fail_no_memory(err);
	*ret = initrd;
	return true;
}
