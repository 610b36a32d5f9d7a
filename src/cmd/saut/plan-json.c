/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As schema/plan.json has it: every property is there, null where it is not known. */
#include "cmd/saut/plan.h"

#include "cmd/message.h"

/* With the names of the command in a sentence of the core. */
static void put_text(struct json *j, const char *key, const char *text)
{
	struct arena arena = { 0 };

	json_string(j, key, message_spelled(text, &arena));
	arena_free(&arena);
}

static void put_kernel(struct json *j, const struct job *job)
{
	const struct direct *direct = job->request.direct;

	json_open(j, "kernel", '{');
	json_string(j, "file", job->wanted.kernel);
	json_string(j, "format", job->image.name);
	json_known(j, "version", job->image.version);
	json_number(j, "size", job->image.bytes.n);
	json_open(j, "layers", '[');
	for (size_t i = 0; i < job->layer_count; i++)
		json_string(j, NULL, job->layers[i].image.name);
	json_close(j, ']');
	json_number_if(j, "unpacked_size", direct != NULL, direct ? direct->kernel.bytes.n : 0);
	json_bool(j, "random_place", direct && direct->randomised);
	json_string(j, "packed_since", job->packed_kernel);
	json_close(j, '}');
}

static void put_initrd(struct json *j, const struct preview_initrd *initrd)
{
	json_open(j, NULL, '{');
	json_string(j, "file", initrd->name);
	json_number(j, "size", initrd->given);
	json_string(j, "form", initrd_form_name(initrd->form));
	put_text(j, "reason", initrd->reason);
	json_number(j, "loaded_size", initrd->loaded);
	json_open(j, "forms_ns", '{');
	for (int form = INITRD_KEEP; form < INITRD_FORMS; form++)
		json_known_number(j, initrd_form_name((enum initrd_form)form), initrd->ns[form]);
	json_close(j, '}');
	json_close(j, '}');
}

static void put_line(struct json *j, const struct preview *p)
{
	json_open(j, "command_line", '{');
	json_string(j, "line", p->job->plan.command_line);
	json_string(j, "from", p->job->lines[LINE_GIVEN]);
	json_bool(j, "reused", p->job->wanted.reuse_command_line);
	json_open(j, "changes", '[');
	for (size_t i = 0; i < p->change_count; i++) {
		json_open(j, NULL, '{');
		json_string(j, "word", p->changes[i].word);
		json_bool(j, "added", p->changes[i].is_added);
		json_string(j, "reason", p->changes[i].why);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* An address as people write it: of 64 bits, which numbers in JSON do not hold everywhere. */
static void put_address(struct json *j, const char *key, uint64_t address)
{
	char text[24];

	snprintf(text, sizeof text, "%#llx", (unsigned long long)address);
	json_string(j, key, text);
}

static void put_call(struct json *j, const struct plan *plan)
{
	const bool has_places = plan->call == CALL_LOAD;

	json_open(j, "system_call", '{');
	json_string(j, "name", kexec_call_name(plan->call));
	put_text(j, "reason", plan->call_reason);
	if (has_places)
		put_address(j, "entry", plan->entry);
	else
		json_null(j, "entry");
	json_close(j, '}');
}

static void put_segments(struct json *j, const struct plan *plan)
{
	if (plan->call != CALL_LOAD) {
		json_null(j, "segments");
		return;
	}
	json_open(j, "segments", '[');
	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *segment = &plan->segments[i];

		json_open(j, NULL, '{');
		json_string(j, "name", segment->name);
		put_address(j, "start", segment->mem.start);
		json_number(j, "size", segment->mem.size);
		json_number(j, "bytes", segment->data.n);
		json_string(j, "reason", segment->why);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_area(struct json *j, const struct preview_area *area)
{
	json_open(j, NULL, '{');
	put_address(j, "start", area->mem.start);
	json_number(j, "size", area->mem.size);
	json_string(j, "use", preview_use_name(area->use));
	json_known(j, "of", area->name);
	json_string(j, "reason", area->why);
	json_close(j, '}');
}

static void put_memory(struct json *j, const struct preview_memory *m)
{
	json_open(j, "memory", '{');
	json_number(j, "held", m->held);
	json_number(j, "made", m->made);
	json_number(j, "copies", m->copies);
	json_known_number(j, "available", m->available);
	json_close(j, '}');
}

static void put_blackout(struct json *j, const struct preview *p)
{
	json_open(j, "blackout", '{');
	json_number(j, "ns", p->blackout_ns);
	json_open(j, "parts", '[');
	for (size_t i = 0; i < p->cost_count; i++) {
		const struct preview_cost *c = &p->costs[i];

		json_open(j, NULL, '{');
		json_string(j, "name", c->name);
		json_string(j, "of", c->of);
		json_known_number(j, "bytes", c->bytes);
		json_number(j, "ns", c->ns);
		json_string(j, "source", c->source);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_strings(j, "left_out", preview_unmodelled);
	json_close(j, '}');
}

static void put_notes(struct json *j, const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		put_text(j, NULL, notes->items[i]);
}

static void put_plan(struct json *j, const struct preview *p)
{
	const struct job *job = p->job;

	put_kernel(j, job);
	json_open(j, "initrds", '[');
	for (size_t i = 0; i < p->initrd_count; i++)
		put_initrd(j, &p->initrds[i]);
	json_close(j, ']');
	json_string(j, "device_tree",
		job->request.device_tree.bytes.n ? job->request.device_tree.name : NULL);
	put_line(j, p);
	put_call(j, &job->plan);
	put_segments(j, &job->plan);
	json_open(j, "memory_map", '[');
	for (size_t i = 0; i < p->area_count; i++)
		put_area(j, &p->areas[i]);
	json_close(j, ']');
	put_memory(j, &p->memory);
	put_blackout(j, p);
	json_open(j, "notes", '[');
	put_notes(j, &job->notes);
	put_notes(j, &job->plan.notes);
	json_close(j, ']');
}

void plan_json(
	struct json *j, const struct preview *preview, const char *title, const struct error *err)
{
	json_open(j, NULL, '{');
	json_string(j, "title", title);
	json_string(j, "error", err ? err->reason : NULL);
	if (!err)
		put_plan(j, preview);
	json_close(j, '}');
}
