/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linux, net/ipv4/fib_trie.c and net/ipv6/route.c: what the columns of those files are. */
#include "confirm/gateway.h"

#include <string.h>

#include "machine/text.h"

enum {
	ROUTE_IS_UP = 1,
	ROUTE_REJECTS = 0x200,
	COLUMNS = 10,
	IPV6_DIGITS = 32,
};

static size_t columns_of(struct view row, struct view ret[static COLUMNS])
{
	size_t n = 0;

	while (n < COLUMNS && text_word(&row, &ret[n]))
		n++;
	return n;
}

/* A number in the machine's own order whose bytes in memory are the address. */
static bool ipv4_of(struct view word, uint8_t ret[static 4])
{
	uint64_t value;
	uint32_t v;

	if (!text_hex(word, &value) || value > UINT32_MAX)
		return false;
	v = (uint32_t)value;
	memcpy(ret, &v, sizeof v);
	return true;
}

/* Its 16 bytes one after the other. */
static bool ipv6_of(struct view word, uint8_t ret[static 16])
{
	if (word.n != IPV6_DIGITS)
		return false;
	for (size_t i = 0; i < 16; i++) {
		uint64_t byte;

		if (!text_hex((struct view){ word.p + 2 * i, 2 }, &byte))
			return false;
		ret[i] = (uint8_t)byte;
	}
	return true;
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

static bool is_number(struct view word, uint64_t value)
{
	uint64_t v;

	return text_hex(word, &v) && v == value;
}

static const char *ipv4_text(const uint8_t *a, struct arena *arena)
{
	return arena_printf(arena, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

/* All eight groups: it is compared, and read by people only when it is missing. */
static const char *ipv6_text(const uint8_t *a, struct arena *arena)
{
	const char *s = "";

	for (size_t i = 0; s && i < 16; i += 2)
		s = arena_printf(arena, "%s%s%x", s, i ? ":" : "", a[i] << 8 | a[i + 1]);
	return s;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT */
static bool parse_ipv4(struct view row, struct arena *arena, struct gateway *ret)
{
	struct view c[COLUMNS];
	struct gateway g = { 0 };
	uint64_t flags;

	if (columns_of(row, c) < 8 || !is_number(c[1], 0) || !is_number(c[7], 0) ||
		!ipv4_of(c[2], g.address) || !text_hex(c[3], &flags) || !(flags & ROUTE_IS_UP) ||
		(flags & ROUTE_REJECTS))
		return false;
	g.text = is_zero(g.address, 4) ? "direct" : ipv4_text(g.address, arena);
	g.device = arena_string(arena, c[0]);
	*ret = g;
	return g.text && g.device;
}

/* destination length source length gateway metric references use flags device */
static bool parse_ipv6(struct view row, struct arena *arena, struct gateway *ret)
{
	struct gateway g = { .is_ipv6 = true };
	uint8_t destination[16];
	struct view c[COLUMNS];
	uint64_t flags;

	if (columns_of(row, c) < COLUMNS || !ipv6_of(c[0], destination) ||
		!is_zero(destination, 16) || !is_number(c[1], 0) || !ipv6_of(c[4], g.address) ||
		!text_hex(c[8], &flags) || !(flags & ROUTE_IS_UP) || (flags & ROUTE_REJECTS) ||
		text_is(c[9], "lo"))
		return false;
	g.text = is_zero(g.address, 16) ? "direct" : ipv6_text(g.address, arena);
	g.device = arena_string(arena, c[9]);
	*ret = g;
	return g.text && g.device;
}

static bool is_known(const struct gateway *all, size_t n, const struct gateway *g)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].is_ipv6 == g->is_ipv6 && strcmp(all[i].text, g->text) == 0 &&
			strcmp(all[i].device, g->device) == 0)
			return true;
	return false;
}

size_t gateways_find(
	const struct source *source, struct arena *arena, struct gateway ret[static GATEWAYS_MAX])
{
	static const struct {
		const char *file;
		bool (*parse)(struct view row, struct arena *arena, struct gateway *ret);
	} tables[] = { { "proc/net/route", parse_ipv4 }, { "proc/net/ipv6_route", parse_ipv6 } };
	size_t n = 0;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct view text, row;

		if (!source_read(source, tables[i].file, arena, &text))
			continue;
		while (n < GATEWAYS_MAX && text_line(&text, &row))
			if (tables[i].parse(row, arena, &ret[n]) && !is_known(ret, n, &ret[n]))
				n++;
	}
	return n;
}

bool gateway_is_neighbour(const struct gateway *gateway)
{
	return !is_zero(gateway->address, sizeof gateway->address);
}
