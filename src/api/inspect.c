/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in a file, as the public API tells of it: the facts of system/inspection.h under a caller's types. */
#include "api/object.h"

#include <stdlib.h>

#include "system/inspection.h"

/* What is told lives in the inspection's arena, or is part of it. */
struct inspected {
	struct system system;
	struct inspection inspection;
	struct saut_inspection told;
	struct saut_kernel kernel;
	struct saut_initrd initrd;
	struct saut_device_tree tree;
	struct saut_uimage uimage;
	bool no_memory;
};

void api_inspection_free(struct saut *saut)
{
	if (saut->inspected) {
		inspection_free(&saut->inspected->inspection);
		system_free(&saut->inspected->system);
	}
	free(saut->inspected);
	saut->inspected = NULL;
}

/* Zeros; NULL when memory is out, which is remembered. */
static void *make(struct inspected *i, size_t count, size_t size)
{
	void *made = arena_alloc_array(&i->inspection.arena, count, size);

	i->no_memory |= !made;
	return made;
}

/* Pointers to count things of size bytes, and NULL behind them. */
static const void *point_at(struct inspected *i, const void *things, size_t count, size_t size)
{
	const void **pointers = make(i, count + 1, sizeof *pointers);

	for (size_t n = 0; pointers && n < count; n++)
		pointers[n] = (const char *)things + n * size;
	return pointers;
}

static const char *spelled(struct inspected *i, const char *text)
{
	char own[1024];
	const char *copy;

	if (!text)
		return NULL;
	fields_spell(&api_field_names, text, own, sizeof own);
	copy = arena_string(&i->inspection.arena, view_of_string(own));
	i->no_memory |= !copy;
	return copy;
}

static const struct saut_known *known(struct inspected *i, const struct trust_found *found)
{
	struct saut_known *known;

	if (!found->in || !(known = make(i, 1, sizeof *known)))
		return NULL;
	*known = (struct saut_known){ found->in, found->of };
	return known;
}

static const struct saut_certificate *const *certificates(
	struct inspected *i, const struct pe_signature *signature, size_t count)
{
	struct saut_certificate *made = make(i, count, sizeof *made);

	for (size_t n = 0; made && n < count; n++)
		made[n] = (struct saut_certificate){ signature->chain[n].name,
			signature->chain[n].issuer };
	return point_at(i, made, made ? count : 0, sizeof *made);
}

static struct saut_signature signature(struct inspected *i, const struct inspection_signature *s)
{
	const struct trust *trust = &s->trust;
	bool is_read = trust->is_signed && !trust->damaged;

	return (struct saut_signature){
		.of = s->of,
		.is_signed = trust->is_signed,
		.damaged = trust->damaged,
		.count = (unsigned)trust->signature.count,
		.certificates = certificates(
			i, &trust->signature, is_read ? trust->signature.chain_count : 0),
		.serial = is_read ? s->serial : "",
		.key_id = is_read ? s->key_id : "",
		.image_sha256 = s->sha256,
		.keyrings_known = trust->keyrings_are_known,
		.keyring = known(i, &trust->ring),
		.listed = known(i, &trust->list),
		.revoked = known(i, &trust->revoked),
		.unknown = trust->unknown,
	};
}

static const struct saut_signature *const *signatures(
	struct inspected *i, const struct inspection_kernel *kernel)
{
	size_t count = kernel->signature_count;
	struct saut_signature *made = make(i, count, sizeof *made);

	for (size_t n = 0; made && n < count; n++)
		made[n] = signature(i, &kernel->signatures[n]);
	return point_at(i, made, made ? count : 0, sizeof *made);
}

static struct saut_profile profile(struct inspected *i, const struct inspect_profile *p)
{
	struct saut_section *made = make(i, p->count, sizeof *made);

	for (size_t n = 0; made && n < p->count; n++)
		made[n] = (struct saut_section){ p->sections[n].name, p->sections[n].size };
	return (struct saut_profile){ p->id, p->title,
		point_at(i, made, made ? p->count : 0, sizeof *made) };
}

static const struct saut_profile *const *profiles(
	struct inspected *i, const struct inspect_unified *unified)
{
	struct saut_profile *made = make(i, unified->count, sizeof *made);

	for (size_t n = 0; made && n < unified->count; n++)
		made[n] = profile(i, &unified->profiles[n]);
	return point_at(i, made, made ? unified->count : 0, sizeof *made);
}

static struct saut_kernel kernel_of(struct inspected *i)
{
	const struct inspection_kernel *k = &i->inspection.kernel;

	return (struct saut_kernel){
		.format = k->format,
		.architecture = k->arch,
		.version = k->version,
		.release = k->release,
		.layers = k->layers,
		.size = k->file_size,
		.unpacked_size = k->unpacked_size,
		.compression = k->boot.compression,
		.protocol = k->boot.protocol,
		.flags = k->boot.flags,
		.command_line_max = k->boot.command_line_max,
		.initrd_max = k->boot.initrd_max,
		.memory = k->boot.memory,
		.alignment = k->boot.alignment,
		.page_size = k->boot.page_size,
		.kaslr = (enum saut_answer)k->kaslr,
		.profiles = k->is_unified ? profiles(i, &k->unified) : NULL,
		.command_line = k->is_unified ? k->unified.command_line : NULL,
		.signatures = signatures(i, k),
		.call = k->refused ? SAUT_CALL_AUTO : (enum saut_call)k->call,
		.reason = spelled(i, k->refused ? k->refused : k->call_reason),
		.advice = spelled(i, k->advice),
		.not_by_file = spelled(i, k->file_load_obstacle),
	};
}

static const struct saut_archive *const *archives(
	struct inspected *i, const struct inspect_initrd *initrd)
{
	size_t count = initrd->archive_count;
	struct saut_archive *made = make(i, count, sizeof *made);

	for (size_t n = 0; made && n < count; n++) {
		const struct inspect_archive *a = &initrd->archives[n];

		made[n] = (struct saut_archive){ a->packing, a->at, a->packed, a->unpacked,
			a->members };
	}
	return point_at(i, made, made ? count : 0, sizeof *made);
}

static struct saut_initrd initrd_of(struct inspected *i)
{
	const struct inspect_initrd *initrd = &i->inspection.initrd;

	return (struct saut_initrd){
		.size = initrd->packed,
		.unpacked_size = initrd->unpacked,
		.members = initrd->members,
		.archives = archives(i, initrd),
		.modules_of = initrd->releases,
		.microcode = initrd->microcode,
		.has_init = initrd->has_init,
		.lacks_trailer = initrd->lacks_trailer,
		.damage = initrd->damage,
		.unlisted = initrd->unlisted,
		.has_boot_config = initrd->has_boot_config,
		.boot_config_is_whole = initrd->boot_config_is_whole,
		.boot_config_size = initrd->boot_config_size,
		.ram_disk = initrd->ram_disk,
	};
}

static struct saut_device_tree tree_of(const struct inspect_tree *tree)
{
	return (struct saut_device_tree){
		.model = tree->model,
		.compatible = tree->compatible,
		.version = tree->version,
		.size = tree->size,
		.structure_size = tree->structure,
		.strings_size = tree->strings,
		.nodes = tree->nodes,
		.reservations = tree->reservations,
	};
}

static struct saut_uimage uimage_of(const struct inspect_uimage *uimage)
{
	return (struct saut_uimage){
		.name = uimage->name,
		.architecture = uimage->cpu,
		.compression = uimage->compression,
		.made = uimage->made,
		.load_address = uimage->load,
		.entry_point = uimage->entry,
		.size = uimage->payload,
	};
}

static bool tell(struct inspected *i, struct error *err)
{
	const struct inspection *found = &i->inspection;

	if (found->kind == INSPECT_KERNEL) {
		i->kernel = kernel_of(i);
		i->told.kernel = &i->kernel;
	}
	if (found->has_initrd) {
		i->initrd = initrd_of(i);
		i->told.initrd = &i->initrd;
	}
	if (found->kind == INSPECT_TREE) {
		i->tree = tree_of(&found->tree);
		i->told.device_tree = &i->tree;
	}
	if (found->has_uimage) {
		i->uimage = uimage_of(&found->uimage);
		i->told.uimage = &i->uimage;
	}
	return !i->no_memory || fail_no_memory(err);
}

static bool inspect(struct saut *saut, const char *path)
{
	const struct system_options options = { .root = saut->given.wanted.root,
		.leave_unmounted = true };
	struct inspected *i;

	api_inspection_free(saut);
	i = saut->inspected = calloc(1, sizeof *i);
	if (!i)
		return fail_no_memory(&saut->error);
	i->inspection.file.fd = -1;
	if (system_look(&options, &i->system, &saut->error) &&
		inspection_make(
			&i->system, path, saut->given.wanted.watch, &i->inspection, &saut->error) &&
		tell(i, &saut->error))
		return true;
	api_inspection_free(saut);
	return error_attempting(&saut->error, "inspect %s", path);
}

enum saut_result saut_inspect(
	struct saut *saut, const char *path, const struct saut_inspection **ret)
{
	saut->error = (struct error){ 0 };
	if (!path)
		return api_result(saut, fail(&saut->error, FAULT_USAGE, "no file is named"));
	if (!inspect(saut, path))
		return api_result(saut, false);
	*ret = &saut->inspected->told;
	return SAUT_DONE;
}
