/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What GRUB's blscfg needs of the interpreter: see entry/bls/blscfg.h. */
#include "entry/bls/blscfg.h"

#include <string.h>

#include "entry/grub/grub.h"

bool grub_has_blscfg(const struct finder *f)
{
	for (size_t i = 0; f->grub && i < f->grub->item_count; i++)
		if (f->grub->items[i].is_bls)
			return true;
	return false;
}

const char *grub_blscfg_where(const struct finder *f)
{
	for (size_t i = 0; f->grub && i < f->grub->item_count; i++)
		if (f->grub->items[i].is_bls)
			return arena_printf(f->arena, "%s/grub.cfg", f->grub->folder);
	return "";
}

struct bls_value grub_blscfg_variable(const struct finder *f, const char *name)
{
	const char *text = f->grub ? grub_get(f->grub, name) : "";

	return (struct bls_value){ true, text[0] ? text : NULL };
}

bool grub_blscfg_root(struct finder *f, const struct place **ret, const char **ret_base)
{
	const char *root = f->grub ? grub_get(f->grub, "root") : "";
	const struct place *place = f->grub ? f->grub->place : NULL;

	if (strncmp(root, "uuid/", 5) == 0)
		place = places_find(&f->places, root + 5, NULL);
	else if (strncmp(root, "label/", 6) == 0)
		place = places_find(&f->places, NULL, root + 6);
	*ret = place ? place : f->grub ? f->grub->place : NULL;
	*ret_base = "/boot";
	return f->grub;
}

bool grub_run_body(struct finder *f, struct entry *entry, const char *file, struct view body)
{
	struct grub *g = f->grub;

	g->entry = entry;
	g->locals = NULL;
	g->arguments = NULL;
	grub_run(g, (struct grub_cursor){ .file = file, .text = body, .line = 1 });
	g->entry = NULL;
	g->locals = NULL;
	entry->line = 0;
	return !g->is_out_of_memory;
}
