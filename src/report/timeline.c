/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/timeline.h"

#include "base/arith.h"

enum {
	SECOND_US = 1000000,
	WALL_SLACK_US = 2 *
		SECOND_US, /* a battery clock has whole seconds, and is read and set once each */
	EVEN_PERCENT = 1,  /* by which a counter that runs evenly may seem not to */
};

/* Longer than any reboot; what is further apart belongs to clocks that have nothing to do with each other. */
#define REBOOT_MOST_US (UINT64_C(7) * 24 * 3600 * SECOND_US)

/* What the parts of one making share. */
struct making {
	const struct timeline_stamps *in;
	struct timeline *out;
	const struct stamp *anchor;       /* of the boot that began; NULL: none */
	const struct stamp *first, *last; /* that were recorded; NULL: none */
	enum moment last_moment;
	bool has_zero_ticks; /* the counter at the 0 of the new kernel's clock */
	uint64_t zero_ticks;
};

/* ret = b - a, unless that is none. */
static bool apart(uint64_t a, uint64_t b, uint64_t *ret)
{
	if (b < a || b - a > REBOOT_MOST_US)
		return false;
	*ret = b - a;
	return true;
}

/* Ticks are so many per millisecond. */
static bool ticks_apart(const struct making *m, uint64_t a, uint64_t b, uint64_t *ret)
{
	uint64_t scaled;

	if (!m->out->khz || b < a || !ck_mul(b - a, 1000, &scaled) ||
		scaled / m->out->khz > REBOOT_MOST_US)
		return false;
	*ret = scaled / m->out->khz;
	return true;
}

uint64_t timeline_khz_between(const struct stamp *a, const struct stamp *b)
{
	uint64_t scaled;

	if (!a || !b || !a->is_known || !b->is_known || !a->ticks || b->ticks <= a->ticks ||
		b->boot_us < a->boot_us || b->boot_us - a->boot_us < SECOND_US ||
		!ck_mul(b->ticks - a->ticks, 1000, &scaled))
		return 0;
	return scaled / (b->boot_us - a->boot_us);
}

static bool is_about(uint64_t a, uint64_t b)
{
	const uint64_t more = max_u64(a, b), less = min_u64(a, b);

	return more - less <= more / 100 * EVEN_PERCENT;
}

static void find_recorded(struct making *m)
{
	for (size_t i = 0; i < MOMENTS_RECORDED; i++) {
		const struct stamp *s = &m->in->recorded[i];

		if (!s->is_known)
			continue;
		if (!m->first || s->boot_us < m->first->boot_us)
			m->first = s;
		if (!m->last || s->boot_us >= m->last->boot_us) {
			m->last = s;
			m->last_moment = (enum moment)i;
		}
	}
}

/* Measured in this boot, in the other, else as it is told. */
static void find_khz(struct making *m)
{
	const uint64_t here = timeline_khz_between(&m->in->early, &m->in->now);
	const uint64_t there = timeline_khz_between(m->first, m->last);

	m->out->khz = here ? here : m->in->told_khz ? m->in->told_khz : there;
	if (here && there && !is_about(here, there)) {
		m->out->khz = 0;
		notes_add(&m->out->notes,
			"the CPU's counter ran at %llu kHz before the reboot and at %llu kHz after it: nothing is told by it",
			(unsigned long long)there, (unsigned long long)here);
	}
}

/* The earlier a stamp, the less it matters how well the counter's frequency is known. */
static void find_zero(struct making *m)
{
	const struct stamp *a = m->in->early.is_known ? &m->in->early
		: m->in->now.is_known                 ? &m->in->now
						      : NULL;
	uint64_t ticks;

	m->anchor = a;
	if (!a || !a->ticks || !m->out->khz || !ck_mul(a->boot_us, m->out->khz, &ticks) ||
		ticks / 1000 > a->ticks)
		return;
	m->has_zero_ticks = true;
	m->zero_ticks = a->ticks - ticks / 1000;
}

static void put(struct making *m, enum moment moment, enum timeline_clock clock, uint64_t us)
{
	m->out->moments[moment] = (struct timeline_moment){ clock, us };
}

static void put_recorded(struct making *m)
{
	for (size_t i = 0; m->first && i < MOMENTS_RECORDED; i++) {
		const struct stamp *s = &m->in->recorded[i];
		uint64_t us;

		if (s->is_known && apart(m->first->boot_us, s->boot_us, &us))
			put(m, (enum moment)i, TIMELINE_OWN, us);
	}
}

/* From the 0 of the timeline to where the stub was entered. */
static bool find_stub(struct making *m, uint64_t *ret)
{
	const struct stamp *last = m->last;
	uint64_t since, before;

	if (!m->in->has_stub || !m->out->khz)
		return false;
	*ret = 0;
	if (!last)
		return true;
	if (!last->ticks)
		return false;
	if (!ticks_apart(m, last->ticks, m->in->entered, &since)) {
		notes_add(&m->out->notes,
			"the CPU's counter was set back before the stub, or is not the same any more");
		return false;
	}
	if (!apart(m->first->boot_us, last->boot_us, &before))
		return false;
	*ret = before + since;
	return true;
}

static bool put_stub(struct making *m)
{
	const struct timeline_stamps *in = m->in;
	uint64_t at, checked, gone;

	if (!find_stub(m, &at))
		return false;
	if (!ticks_apart(m, in->entered, in->verified, &checked) ||
		!ticks_apart(m, in->entered, in->left, &gone) || gone < checked) {
		notes_add(&m->out->notes, "what the stub has written down is in no order");
		return false;
	}
	put(m, MOMENT_STUB_ENTERED, TIMELINE_COUNTER, at);
	if (in->is_verified)
		put(m, MOMENT_STUB_VERIFIED, TIMELINE_COUNTER, at + checked);
	put(m, MOMENT_KERNEL_ENTERED, TIMELINE_COUNTER, at + gone);
	return true;
}

/* Where the new kernel's clock begins, by the counter: from the stub on, else from the last record. */
static bool zero_by_counter(const struct making *m, bool has_stub, uint64_t *ret)
{
	uint64_t since, before;

	if (!m->has_zero_ticks)
		return false;
	if (has_stub && ticks_apart(m, m->in->left, m->zero_ticks, &since)) {
		*ret = m->out->moments[MOMENT_KERNEL_ENTERED].us + since;
		return true;
	}
	if (has_stub || !m->last || !m->last->ticks ||
		!apart(m->first->boot_us, m->last->boot_us, &before) ||
		!ticks_apart(m, m->last->ticks, m->zero_ticks, &since))
		return false;
	*ret = before + since;
	return true;
}

static bool zero_by_wall(const struct making *m, uint64_t *ret)
{
	uint64_t zero, since, before;

	if (!m->last || !m->anchor || m->anchor->wall_us < m->anchor->boot_us)
		return false;
	zero = m->anchor->wall_us - m->anchor->boot_us;
	/* A second may be missing at its end. */
	if (zero < m->last->wall_us && m->last->wall_us - zero <= SECOND_US)
		zero = m->last->wall_us;
	if (!apart(m->last->wall_us, zero, &since) ||
		!apart(m->first->boot_us, m->last->boot_us, &before))
		return false;
	*ret = before + since;
	return true;
}

/* Where something lies by one clock. */
struct place {
	bool is_known;
	uint64_t us;
};

static uint64_t places_apart(const struct place *a, const struct place *b)
{
	return a->us > b->us ? a->us - b->us : b->us - a->us;
}

static void tell_clocks(struct making *m, const struct place *counter, const struct place *wall)
{
	const uint64_t set = places_apart(counter, wall);

	if (m->last && m->anchor && !wall->is_known)
		notes_add(&m->out->notes,
			"by the wall clock this boot did not begin right after the last one: it was set");
	else if (counter->is_known && wall->is_known && set > WALL_SLACK_US)
		notes_add(&m->out->notes,
			wall->us > counter->us
				? "the wall clock was set forward by about %llu s between the boots"
				: "the wall clock was set back by about %llu s between the boots",
			(unsigned long long)(set / SECOND_US));
}

/* The counter goes on where a kernel was jumped into; a reset may set it to 0, or not. */
static bool put_zero(struct making *m, bool has_stub)
{
	struct place counter = { 0 }, wall = { 0 };

	counter.is_known = zero_by_counter(m, has_stub, &counter.us);
	wall.is_known = zero_by_wall(m, &wall.us);
	if (!has_stub && counter.is_known && wall.is_known &&
		places_apart(&counter, &wall) > WALL_SLACK_US)
		counter.is_known = false;
	else
		tell_clocks(m, &counter, &wall);
	if (counter.is_known)
		put(m, MOMENT_KERNEL_CLOCK, TIMELINE_COUNTER, counter.us);
	else if (wall.is_known && wall.us >= m->out->moments[MOMENT_KERNEL_ENTERED].us)
		put(m, MOMENT_KERNEL_CLOCK, TIMELINE_WALL_CLOCK, wall.us);
	else
		return false;
	return true;
}

static void put_new(struct making *m, enum moment moment, struct own_time t)
{
	if (t.is_known && t.us <= REBOOT_MOST_US)
		put(m, moment, TIMELINE_OWN, m->out->moments[MOMENT_KERNEL_CLOCK].us + t.us);
}

struct timeline timeline_make(const struct timeline_stamps *stamps, struct arena *arena)
{
	struct timeline t = { .notes.arena = arena };
	struct making m = { .in = stamps, .out = &t };
	bool has_stub;

	find_recorded(&m);
	find_khz(&m);
	find_zero(&m);
	put_recorded(&m);
	has_stub = put_stub(&m);
	t.is_joined = put_zero(&m, has_stub) || (!m.first && !has_stub);
	if (t.moments[MOMENT_KERNEL_CLOCK].clock == TIMELINE_NONE && m.anchor)
		put(&m, MOMENT_KERNEL_CLOCK, TIMELINE_OWN, 0);
	put_new(&m, MOMENT_INIT, stamps->init);
	put_new(&m, MOMENT_ROOT, stamps->root);
	put_new(&m, MOMENT_SYSTEM, stamps->system);
	put_new(&m, MOMENT_FINISHED, stamps->finished);
	return t;
}

static bool is_known(const struct timeline *t, enum moment moment)
{
	return t->moments[moment].clock != TIMELINE_NONE;
}

static bool in_one_boot(const struct timeline *t, enum moment a, enum moment b)
{
	return t->is_joined || (a < MOMENT_KERNEL_CLOCK) == (b < MOMENT_KERNEL_CLOCK);
}

/* Of two at the same time the later one of the list comes later. */
static bool is_earlier(const struct timeline *t, enum moment a, enum moment b)
{
	const uint64_t x = t->moments[a].us, y = t->moments[b].us;

	if (!in_one_boot(t, a, b))
		return a < b;
	return x < y || (x == y && a < b);
}

bool timeline_before(const struct timeline *t, enum moment moment, enum moment *ret)
{
	bool found = false;

	for (unsigned i = 0; i < MOMENTS; i++) {
		const enum moment other = (enum moment)i;

		if (!is_known(t, other) || !is_earlier(t, other, moment) ||
			(found && is_earlier(t, other, *ret)))
			continue;
		*ret = other;
		found = true;
	}
	return found;
}

bool timeline_between(const struct timeline *t, enum moment from, enum moment to, uint64_t *ret)
{
	if (!is_known(t, from) || !is_known(t, to) || !in_one_boot(t, from, to) ||
		t->moments[to].us < t->moments[from].us)
		return false;
	*ret = t->moments[to].us - t->moments[from].us;
	return true;
}

bool timeline_ends(const struct timeline *t, enum moment *ret_first, enum moment *ret_last)
{
	bool found = false;

	for (unsigned i = 0; i < MOMENTS; i++) {
		const enum moment moment = (enum moment)i;

		if (!is_known(t, moment))
			continue;
		if (!found || is_earlier(t, moment, *ret_first))
			*ret_first = moment;
		if (!found || is_earlier(t, *ret_last, moment))
			*ret_last = moment;
		found = true;
	}
	return found;
}
