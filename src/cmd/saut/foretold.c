/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/foretold.h"

#include "cmd/saut/loadings.h"
#include "cmd/say.h"
#include "jump/ready.h"

static void show_jump(const struct system *s, const struct foretold *f, struct arena *arena)
{
	const char *kernel = f->has_kernel ? loading_words(&f->of, arena) : NULL;
	char date[DATE_MAX];

	if (!kernel && s->loaded.unread)
		say("The next reboot will jump by kexec into a kernel that nothing is known of: "
		    "%s\n",
			s->loaded.unread);
	else if (!kernel)
		say("The next reboot will jump by kexec into a kernel that nothing is known of: "
		    "saut did not load it\n");
	else if (f->of.when)
		say("The next reboot will jump by kexec into %s, loaded by %s on %s\n", kernel,
			loader_words(f->of.by), date_of(f->of.when, date));
	else
		say("The next reboot will jump by kexec into %s, loaded by %s\n", kernel,
			loader_words(f->of.by));
}

static void show_load(const struct foretold *f, struct arena *arena)
{
	const char *kernel = loading_words(&f->of, arena);

	say("The next reboot will load %s during the shutdown, and jump into it by kexec\n",
		kernel ? kernel : f->of.kernel);
}

void foretold_show(const struct system *s, const struct foretold *f, struct arena *arena)
{
	switch (f->next.way) {
	case NEXT_JUMP:
		show_jump(s, f, arena);
		break;
	case NEXT_LOAD:
		show_load(f, arena);
		break;
	case NEXT_FIRMWARE:
		say("The next reboot will go through the firmware, because: %s\n", f->next.reason);
		break;
	case NEXT_UNKNOWN:
		say("Whether the next reboot will go by kexec is not known: %s\n", f->next.reason);
		break;
	}
	if (f->step)
		say("to change that: %s\n", f->step);
	if (f->has_kernel)
		loading_show_files(&f->of);
	if (f->kept_ready)
		say("    ready    %.1f MB in %s\n", (double)f->kept_ready / 1e6, READY_FOLDER);
}

void foretold_show_json(const struct foretold *f, struct json *j)
{
	const bool is_jump = f->next.way == NEXT_JUMP || f->next.way == NEXT_LOAD;

	json_open(j, "next_reboot", '{');
	if (f->next.way == NEXT_UNKNOWN)
		json_null(j, "by_kexec");
	else
		json_bool(j, "by_kexec", is_jump);
	if (is_jump)
		json_bool(j, "loads_at_shutdown", f->next.way == NEXT_LOAD);
	else
		json_null(j, "loads_at_shutdown");
	json_string(j, "reason", f->next.reason);
	json_string(j, "step", f->step);
	json_known_number(j, "begins", f->begins);
	json_known_number(j, "kept_ready", f->kept_ready);
	loading_show_json("kernel", f->has_kernel ? &f->of : NULL, j);
	json_close(j, '}');
}

bool foretold_is_by_kexec(const struct foretold *f, struct error *err)
{
	if (f->next.way == NEXT_JUMP || f->next.way == NEXT_LOAD)
		return true;
	fail(err, FAULT_NOT_BY_KEXEC, "%s", f->next.reason);
	err->is_answered = true;
	return false;
}
