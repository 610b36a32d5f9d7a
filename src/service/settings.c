/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and environment → settings: one table of what a setting is called. */
#include "service/settings.h"

#include <string.h>

#include "machine/text.h"
#include "machine/writers.h"
#include "service/off-switch.h"

enum { FILES_MAX = 3 };

/* What LOAD_KEXEC is to mean where it is not set. */
enum load_switch {
	SWITCH_NONE, /* the service manager knows whether the service is wanted */
	SWITCH_ON,   /* the scripts are there; a later Debian has no such setting */
	SWITCH_OFF,  /* the hooks always run */
};

/* kexec.conf is common to all; what belongs to one service manager comes behind it and wins. */
static const struct style_row {
	const char *name;
	const char *files[FILES_MAX + 1];
	const char *folder; /* of more files; NULL: there is none */
	enum load_switch load;
	bool looks_for_names;
} styles[SERVICE_STYLES] = {
	[SERVICE_OPENRC] = { "openrc", { "/etc/kexec.conf", "/etc/conf.d/kexec" },
		.looks_for_names = true },
	[SERVICE_DEBIAN] = { "debian", { "/etc/kexec.conf", "/etc/default/kexec" },
		"/etc/default/kexec.d", SWITCH_ON },
	[SERVICE_SYSTEMD] = { "systemd", { "/etc/kexec.conf", "/etc/default/kexec" },
		"/etc/default/kexec.d", SWITCH_NONE },
	[SERVICE_RUNIT] = { "runit", { "/etc/kexec.conf" }, NULL, SWITCH_OFF },
};

/* What is set but empty counts as not set, except where it says so. */
static const struct setting_row {
	const char *name;
	const char *otherwise;
} rows[] = {
	{ "LOAD_DURING_SHUTDOWN", "yes" },
	{ "KEXEC_OPT_ARGS", "" },
	{ "BOOTPART", "/boot" },
	{ "ROOTPART", "" },
	{ "KNAME", "" },
	{ "INITRD", "" },
	{ "KPARAM", "" },
	{ "DONT_MOUNT_BOOT", "no" },
	{ "LOAD_KEXEC", "false" },
	{ "KERNEL_IMAGE", "" },
	{ "APPEND", "" },
	{ "USE_GRUB_CONFIG", "false" },
	{ "ENTRY", "" },
	{ "CHECKS", "yes" },
	{ "UNBIND", "" },
	{ "HOLD", "" },
	{ "READY", "yes" },
	{ "COME_BACK", "" },
	{ "COME_BACK_WITHIN", "300" },
	{ "COME_BACK_CONFIRM", "auto" },
	{ "COME_BACK_LOCKUPS", "no" },
	{ "COME_BACK_STRICT", "no" },
};

enum { ROWS = sizeof rows / sizeof *rows };

bool service_style_by_name(const char *name, enum service_style *ret)
{
	for (size_t i = 0; i < SERVICE_STYLES; i++)
		if (strcmp(styles[i].name, name) == 0) {
			*ret = (enum service_style)i;
			return true;
		}
	return false;
}

enum service_style service_style_of(enum init init)
{
	switch (init) {
	case INIT_OPENRC:
	case INIT_OPENRC_INIT:
		return SERVICE_OPENRC;
	case INIT_SYSVINIT:
		return SERVICE_DEBIAN;
	case INIT_RUNIT:
		return SERVICE_RUNIT;
	case INIT_SYSTEMD:
	case INIT_UNKNOWN:
		break;
	}
	return SERVICE_SYSTEMD;
}

struct reading {
	const struct source *source;
	struct arena *arena;
	struct notes *notes;
	struct assignments all;
	struct error wrong; /* the first thing that is */
};

static void keep_wrong(struct reading *r, const struct error *err)
{
	if (r->wrong.fault == FAULT_NONE)
		r->wrong = *err;
}

/*
 * What decides which kernel root starts is root's alone; but where a mount's options have given the rights, nobody
 * may be able to take them.
 */
static void ask_for_writers(struct reading *r, const char *path)
{
	struct writers writers;
	struct error err;
	enum presence presence = writers_find(r->source, path, r->arena, &writers, &err);

	if (presence == IS_UNREADABLE)
		keep_wrong(r, &err);
	if (presence != IS_THERE)
		return;
	if (writers.by_mount) {
		notes_add(r->notes, "%s, and %s is read all the same", writers.what, path);
		return;
	}
	fail(&err, FAULT_SETTINGS_OTHERS, "the settings of %s are not root's alone: %s", path,
		writers.what);
	keep_wrong(r, &err);
}

/* False only when memory is out. */
static bool read_file(struct reading *r, const char *path, bool *ret_found)
{
	struct view text;
	struct error err;

	*ret_found = true;
	if (!source_take(r->source, path + strspn(path, "/"), r->arena, &text, &err)) {
		keep_wrong(r, &err);
		return true;
	}
	*ret_found = text.p != NULL;
	if (*ret_found)
		ask_for_writers(r, path);
	return !*ret_found || assignments_read(&r->all, path, text, r->arena);
}

static bool read_folder(struct reading *r, const char *folder)
{
	const char *const *names;
	struct error err;
	bool ignored;

	if (!source_take_names(r->source, folder + 1, r->arena, &names, &err))
		keep_wrong(r, &err);
	else
		for (size_t i = 0; names && names[i]; i++) {
			const char *path = arena_printf(r->arena, "%s/%s", folder, names[i]);

			if (!path ||
				(settings_part_is_read(names[i]) && !read_file(r, path, &ignored)))
				return false;
		}
	return true;
}

static bool read_given(struct reading *r, const char *path)
{
	struct error missing = { 0 };
	bool found;

	if (!read_file(r, path, &found))
		return false;
	if (!found) {
		fail(&missing, FAULT_FILE_MISSING, "%s is not there", path);
		keep_wrong(r, &missing);
	}
	return true;
}

static bool read_files(struct reading *r, const struct service_request *request)
{
	const struct style_row *style = &styles[request->style];
	bool ignored;

	if (request->file)
		return read_given(r, request->file);
	for (size_t i = 0; style->files[i]; i++)
		if (!read_file(r, style->files[i], &ignored))
			return false;
	return !style->folder || read_folder(r, style->folder);
}

/* "NAME=VALUE" of a setting; what else is in the environment is nobody's business here. */
static bool add_from_environment(struct reading *r, const char *variable)
{
	for (size_t i = 0; i < ROWS; i++) {
		size_t n = strlen(rows[i].name);

		if (strncmp(variable, rows[i].name, n) == 0 && variable[n] == '=')
			return assignments_add(&r->all, "the environment", rows[i].name,
				variable + n + 1, r->arena);
	}
	return true;
}

/* With an environment a line that is not understood is a note: it may mean something to a shell. */
static bool read_environment(struct reading *r, const char *const *environment)
{
	struct error unclear = { 0 };
	bool is_clear = assignments_check(&r->all, &unclear);

	if (!is_clear && environment)
		notes_add(r->notes, "%s", unclear.reason);
	else if (!is_clear)
		keep_wrong(r, &unclear);
	for (size_t i = 0; environment && environment[i]; i++)
		if (!add_from_environment(r, environment[i]))
			return false;
	return true;
}

/* What has no value that can be used has none. */
static void take_values(struct reading *r, const char *ret[static ROWS])
{
	for (size_t i = 0; i < ROWS; i++) {
		struct error err;

		if (!assignments_value(&r->all, rows[i].name, &ret[i], &err)) {
			keep_wrong(r, &err);
			ret[i] = NULL;
		}
		if (!ret[i] || !ret[i][0])
			ret[i] = rows[i].otherwise;
	}
}

/* Settings are in capitals; what is not belongs to a service manager. */
static bool is_capital(const char *name)
{
	return strpbrk(name, "abcdefghijklmnopqrstuvwxyz") == NULL;
}

static bool is_known(const struct assignments *all, const char *name)
{
	bool known = strcmp(name, OFF_SETTING) == 0;

	for (size_t i = 0; i < ROWS && !known; i++)
		known = strcmp(rows[i].name, name) == 0;
	for (size_t i = 0; i < all->used_count && !known; i++)
		known = strcmp(all->used[i], name) == 0;
	return known;
}

/* Somebody meant something by it: "LOAD_EXEC=false" switches nothing off. */
static void note_unknown(struct reading *r)
{
	for (size_t i = 0; i < r->all.count; i++) {
		const struct assignment *a = &r->all.items[i];

		if (a->name && a->line && is_capital(a->name) && !is_known(&r->all, a->name))
			notes_add(r->notes, "%s, line %u: no setting is called %s", a->file,
				a->line, a->name);
	}
}

static bool is_yes(const char *value)
{
	bool yes;

	return assignment_is_yes(value, &yes) && yes;
}

/* For what must be said clearly: a word that is neither leaves all as it is. */
static bool is_no(const char *value)
{
	bool yes;

	return assignment_is_yes(value, &yes) && !yes;
}

/* By name, so that the table may be in any order. */
static const char *value_of(const char *const values[static ROWS], const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return values[i];
	return "";
}

static bool is_wanted(const struct service_settings *s, const char *load_kexec)
{
	switch (styles[s->style].load) {
	case SWITCH_NONE:
		return true;
	case SWITCH_ON:
		return !assignments_find(&s->all, "LOAD_KEXEC") || is_yes(load_kexec);
	case SWITCH_OFF:
		break;
	}
	return is_yes(load_kexec);
}

static const char *off_by(const struct service_settings *s, const char *load_kexec)
{
	if (strcmp(s->image, "-") == 0)
		return strcmp(s->image_by, "KNAME") == 0 ? "KNAME=-" : "KERNEL_IMAGE=-";
	return is_wanted(s, load_kexec) ? NULL : "LOAD_KEXEC is not true";
}

/* What is neither is no, and a note. */
static bool is_yes_or_no(
	const struct reading *r, const char *name, const char *const values[static ROWS])
{
	const char *value = value_of(values, name);
	bool yes = false;

	if (!assignment_is_yes(value, &yes))
		notes_add(r->notes, "%s=%s is neither yes nor no, and taken for no", name, value);
	return yes;
}

/* What is not understood was meant to change something, and nobody knows what: then all stays as without. */
static struct come_back_settings come_back_of(
	const struct reading *r, const char *const values[static ROWS])
{
	const char *on = value_of(values, "COME_BACK"),
		   *within = value_of(values, "COME_BACK_WITHIN");
	const char *confirm = value_of(values, "COME_BACK_CONFIRM");
	struct come_back_settings c = { .is_asked = on[0] != '\0',
		.is_manual = strcmp(confirm, "manual") == 0 };
	uint64_t seconds = 0;

	if (!assignment_is_yes(on[0] ? on : "yes", &c.is_on))
		notes_add(r->notes, "COME_BACK=%s is neither yes nor no, and taken for no", on);
	if (!text_decimal(view_of_string(within), &seconds) || seconds < COME_BACK_LEAST_S ||
		seconds > COME_BACK_MOST_S) {
		notes_add(r->notes, "COME_BACK_WITHIN=%s is not %d to %d seconds: COME_BACK is off",
			within, COME_BACK_LEAST_S, COME_BACK_MOST_S);
		c.is_on = false;
	}
	if (!c.is_manual && strcmp(confirm, "auto") != 0) {
		notes_add(r->notes,
			"COME_BACK_CONFIRM=%s is neither auto nor manual: COME_BACK is off",
			confirm);
		c.is_on = false;
	}
	c.on_lockups = is_yes_or_no(r, "COME_BACK_LOCKUPS", values);
	c.is_strict = is_yes_or_no(r, "COME_BACK_STRICT", values);
	c.within = (unsigned)seconds;
	return c;
}

static void take_hold(const struct reading *r, const char *value, struct service_settings *s)
{
	s->has_hold = value[0] && text_size(view_of_string(value), &s->hold);
	if (value[0] && !s->has_hold)
		notes_add(r->notes, "HOLD=%s is no size, such as 64M, and passed over", value);
}

/* What is neither yes, no nor a size was meant to change something: then nothing is written. */
static struct ready_settings ready_of(const struct reading *r, const char *value)
{
	struct ready_settings s = { 0 };
	bool yes = false;

	if (assignment_is_yes(value, &yes)) {
		s.is_off = !yes;
		return s;
	}
	s.has_most = text_size(view_of_string(value), &s.most);
	s.is_off = !s.has_most;
	if (s.is_off)
		notes_add(r->notes,
			"READY=%s is neither yes, no nor a size, such as 200M, and taken for no",
			value);
	return s;
}

static struct service_settings settings_of(
	const struct reading *r, enum service_style style, const char *const values[static ROWS])
{
	const char *debian = value_of(values, "KERNEL_IMAGE"), *gentoo = value_of(values, "KNAME");
	bool is_debian = debian[0] != '\0';
	const struct assignment *initrd = assignments_find(&r->all, "INITRD");
	struct service_settings s = {
		.style = style,
		.all = r->all,
		.load_during_shutdown = value_of(values, "LOAD_DURING_SHUTDOWN"),
		.options = value_of(values, "KEXEC_OPT_ARGS"),
		.boot = value_of(values, "BOOTPART"),
		.root = value_of(values, "ROOTPART"),
		.image = is_debian ? debian : gentoo,
		.image_by = is_debian ? "KERNEL_IMAGE" : "KNAME",
		.initrd = value_of(values, "INITRD"),
		.parameters = value_of(values, "KPARAM"),
		.command_line = value_of(values, "APPEND"),
		.entry = value_of(values, "ENTRY"),
		.may_mount = !is_yes(value_of(values, "DONT_MOUNT_BOOT")),
		.unbind = value_of(values, "UNBIND"),
		.no_checks = is_no(value_of(values, "CHECKS")),
		.by_boot_loader = is_yes(value_of(values, "USE_GRUB_CONFIG")),
		.come_back = come_back_of(r, values),
		.ready = ready_of(r, value_of(values, "READY")),
	};

	/* An empty INITRD leaves it to us in Gentoo's vocabulary, and means none in Debian's. */
	s.has_no_initrd = strcmp(s.initrd, "-") == 0 || (is_debian && initrd && !s.initrd[0]);
	take_hold(r, value_of(values, "HOLD"), &s);
	s.off_by = off_by(&s, value_of(values, "LOAD_KEXEC"));
	return s;
}

bool service_settings_read(const struct source *source, const struct service_request *request,
	struct notes *notes, struct arena *arena, struct service_settings *ret, struct error *err)
{
	struct reading r = { .source = source, .arena = arena, .notes = notes };
	const char *values[ROWS];

	if (!read_files(&r, request) || !read_environment(&r, request->environment))
		return fail_no_memory(err);
	take_values(&r, values);
	note_unknown(&r);
	*ret = settings_of(&r, request->style, values);
	ret->wrong = r.wrong;
	return true;
}

bool service_settings_check(const struct service_settings *settings, struct error *err)
{
	if (settings->wrong.fault == FAULT_NONE)
		return true;
	*err = settings->wrong;
	return false;
}

bool service_loads_at_shutdown(const struct service_settings *settings)
{
	return is_yes(settings->load_during_shutdown);
}

bool service_looks_for_names(enum service_style style)
{
	return styles[style].looks_for_names;
}
