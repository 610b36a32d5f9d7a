/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sd_booted(3) for systemd; for the others the program of process 1 decides, since their folders
 * in /run are also there when they only supervise services.
 */
#include "machine/init.h"

#include <string.h>

#include "machine/facts.h"
#include "machine/strict.h"
#include "machine/unit.h"

#define DROP_IN "systemd-reboot.service.d/reboot-by-kexec.conf"

#define AT_SHUTDOWN "kexec-shutdown.service"

struct looking {
	const struct source *source;
	struct arena *arena;
};

static bool is_folder(const struct looking *l, const char *path)
{
	const char *const *ignored;

	return source_list(l->source, path, l->arena, &ignored);
}

static bool is_file(const struct looking *l, const char *path)
{
	struct view ignored;

	return source_read(l->source, path, l->arena, &ignored);
}

static struct view last_part(struct view path)
{
	struct view part;

	while (text_cut(&path, '/', &part))
		;
	return path;
}

static bool runs(struct view program, struct view comm, const char *name)
{
	return text_is(program, name) || text_is(comm, name);
}

static enum init init_of(const struct looking *l, struct view program, struct view comm)
{
	if (is_folder(l, "run/systemd/system"))
		return INIT_SYSTEMD;
	if (runs(program, comm, "openrc-init"))
		return INIT_OPENRC_INIT;
	if (runs(program, comm, "runit"))
		return INIT_RUNIT;
	/* Others are called init as well, but have no such table; busybox has, and is told by its file. */
	if (!text_is(comm, "init") || (program.n && !text_is(program, "init")) ||
		!is_file(l, "etc/inittab"))
		return INIT_UNKNOWN;
	return is_folder(l, "run/openrc") ? INIT_OPENRC : INIT_SYSVINIT;
}

/* "-dkn": the option k of sysvinit's reboot(8). */
static bool has_kexec_option(struct view words)
{
	struct view word;

	while (text_word(&words, &word))
		if (word.n > 1 && word.p[0] == '-' && word.p[1] != '-' &&
			memchr(word.p, 'k', word.n))
			return true;
	return false;
}

/* inittab(5): id:runlevels:action:process */
static bool jumps(struct view line)
{
	struct view id, levels, action, command;

	return text_cut(&line, ':', &id) && !view_has_at(id, 0, "#") &&
		text_cut(&line, ':', &levels) && memchr(levels.p, '6', levels.n) &&
		text_cut(&line, ':', &action) && text_word(&line, &command) &&
		text_is(last_part(command), "reboot") && has_kexec_option(line);
}

static const char *in_inittab(const struct looking *l)
{
	struct view text, line;

	if (!source_read(l->source, "etc/inittab", l->arena, &text))
		return NULL;
	for (unsigned number = 1; text_line(&text, &line); number++)
		if (jumps(line))
			return arena_printf(l->arena, "/etc/inittab, line %u", number);
	return NULL;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* A name that ends so in one of the folders: "K09kexec", but not "K01kexec-load". */
static const char *in_folder(const struct looking *l, const char *folder, const char *end)
{
	const char *const *names;

	if (!source_list(l->source, folder, l->arena, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++)
		if (ends_with(names[i], end))
			return arena_printf(l->arena, "/%s/%s", folder, names[i]);
	return NULL;
}

static const char *in_stage_3(const struct looking *l)
{
	struct view text;

	return source_read(l->source, "etc/runit/3", l->arena, &text) &&
			memmem(text.p, text.n, "kexec", 5)
		? "/etc/runit/3"
		: NULL;
}

/* Whoever reboots systemd without saying kexec: systemd.unit(5), and systemd-shutdown(8). */
static const char *of_systemd(const struct looking *l)
{
	static const char *const hooks[] = {
		"etc/systemd/system/" DROP_IN,
		"run/systemd/system/" DROP_IN,
		"usr/local/lib/systemd/system/" DROP_IN,
		"usr/lib/systemd/system/" DROP_IN,
		"lib/systemd/system/" DROP_IN,
		"usr/lib/systemd/system-shutdown/saut.shutdown",
		"lib/systemd/system-shutdown/saut.shutdown",
	};

	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
		if (is_file(l, hooks[i]))
			return arena_printf(l->arena, "/%s", hooks[i]);
	return NULL;
}

static const char *jumper_of(const struct looking *l, enum init init)
{
	const char *found;

	switch (init) {
	case INIT_OPENRC:
		found = in_folder(l, "etc/runlevels/shutdown", "kexec-jump");
		return found ? found : in_inittab(l);
	case INIT_SYSVINIT:
		found = in_folder(l, "etc/rc6.d", "kexec");
		found = found ? found : in_folder(l, "etc/rc.d/rc6.d", "kexec");
		return found ? found : in_inittab(l);
	case INIT_RUNIT:
		found = in_folder(l, "etc/runit/shutdown.d", "kexec.sh");
		return found ? found : in_stage_3(l);
	case INIT_SYSTEMD:
		return of_systemd(l);
	case INIT_OPENRC_INIT:
		return in_folder(l, "etc/runlevels/shutdown", "kexec-jump");
	case INIT_UNKNOWN:
		break;
	}
	return NULL;
}

/* By the name of its script in the folder of services that are up, which stop at a shutdown. */
static const char *has_started(const struct looking *l)
{
	const char *const *names;

	return source_list(l->source, "run/openrc/started", l->arena, &names) &&
			source_names_have(names, "kexec")
		? "/etc/init.d/kexec"
		: NULL;
}

/*
 * Process 1 leaves a link for each unit that has run something and is up, for journald. A folder of the unit's own
 * would stay where the unit is masked or removed meanwhile. What is masked is up, and does nothing at its stop.
 */
static bool loads_at_shutdown(const struct looking *l)
{
	const char *const *names;

	return source_list(l->source, "run/systemd/units", l->arena, &names) &&
		source_names_have(names, "invocation:" AT_SHUTDOWN) &&
		unit_look(l->source, AT_SHUTDOWN, l->arena) != UNIT_MASKED;
}

/* The script that the init runs, and what makes it run it. NULL: it is no script, and ours. */
static const char *loader_of(const struct looking *l, enum init init, const char **ret_script)
{
	const char *found;

	*ret_script = NULL;
	switch (init) {
	case INIT_OPENRC:
	case INIT_OPENRC_INIT:
		*ret_script = "etc/init.d/kexec";
		return has_started(l);
	case INIT_SYSVINIT:
		*ret_script = "etc/init.d/kexec-load";
		found = in_folder(l, "etc/rc6.d", "kexec-load");
		return found ? found : in_folder(l, "etc/rc.d/rc6.d", "kexec-load");
	case INIT_RUNIT:
		*ret_script = "etc/runit/shutdown.d/05-kexec-load.sh";
		return is_file(l, *ret_script) ? "/etc/runit/shutdown.d/05-kexec-load.sh" : NULL;
	case INIT_SYSTEMD:
		return loads_at_shutdown(l) ? AT_SHUTDOWN : NULL;
	case INIT_UNKNOWN:
		break;
	}
	return NULL;
}

static bool is_ours(const struct looking *l, const char *script)
{
	struct view text;

	return source_read(l->source, script, l->arena, &text) && memmem(text.p, text.n, "saut", 4);
}

static void find_hooks(const struct looking *l, struct strict *strict, struct init_facts *facts)
{
	const char *script;
	struct error err;

	facts->jumper = jumper_of(l, facts->init);
	facts->loader = loader_of(l, facts->init, &script);
	facts->loader_is_foreign = facts->loader && script && !is_ours(l, script);
	if (strict_check(strict, &err))
		return;
	facts->unread = arena_string(l->arena, view_of_string(err.reason));
	if (!facts->unread)
		facts->unread = "out of memory";
}

struct init_facts init_capture(const struct source *source, struct arena *arena)
{
	struct strict strict = strict_make(source);
	const struct looking l = { &strict.source, arena };
	struct error ignored;
	struct view program = fact_text(source, arena, "saut/init");
	struct view comm = fact_text(source, arena, "proc/1/comm");
	struct init_facts facts = { .init = init_of(&l, last_part(program), comm) };
	const char *name = arena_string(arena, program.n ? program : comm);

	/* What is only found to be absent tells the inits apart. */
	if (!strict_check(&strict, &ignored))
		facts.init = INIT_UNKNOWN;
	facts.name = name ? name : "";
	find_hooks(&l, &strict, &facts);
	return facts;
}
