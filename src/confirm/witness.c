/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "confirm/witness.h"

#include <string.h>

#include "confirm/cards.h"
#include "confirm/gateway.h"
#include "confirm/kinds.h"
#include "confirm/persons.h"
#include "machine/text.h"

const struct witness_kind witness_kinds[WITNESS_KINDS] = {
	{ "mount", "the file system", "is not mounted", WEIGHT_CERTAIN },
	{ "extra", "the file system", "is not mounted", WEIGHT_DOUBTFUL },
	{ "link", "the network card", "has no carrier", WEIGHT_OF_NETWORK },
	{ "route4", "the default route by", "is not there", WEIGHT_OF_NETWORK },
	{ "route6", "the default route by", "is not there", WEIGHT_OF_NETWORK },
	{ "answers4", "the gateway", "does not answer", WEIGHT_OF_NETWORK },
	{ "answers6", "the gateway", "does not answer", WEIGHT_OF_NETWORK },
	{ "target", "the target", "is not reached", WEIGHT_OF_CHECKS },
	{ "service", "the service", "does not run", WEIGHT_DOUBTFUL },
};

struct taking {
	const struct source *source;
	struct arena *arena;
	struct witness w;
	bool is_out_of_memory;
};

bool witness_add(struct witness *w, const char *line, struct arena *arena)
{
	const char **grown;

	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->lines[i], line) == 0)
			return true;
	if (w->count == WITNESS_MAX)
		return true;
	grown = arena_grow(arena, w->lines, w->count, sizeof *w->lines);
	if (!grown)
		return false;
	w->lines = grown;
	w->lines[w->count++] = line;
	return true;
}

/* A name with a blank or a control character in it cannot stand in a line, and is left out. */
static void take(struct taking *t, const char *kind, const char *name, const char *detail)
{
	const char *line;

	for (const char *c = name; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return;
	line = arena_printf(t->arena, "%s %s%s%s", kind, name, detail[0] ? " " : "", detail);
	if (!line || !witness_add(&t->w, line, t->arena))
		t->is_out_of_memory = true;
}

static bool is_mounted(const struct taking *t, struct view point)
{
	struct view text, row, device, at;

	if (!source_read(t->source, "proc/mounts", t->arena, &text))
		return false;
	while (text_line(&text, &row))
		if (text_word(&row, &device) && text_word(&row, &at) && at.n == point.n &&
			memcmp(at.p, point.p, at.n) == 0)
			return true;
	return false;
}

/* fstab(5): WHAT POINT TYPE OPTIONS. What is mounted on demand may or may not be. */
static bool is_expected(struct view options)
{
	return !text_has_option(options, "noauto") &&
		!text_has_option(options, "x-systemd.automount");
}

/* A server that is not there is no fault of the kernel's; nor is a disk that may be missing. */
static bool is_needed(struct view type, struct view options)
{
	static const char *const of_network[] = { "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph",
		"glusterfs", "lustre", "ocfs2", "gfs2", "9p", "virtiofs", "afs", "davfs",
		"beegfs" };

	for (size_t i = 0; i < sizeof of_network / sizeof *of_network; i++)
		if (text_is(type, of_network[i]))
			return false;
	return !text_has_option(options, "nofail") && !text_has_option(options, "_netdev") &&
		!view_has_at(type, 0, "fuse");
}

static void take_mounts(struct taking *t)
{
	struct view text, row, what, point, type, options;

	if (!source_read(t->source, "etc/fstab", t->arena, &text))
		return;
	while (text_line(&text, &row)) {
		const char *name;

		if (!text_word(&row, &what) || view_has_at(what, 0, "#") ||
			!text_word(&row, &point) || !view_has_at(point, 0, "/") ||
			!text_word(&row, &type))
			continue;
		if (!text_word(&row, &options))
			options = view_of_string("");
		name = arena_string(t->arena, point);
		if (!name || !is_expected(options) || !is_mounted(t, point))
			continue;
		if (is_needed(type, options))
			take(t, "mount", name, "");
		else
			take(t, "extra", name, "");
	}
}

static const char *attribute(const struct taking *t, const char *card, const char *name)
{
	const char *path = arena_printf(t->arena, "sys/class/net/%s/%s", card, name), *value;
	struct view text;

	if (!path || !source_read(t->source, path, t->arena, &text))
		return "";
	value = arena_string(t->arena, text_trim(text));
	return value ? value : "";
}

/* Cards may be called otherwise by the next kernel; an address that is made up changes as well. */
static void take_links(struct taking *t)
{
	const char *const *cards;

	if (!source_list(t->source, "sys/class/net", t->arena, &cards))
		return;
	for (size_t i = 0; cards[i]; i++) {
		const char *device = arena_printf(t->arena, "sys/class/net/%s/device", cards[i]);
		const char *kind = attribute(t, cards[i], "addr_assign_type");
		const char *const *ignored;

		if (device && source_list(t->source, device, t->arena, &ignored) &&
			strcmp(attribute(t, cards[i], "carrier"), "1") == 0 &&
			(strcmp(kind, "0") == 0 || strcmp(kind, "3") == 0))
			take(t, "link", attribute(t, cards[i], "address"), cards[i]);
	}
}

static void take_routes(struct taking *t)
{
	struct gateway gateways[GATEWAYS_MAX];
	size_t n = gateways_find(t->source, t->arena, gateways);

	for (size_t i = 0; i < n; i++)
		take(t, gateways[i].is_ipv6 ? "route6" : "route4", gateways[i].text,
			gateways[i].device);
}

static bool says(const struct taking *t, const char *path, const char *wanted)
{
	struct view text, line;

	if (!path || !source_read(t->source, path, t->arena, &text))
		return false;
	while (text_line(&text, &line))
		if (text_is(text_trim(line), wanted))
			return true;
	return false;
}

/* Control groups of a service with a process in it, in either of systemd's layouts. */
static bool runs_by_systemd(const struct taking *t, const char *unit)
{
	static const char *const roots[] = { "sys/fs/cgroup", "sys/fs/cgroup/unified" };

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (says(t,
			    arena_printf(
				    t->arena, "%s/system.slice/%s/cgroup.events", roots[i], unit),
			    "populated 1"))
			return true;
	return false;
}

static bool runs_by_openrc(const struct taking *t, const char *service)
{
	const char *path = arena_printf(t->arena, "run/openrc/started/%s", service);
	struct view text;

	return path && source_read(t->source, path, t->arena, &text);
}

static bool runs_by_runit(const struct taking *t, const char *service)
{
	return says(t, arena_printf(t->arena, "var/service/%s/supervise/stat", service), "run");
}

/* Where an init keeps what it is to start, and how a service of it is seen to run. */
static const struct {
	enum init init;
	const char *folder;
	bool (*runs)(const struct taking *t, const char *service);
} enabled[] = {
	{ INIT_SYSTEMD, "etc/systemd/system/multi-user.target.wants", runs_by_systemd },
	{ INIT_SYSTEMD, "etc/systemd/system/graphical.target.wants", runs_by_systemd },
	{ INIT_SYSTEMD, "etc/systemd/system/network-online.target.wants", runs_by_systemd },
	{ INIT_SYSTEMD, "etc/systemd/system/sysinit.target.wants", runs_by_systemd },
	{ INIT_OPENRC, "etc/runlevels/boot", runs_by_openrc },
	{ INIT_OPENRC, "etc/runlevels/default", runs_by_openrc },
	{ INIT_OPENRC_INIT, "etc/runlevels/boot", runs_by_openrc },
	{ INIT_OPENRC_INIT, "etc/runlevels/default", runs_by_openrc },
	{ INIT_RUNIT, "var/service", runs_by_runit },
};

/* Our own ones: they begin and end with what is asked here. */
static bool is_ours(const char *service)
{
	return strncmp(service, "saut-", 5) == 0 || strncmp(service, "kexec", 5) == 0;
}

static void take_services(struct taking *t, enum init init)
{
	for (size_t i = 0; i < sizeof enabled / sizeof *enabled; i++) {
		const char *const *names;

		if (enabled[i].init != init ||
			!source_list(t->source, enabled[i].folder, t->arena, &names))
			continue;
		for (size_t k = 0; names[k]; k++)
			if (!is_ours(names[k]) && enabled[i].runs(t, names[k]))
				take(t, "service", names[k], "");
	}
}

bool witness_take(
	const struct source *source, enum init init, struct arena *arena, struct witness *ret)
{
	struct taking t = { .source = source, .arena = arena };

	take_mounts(&t);
	take_links(&t);
	take_routes(&t);
	take_services(&t, init);
	t.w.is_reached = cards_have_neighbour(source, arena);
	t.w.has_person = is_somebody_logged_in(source, arena);
	*ret = t.w;
	return !t.is_out_of_memory;
}

#define CABLED "cabled"

const char *witness_text(const struct witness *w, struct arena *arena)
{
	size_t room = 1 + sizeof CABLED, used = 0;
	char *text;

	for (size_t i = 0; i < w->count; i++)
		room += strlen(w->lines[i]) + 1;
	text = arena_alloc(arena, room);
	for (size_t i = 0; text && i < w->count; i++) {
		size_t n = strlen(w->lines[i]);

		memcpy(text + used, w->lines[i], n);
		used += n;
		text[used++] = '\n';
	}
	if (text && w->is_cabled)
		memcpy(text + used, CABLED "\n", sizeof CABLED);
	return text;
}

static bool is_of_a_kind(struct view line)
{
	struct view kind, name;

	if (!text_word(&line, &kind) || !text_word(&line, &name))
		return false;
	for (size_t i = 0; i < WITNESS_KINDS; i++)
		if (text_is(kind, witness_kinds[i].name))
			return true;
	return false;
}

bool witness_parse(struct view text, struct arena *arena, struct witness *ret)
{
	struct witness w = { 0 };
	struct view line;

	while (text_line(&text, &line)) {
		const char *s = is_of_a_kind(line) ? arena_string(arena, line) : NULL;

		w.is_cabled |= text_is(text_trim(line), CABLED);
		if (is_of_a_kind(line) && (!s || !witness_add(&w, s, arena)))
			return false;
	}
	*ret = w;
	return true;
}
