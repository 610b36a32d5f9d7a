/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What GRUB's blscfg needs of the interpreter: see entry/bls/blscfg.h. */
#include "entry/bls/blscfg.h"

#include "entry/grub/grub.h"

static const struct grub_item *blscfg_in(const struct grub_menu *menu)
{
	const struct grub_item *found = NULL;

	for (const struct grub_item *item = menu->first; item && !found; item = item->next) {
		if (item->is_bls)
			found = item;
		else if (item->menu)
			found = blscfg_in(item->menu);
	}
	return found;
}

bool grub_has_blscfg(const struct finder *f)
{
	return f->grub && blscfg_in(f->grub->menu);
}

const char *grub_blscfg_where(const struct finder *f)
{
	const struct grub_item *item = f->grub ? blscfg_in(f->grub->menu) : NULL;
	const char *where =
		item ? arena_printf(f->arena, "%s, line %u", item->file, item->line) : NULL;

	return where ? where : "";
}

static struct grub_value value_then(struct grub *g, const char *name)
{
	struct grub_context *before = g->variables;
	struct grub_value value;

	g->variables = g->bls_variables ? g->bls_variables : g->menu->context;
	value = grub_value_of(g, name);
	g->variables = before;
	return value;
}

struct bls_value grub_blscfg_variable(const struct finder *f, const char *name)
{
	struct grub_value value =
		f->grub ? value_then(f->grub, name) : (struct grub_value){ .text = "" };

	if (value.doubt || grub_names_device(value.text))
		return (struct bls_value){ .is_known = false };
	return (struct bls_value){ true, value.text[0] ? value.text : NULL };
}

bool grub_blscfg_root(struct finder *f, const struct place **ret, const char **ret_base)
{
	struct entry unsure = { 0 };
	struct grub_value root;
	bool is_system;

	*ret = NULL;
	*ret_base = "/boot";
	if (!f->grub)
		return false;
	root = value_then(f->grub, "root");
	return !root.doubt && grub_place_of(f->grub, &unsure, root.text, ret, &is_system) &&
		!is_system;
}
