/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut list: data to text and JSON; decides nothing. */
#include <stdio.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/saut/look-options.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "system/system.h"

/* Of the JSON. */
enum { SCHEMA = 1 };

static void show_json_entry(struct json *j, const struct entry *e)
{
	json_open(j, NULL, '{');
	json_string(j, "id", e->id);
	json_string(j, "title", e->title);
	json_string(j, "type", entry_kind_name(e->kind));
	json_known(j, "version", e->version);
	json_known(j, "release", e->release);
	json_string(j, "architecture", e->arch == ARCH_UNKNOWN ? NULL : cpu_arch_name(e->arch));
	json_string(j, "kernel", e->kernel);
	json_open(j, "initrds", '[');
	for (size_t i = 0; i < e->initrd_count; i++)
		json_string(j, NULL, e->initrds[i]);
	json_close(j, ']');
	json_string(j, "command_line", e->command_line);
	json_string(j, "device_tree", e->device_tree);
	json_string(j, "file", e->file);
	json_number_if(j, "line", e->line != 0, e->line);
	json_number_if(j, "tries_left", e->is_counted, e->tries_left);
	json_number_if(j, "tries_done", e->is_counted, e->tries_done);
	json_bool(j, "default", e->is_default);
	json_bool(j, "running", e->is_running);
	json_string(j, "obstacle", e->obstacle);
	json_string(j, "remark", e->remark);
	json_close(j, '}');
}

static void show_json(const struct entries *entries, const struct notes *mounted)
{
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_open(&j, "entries", '[');
	for (size_t i = 0; i < entries->count; i++)
		show_json_entry(&j, &entries->items[i]);
	json_close(&j, ']');
	json_string(&j, "no_default", entries->no_default);
	json_string(&j, "incomplete", entries->incomplete);
	json_notes(&j, mounted, &entries->notes);
	json_end(&j);
}

static void show_entry(const struct entry *e)
{
	say("%s%s%s\n", e->title, e->is_default ? "  [default]" : "",
		e->is_running ? "  [running]" : "");
	say("    id       %s\n", e->id);
	if (e->kernel)
		say("    kernel   %s%s%s%s\n", e->kernel, e->release[0] ? " (" : "", e->release,
			e->release[0] ? ")" : "");
	for (size_t i = 0; i < e->initrd_count; i++)
		say("    initrd   %s\n", e->initrds[i]);
	if (e->device_tree)
		say("    tree     %s\n", e->device_tree);
	say("    options  %s\n",
		e->command_line               ? e->command_line
			: entry_is_program(e) ? "its own"
					      : "those of the running kernel");
	if (e->line)
		say("    from     %s, line %u\n", e->file, e->line);
	else
		say("    from     %s\n", e->file);
	if (e->obstacle)
		say("    refused  %s\n", e->obstacle);
	if (e->remark)
		say("    remark   %s\n", e->remark);
}

static bool list(const struct look_options *look, struct error *err)
{
	const struct system_options options = {
		.root = look->root, .leave_unmounted = look->no_mount, .only_looks = true
	};
	struct entries entries = { 0 };
	struct system system;
	bool done = system_look(&options, &system, err) && system_entries(&system, &entries, err);

	if (done && look->as_json)
		show_json(&entries, &system.notes);
	for (size_t i = 0; done && !look->as_json && i < entries.count; i++)
		show_entry(&entries.items[i]);
	if (!done || !look->as_json) {
		message_notes(&entries.notes);
		message_notes(&system.notes);
	}
	system_free(&system);
	return done;
}

bool verb_list(int argc, char **argv, struct error *err)
{
	struct look_options look;

	if (!look_options_read(argc, argv, &look))
		fail(err, FAULT_USAGE, "list takes --json, --no-mount and --root=FOLDER");
	else if (list(&look, err))
		return true;
	err->closed[WAY_LIST] = true;
	return error_attempting(err, "list boot entries");
}
