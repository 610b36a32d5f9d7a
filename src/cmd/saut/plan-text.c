/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/plan.h"

#include <string.h>

#include "cmd/amount.h"
#include "cmd/columns.h"
#include "cmd/message.h"
#include "cmd/saut/plan-map.h"
#include "cmd/say.h"

enum { LEFT = 19, INNER = 20 };

/* Texts of one plan. */
struct telling {
	const struct preview *preview;
	struct arena arena;
};

static const char *in_language(struct telling *t, const char *text)
{
	return message_in_language(text, &t->arena);
}

/* A label, and a text behind it in lines that fit; NULL, for want of memory, is nothing. */
static void row(struct telling *t, const char *label, const char *text)
{
	const char *spelled = message_spelled(text, &t->arena);
	const char *shown =
		arena_printf(&t->arena, "%s%s", label[0] ? "    " : "", in_language(t, label));

	if (spelled && shown)
		columns_say(&(const struct columns){ LEFT }, shown, in_language(t, spelled));
}

static const char *size(struct telling *t, uint64_t bytes)
{
	return amount_text(bytes, &t->arena);
}

static double milliseconds(uint64_t ns)
{
	return (double)ns / 1e6;
}

static void show_kernel(struct telling *t)
{
	const struct job *job = t->preview->job;
	const struct request *request = &job->request;

	row(t, "kernel",
		arena_printf(&t->arena, "%s, %s, %s", job->wanted.kernel, job->image.name,
			size(t, job->image.bytes.n)));
	if (job->image.version[0])
		row(t, "", job->image.version);
	for (size_t i = 0; i < job->layer_count; i++)
		row(t, "",
			arena_printf(&t->arena, "in a file of the format %s, %s",
				job->layers[i].image.name, size(t, job->layers[i].image.bytes.n)));
	if (request->direct)
		row(t, "",
			arena_printf(&t->arena,
				request->direct->randomised
					? "unpacked before the jump, %s; at random addresses (KASLR), which a load draws anew"
					: "unpacked before the jump, %s",
				size(t, request->direct->kernel.bytes.n)));
	else if (job->packed_kernel)
		row(t, "",
			arena_printf(
				&t->arena, "unpacks itself on the way: %s", job->packed_kernel));
}

static const char *form_text(enum initrd_form form)
{
	switch (form) {
	case INITRD_RAW:
		return "unpacked before the jump";
	case INITRD_LZ4:
		return "packed again by lz4";
	case INITRD_ZSTD:
		return "packed again by zstd";
	case INITRD_AUTO:
	case INITRD_KEEP:
	case INITRD_FORMS:
		break;
	}
	return "as it is";
}

static void show_initrds(struct telling *t)
{
	for (size_t i = 0; i < t->preview->initrd_count; i++) {
		const struct preview_initrd *initrd = &t->preview->initrds[i];

		row(t, i ? "" : "initrd",
			arena_printf(&t->arena, "%s, %s", initrd->name, size(t, initrd->given)));
		row(t, "",
			initrd->loaded == initrd->given
				? arena_printf(&t->arena, "%s: %s", form_text(initrd->form),
					  initrd->reason)
				: arena_printf(&t->arena, "%s, then %s: %s",
					  form_text(initrd->form), size(t, initrd->loaded),
					  initrd->reason));
	}
}

static void show_line(struct telling *t)
{
	const struct preview *p = t->preview;
	const char *line = p->job->plan.command_line;

	row(t, "options", line[0] ? line : "none");
	for (size_t i = 0; i < p->change_count; i++)
		row(t, "",
			arena_printf(&t->arena,
				p->changes[i].is_added ? "with %s: %s" : "without %s: %s",
				p->changes[i].word, p->changes[i].why));
}

static void show_call(struct telling *t)
{
	const struct plan *plan = &t->preview->job->plan;

	row(t, "system call",
		arena_printf(&t->arena, "%s, since %s", kexec_call_name(plan->call),
			message_spelled(plan->call_reason, &t->arena)));
	if (plan->call == CALL_LOAD)
		row(t, "",
			arena_printf(
				&t->arena, "entered at %#llx", (unsigned long long)plan->entry));
	else
		row(t, "", "the running kernel chooses the places in memory");
}

static void show_piece(struct telling *t, struct range mem, const char *name, const char *why)
{
	const char *label =
		arena_printf(&t->arena, "    0x%012llx  %10s  %s", (unsigned long long)mem.start,
			in_language(t, size(t, mem.size)), in_language(t, name));

	if (!label)
		return;
	say("%s\n", label);
	columns_say(&(const struct columns){ INNER }, "", in_language(t, why));
}

/* One after the other with the same name and reason are one piece here. */
static void show_areas(struct telling *t, enum preview_use use, const char *title)
{
	const struct preview *p = t->preview;
	bool is_first = true;

	for (size_t i = 0; i < p->area_count; i++) {
		const struct preview_area *area = &p->areas[i];

		if (area->use != use)
			continue;
		if (is_first)
			say("  %s\n", title);
		is_first = false;
		show_piece(t, area->mem, area->name, area->why);
	}
}

/* Of what is somebody's there may be hundreds of pieces: a row for each reason. */
static void show_kept(struct telling *t)
{
	const struct preview *p = t->preview;
	bool is_first = true;

	for (size_t i = 0; i < p->area_count; i++) {
		const struct preview_area *area = &p->areas[i];
		uint64_t bytes = 0;
		size_t count = 0, before = 0;

		for (size_t k = 0; k < p->area_count; k++) {
			const struct preview_area *other = &p->areas[k];

			if (other->use != area->use || area->use != PREVIEW_KEPT ||
				strcmp(other->name, area->name) != 0 || other->why != area->why)
				continue;
			before += k < i;
			count++;
			bytes += other->mem.size;
		}
		if (!count || before)
			continue;
		if (is_first)
			say("  %s\n", "left to others");
		is_first = false;
		show_piece(t, (struct range){ area->mem.start, bytes },
			count == 1 ? area->name
				   : arena_printf(&t->arena, "%s, in %zu pieces",
					     in_language(t, area->name), count),
			area->why);
	}
}

static void show_memory(struct telling *t)
{
	const struct preview_memory *m = &t->preview->memory;

	row(t, "memory",
		arena_printf(&t->arena, "%s held by the running kernel until the jump",
			size(t, m->held)));
	if (m->made)
		row(t, "",
			arena_printf(&t->arena,
				"%s for what is made of the files, until it is loaded",
				size(t, m->made)));
	if (m->copies)
		row(t, "",
			arena_printf(&t->arena,
				"up to %s for copies, where others may write to the files",
				size(t, m->copies)));
	row(t, "",
		m->available ? arena_printf(&t->arena, "%s are available", size(t, m->available))
			     : "how much is available is not known");
}

static void show_blackout(struct telling *t)
{
	const struct preview *p = t->preview;

	row(t, "blackout",
		arena_printf(&t->arena, "%.1f ms by the model, and what it leaves out",
			milliseconds(p->blackout_ns)));
	for (size_t i = 0; i < p->cost_count; i++) {
		const struct preview_cost *c = &p->costs[i];

		row(t, "",
			c->bytes ? arena_printf(&t->arena, "%.1f ms: %s, %s, %s",
					   milliseconds(c->ns), c->name, size(t, c->bytes), c->of)
				 : arena_printf(&t->arena, "%.1f ms: %s, %s", milliseconds(c->ns),
					   c->name, c->of));
	}
	for (size_t i = 0; preview_unmodelled[i]; i++)
		row(t, i ? "" : "left out", preview_unmodelled[i]);
}

void plan_show(const struct preview *preview, const char *title)
{
	struct telling t = { .preview = preview };

	say("%s\n", title);
	show_kernel(&t);
	show_initrds(&t);
	if (preview->job->request.device_tree.bytes.n)
		row(&t, "device tree", preview->job->request.device_tree.name);
	show_line(&t);
	show_call(&t);
	show_areas(&t, PREVIEW_LOADED, "loaded");
	show_areas(&t, PREVIEW_ROOM, "kept free beside it");
	show_kept(&t);
	plan_map_show(preview);
	show_memory(&t);
	show_blackout(&t);
	arena_free(&t.arena);
}
