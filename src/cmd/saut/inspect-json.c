/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As schema/inspect.json has it: every property of a kind is there, null where it is not known. */
#include "cmd/saut/inspect.h"

#include "cmd/message.h"

static void put_boot(struct json *j, const struct inspect_boot *boot)
{
	json_open(j, "boot", '{');
	json_known_number(j, "protocol", boot->protocol);
	json_strings(j, "flags", boot->flags);
	json_known_number(j, "command_line_max", boot->command_line_max);
	json_known_number(j, "initrd_max", boot->initrd_max);
	json_known_number(j, "memory", boot->memory);
	json_known_number(j, "alignment", boot->alignment);
	json_known_number(j, "page_size", boot->page_size);
	json_close(j, '}');
}

static void put_found(struct json *j, const char *key, const struct trust_found *found)
{
	if (!found->in) {
		json_null(j, key);
		return;
	}
	json_open(j, key, '{');
	json_string(j, "in", found->in);
	json_string(j, "of", found->of);
	json_close(j, '}');
}

static void put_chain(struct json *j, const struct pe_signature *signature, size_t count)
{
	json_open(j, "certificates", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(j, NULL, '{');
		json_known(j, "name", signature->chain[i].name);
		json_known(j, "issuer", signature->chain[i].issuer);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_signature(struct json *j, const struct inspection_signature *s)
{
	const struct trust *trust = &s->trust;
	bool is_read = trust->is_signed && !trust->damaged;
	const struct pe_certificate *signer = &trust->signature.chain[0];

	json_open(j, NULL, '{');
	json_string(j, "of", s->of);
	json_bool(j, "signed", trust->is_signed);
	json_string(j, "damaged", trust->damaged);
	json_number(j, "count", trust->signature.count);
	json_known(j, "signer", is_read ? signer->name : NULL);
	json_known(j, "issuer", is_read ? signer->issuer : NULL);
	json_known(j, "serial", is_read ? s->serial : NULL);
	json_known(j, "key_id", is_read ? s->key_id : NULL);
	put_chain(j, &trust->signature, is_read ? trust->signature.chain_count : 0);
	json_known(j, "image_sha256", s->sha256);
	json_bool(j, "keyrings_known", trust->keyrings_are_known);
	put_found(j, "keyring", &trust->ring);
	put_found(j, "listed", &trust->list);
	put_found(j, "revoked", &trust->revoked);
	json_string(j, "unknown", trust->unknown);
	json_close(j, '}');
}

static void put_profile(struct json *j, const struct inspect_profile *profile)
{
	json_open(j, NULL, '{');
	json_known(j, "id", profile->id);
	json_known(j, "title", profile->title);
	json_open(j, "sections", '[');
	for (size_t i = 0; i < profile->count; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", profile->sections[i].name);
		json_number(j, "size", profile->sections[i].size);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void put_unified(struct json *j, const struct inspection_kernel *kernel)
{
	if (!kernel->is_unified) {
		json_null(j, "uki");
		return;
	}
	json_open(j, "uki", '{');
	json_string(j, "command_line", kernel->unified.command_line);
	json_open(j, "profiles", '[');
	for (size_t i = 0; i < kernel->unified.count; i++)
		put_profile(j, &kernel->unified.profiles[i]);
	json_close(j, ']');
	json_close(j, '}');
}

static void put_call(struct json *j, const struct inspection_kernel *kernel)
{
	struct arena arena = { 0 };

	json_open(j, "load", '{');
	json_string(j, "call", kernel->refused ? NULL : kexec_call_name(kernel->call));
	json_string(j, "reason",
		message_spelled(kernel->refused ? kernel->refused : kernel->call_reason, &arena));
	json_string(j, "advice", message_spelled(kernel->advice, &arena));
	json_string(j, "not_by_file", message_spelled(kernel->file_load_obstacle, &arena));
	json_close(j, '}');
	arena_free(&arena);
}

static void put_kernel(struct json *j, const struct inspection_kernel *kernel)
{
	json_string(j, "format", kernel->format);
	json_known(j, "architecture", kernel->arch);
	json_known(j, "version", kernel->version);
	json_known(j, "release", kernel->release);
	json_strings(j, "layers", kernel->layers);
	json_number(j, "size", kernel->file_size);
	json_known_number(j, "unpacked_size", kernel->unpacked_size);
	json_string(j, "compression", kernel->boot.compression);
	put_boot(j, &kernel->boot);
	json_answer(j, "kaslr", kernel->kaslr);
	put_unified(j, kernel);
	json_open(j, "signatures", '[');
	for (size_t i = 0; i < kernel->signature_count; i++)
		put_signature(j, &kernel->signatures[i]);
	json_close(j, ']');
	put_call(j, kernel);
}

static void put_archive(struct json *j, const struct inspect_archive *a)
{
	json_open(j, NULL, '{');
	json_string(j, "packing", a->packing);
	json_number(j, "at", a->at);
	json_number(j, "size", a->packed);
	json_number(j, "unpacked_size", a->unpacked);
	json_number(j, "members", a->members);
	json_close(j, '}');
}

static void put_boot_config(struct json *j, const struct inspect_initrd *initrd)
{
	if (!initrd->has_boot_config) {
		json_null(j, "boot_config");
		return;
	}
	json_open(j, "boot_config", '{');
	json_number(j, "size", initrd->boot_config_size);
	json_bool(j, "is_whole", initrd->boot_config_is_whole);
	json_close(j, '}');
}

static void put_initrd(struct json *j, const struct inspection *inspection)
{
	const struct inspect_initrd *initrd = &inspection->initrd;

	if (!inspection->has_initrd) {
		json_null(j, "initrd");
		return;
	}
	json_open(j, "initrd", '{');
	json_number(j, "size", initrd->packed);
	json_number(j, "unpacked_size", initrd->unpacked);
	json_number(j, "members", initrd->members);
	json_open(j, "archives", '[');
	for (size_t i = 0; i < initrd->archive_count; i++)
		put_archive(j, &initrd->archives[i]);
	json_close(j, ']');
	json_strings(j, "modules_of", initrd->releases);
	json_strings(j, "microcode", initrd->microcode);
	json_bool(j, "has_init", initrd->has_init);
	json_bool(j, "lacks_trailer", initrd->lacks_trailer);
	put_boot_config(j, initrd);
	json_string(j, "ram_disk", initrd->ram_disk);
	json_string(j, "damage", initrd->damage);
	json_string(j, "unlisted", initrd->unlisted);
	json_close(j, '}');
}

static void put_tree(struct json *j, const struct inspect_tree *tree)
{
	json_string(j, "model", tree->model);
	json_strings(j, "compatible", tree->compatible);
	json_number(j, "version", tree->version);
	json_number(j, "size", tree->size);
	json_number(j, "structure_size", tree->structure);
	json_number(j, "strings_size", tree->strings);
	json_number(j, "nodes", tree->nodes);
	json_number(j, "reservations", tree->reservations);
}

static void put_uimage(struct json *j, const struct inspection *inspection)
{
	const struct inspect_uimage *uimage = &inspection->uimage;

	if (!inspection->has_uimage) {
		json_null(j, "uimage");
		return;
	}
	json_open(j, "uimage", '{');
	json_known(j, "name", uimage->name);
	json_string(j, "architecture", uimage->cpu);
	json_string(j, "compression", uimage->compression);
	json_known_number(j, "made", uimage->made);
	json_number(j, "load_address", uimage->load);
	json_number(j, "entry_point", uimage->entry);
	json_number(j, "size", uimage->payload);
	json_close(j, '}');
}

static const char *name_of(enum inspect_kind kind)
{
	switch (kind) {
	case INSPECT_KERNEL:
		return "kernel";
	case INSPECT_INITRD:
		return "initrd";
	case INSPECT_TREE:
		break;
	}
	return "device-tree";
}

void inspect_json(struct json *j, const char *path, const struct inspection *inspection,
	const struct error *err)
{
	json_open(j, NULL, '{');
	json_string(j, "file", path);
	json_string(j, "error", err ? err->reason : NULL);
	json_string(j, "kind", err ? NULL : name_of(inspection->kind));
	if (!err && inspection->kind == INSPECT_KERNEL)
		put_kernel(j, &inspection->kernel);
	if (!err && inspection->kind == INSPECT_TREE)
		put_tree(j, &inspection->tree);
	if (!err && inspection->kind != INSPECT_TREE) {
		put_uimage(j, inspection);
		put_initrd(j, inspection);
	}
	json_close(j, '}');
}
