/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the running kernel is paravirtualised by Xen, and whether it is the domain that has the
 * machine. Linux 4.13 and later say the first in guest_type; before, and for the second, there are the
 * features that Xen tells its guest (xen/include/public/features.h).
 *
 * That domain asks Xen for what is loaded, and for the memory map of the machine, of which it sees but
 * its own part, by addresses of its own. The answers are the file saut/xen:
 *
 *	loaded yes|no
 *	crash_loaded yes|no
 *	memory START SIZE TYPE		an entry of an e820 map, its numbers hexadecimal
 *
 * or "error REASON".
 */
#include "machine/facts.h"

enum {
	FEATURE_TRANSLATED = 1 << 2, /* XENFEAT_auto_translated_physmap: all kinds but PV */
	FEATURE_DOM0 = 1 << 11,      /* XENFEAT_dom0 */
};

struct grounds {
	enum answer pv, dom0;
	bool is_xen;
	const char *why; /* pv is unknown */
};

/* One file, trimmed: p is NULL where it is absent. False, and why, where it cannot be read. */
static bool take(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, const char **ret_why)
{
	struct error err;

	if (!source_take(source, path, arena, ret, &err)) {
		*ret_why = arena_string(arena, view_of_string(err.reason));
		if (!*ret_why)
			*ret_why = "out of memory";
		return false;
	}
	if (ret->p)
		*ret = text_trim(*ret);
	return true;
}

/* The last eight digits of what may be several words are the features that are looked for. */
static bool features_of(struct view text, uint64_t *ret)
{
	enum { DIGITS = 8 };

	if (text.n > DIGITS)
		text = (struct view){ text.p + text.n - DIGITS, DIGITS };
	return text_hex(text, ret);
}

static void judge_type(struct view type, struct grounds *g)
{
	if (text_is(type, "PV"))
		g->pv = ANSWER_YES;
	else if (text_is(type, "HVM") || text_is(type, "PVH") || text_is(type, "Xen"))
		g->pv = ANSWER_NO;
	else
		g->why = "/sys/hypervisor/guest_type names a kind that is not known here";
}

static void judge_features(struct view text, struct grounds *g)
{
	uint64_t features;

	if (!features_of(text, &features)) {
		g->why = "/sys/hypervisor/properties/features is no number";
		return;
	}
	if (g->pv == ANSWER_UNKNOWN)
		g->pv = features & FEATURE_TRANSLATED ? ANSWER_NO : ANSWER_YES;
	g->dom0 = features & FEATURE_DOM0 ? ANSWER_YES : ANSWER_NO;
}

/* /proc/xen is there under Xen alone, be xenfs mounted on it or not. */
static bool is_under_xen(
	const struct source *source, struct arena *arena, bool *ret, const char **ret_why)
{
	const char *const *names;
	struct error err;
	struct view type;

	if (!take(source, "sys/hypervisor/type", arena, &type, ret_why))
		return false;
	if (!source_take_names(source, "proc/xen", arena, &names, &err)) {
		*ret_why = "/proc/xen cannot be read";
		return false;
	}
	*ret = names || (type.p && text_is(type, "xen"));
	return true;
}

static bool ask_type(const struct source *source, struct arena *arena, struct grounds *g)
{
	struct view type;

	if (!take(source, "sys/hypervisor/guest_type", arena, &type, &g->why))
		return false;
	if (type.p)
		judge_type(type, g);
	return !g->why;
}

static bool ask_features(const struct source *source, struct arena *arena, struct grounds *g)
{
	struct view features;

	if (!take(source, "sys/hypervisor/properties/features", arena, &features, &g->why))
		return false;
	if (features.p)
		judge_features(features, g);
	return !g->why;
}

static bool ask_for_xen(const struct source *source, struct arena *arena, struct grounds *g)
{
	bool is_xen;

	if (!is_under_xen(source, arena, &is_xen, &g->why))
		return false;
	if (is_xen)
		g->why = "neither guest_type nor properties/features is in /sys/hypervisor";
	else
		g->pv = ANSWER_NO;
	return !is_xen;
}

/* What cannot be read, or is not there, counts as no. */
static bool has_control(const struct source *source, struct arena *arena)
{
	return text_has_word(fact_text(source, arena, "proc/xen/capabilities"), "control_d");
}

/* Each file decides only what the ones before it have left open. */
static bool gather(const struct source *source, struct arena *arena, struct grounds *g)
{
	if (!ask_type(source, arena, g))
		return false;
	if (g->pv == ANSWER_NO)
		return true;
	if (!ask_features(source, arena, g) && g->pv == ANSWER_UNKNOWN)
		return false;
	if (g->pv == ANSWER_UNKNOWN)
		return ask_for_xen(source, arena, g);
	if (g->dom0 == ANSWER_UNKNOWN && has_control(source, arena))
		g->dom0 = ANSWER_YES;
	return true;
}

static enum answer told_answer(struct view told, const char *key)
{
	struct view value;

	if (!text_value(told, key, ' ', &value))
		return ANSWER_UNKNOWN;
	if (text_is(value, "yes"))
		return ANSWER_YES;
	return text_is(value, "no") ? ANSWER_NO : ANSWER_UNKNOWN;
}

static const char *refusal_in(struct view told, struct arena *arena)
{
	struct view reason;
	const char *text;

	if (!text_value(told, "error", ' ', &reason))
		return NULL;
	text = arena_string(arena, reason);
	return text ? text : "out of memory";
}

static struct xen_pv ask_xen(const struct source *source, struct arena *arena)
{
	struct xen_pv xen = { .kind = XEN_PV_DOM0 };
	struct view told;

	if (!take(source, "saut/xen", arena, &told, &xen.why))
		return xen;
	if (!told.p)
		xen.why = "its answers are not there (saut/xen)";
	else
		xen.why = refusal_in(told, arena);
	if (xen.why)
		return xen;
	xen.told = told;
	xen.loaded = told_answer(told, "loaded");
	xen.crash_loaded = told_answer(told, "crash_loaded");
	return xen;
}

struct xen_pv xen_pv_capture(const struct source *source, struct arena *arena)
{
	struct grounds g = { 0 };

	if (!gather(source, arena, &g))
		return (struct xen_pv){ .kind = XEN_PV_UNKNOWN, .why = g.why };
	if (g.pv == ANSWER_NO)
		return (struct xen_pv){ .kind = XEN_PV_NONE };
	if (g.dom0 != ANSWER_YES)
		return (struct xen_pv){ .kind = XEN_PV_GUEST };
	return ask_xen(source, arena);
}
