/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rtnetlink(7); <linux/rtnetlink.h>, <linux/if_addr.h>, <linux/neighbour.h> and <linux/nexthop.h> say what
 * is where.
 */
#include "sys/network-items.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	ADD = NLM_F_CREATE | NLM_F_EXCL,
	/* Two of one destination and priority are possible: in the order in which they were listed. */
	ADD_BEHIND = NLM_F_CREATE | NLM_F_APPEND,
	/* A group may still be there, without those of its members whose interface went down. */
	ADD_OR_REPLACE = NLM_F_CREATE | NLM_F_REPLACE,
};

/* Attributes of nexthops that are only told, of <linux/nexthop.h> since Linux 6.9. */
enum { TOLD_OP_FLAGS = 14, TOLD_GROUP_STATS = 15, TOLD_HW_STATS_USED = 17 };

static bool is_ip(int family)
{
	return family == AF_INET || family == AF_INET6;
}

static bool is_up(const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);

	return link->ifi_flags & IFF_UP && !(link->ifi_flags & IFF_LOOPBACK);
}

/* Of an interface only one thing is set again: that it is up. */
static void amend_link(struct nlmsghdr *message)
{
	struct ifinfomsg *link = NLMSG_DATA(message);

	*link = (struct ifinfomsg){
		.ifi_index = link->ifi_index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP
	};
	message->nlmsg_len = NLMSG_LENGTH(sizeof *link);
}

static bool is_address(const struct nlmsghdr *message)
{
	return is_ip(((const struct ifaddrmsg *)NLMSG_DATA(message))->ifa_family);
}

static void amend_nothing(struct nlmsghdr *message)
{
	(void)message;
}

/* Neighbours that are not static are found again by asking. */
static bool is_static_neighbour(const struct nlmsghdr *message)
{
	const struct ndmsg *neighbour = NLMSG_DATA(message);

	return is_ip(neighbour->ndm_family) && neighbour->ndm_state & NUD_PERMANENT;
}

/* Those of the kernel's own come by themselves, with the interface and its addresses. */
static bool is_route(const struct nlmsghdr *message)
{
	const struct rtmsg *route = NLMSG_DATA(message);

	return is_ip(route->rtm_family) && route->rtm_protocol != RTPROT_KERNEL &&
		!(route->rtm_flags & RTM_F_CLONED);
}

/* What the flags say of the interface's state is the kernel's to know. */
static void forget_state(struct rtattr *multipath)
{
	struct rtnexthop *hop = RTA_DATA(multipath);
	int left = (int)RTA_PAYLOAD(multipath);

	while (RTNH_OK(hop, left)) {
		hop->rtnh_flags &= RTNH_F_ONLINK;
		left -= RTNH_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

/* A route with an end, as routers announce it, is listed with the ticks that are left. */
static void add_end(struct nlmsghdr *message, const struct rtattr *cache)
{
	const struct rta_cacheinfo *info = RTA_DATA(cache);
	struct rtattr *end = (void *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));
	long ticks = sysconf(_SC_CLK_TCK);

	if (RTA_PAYLOAD(cache) < sizeof *info || info->rta_expires <= 0 || ticks <= 0)
		return;
	*end = (struct rtattr){ RTA_LENGTH(sizeof(uint32_t)), RTA_EXPIRES };
	*(uint32_t *)RTA_DATA(end) = (uint32_t)(info->rta_expires / ticks + 1);
	message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_SPACE(sizeof(uint32_t));
}

static bool is_one_of(unsigned type, const uint8_t *types)
{
	for (; *types; types++)
		if ((type & NLA_TYPE_MASK) == *types)
			return true;
	return false;
}

/* Leaves out those of these types, which a zero ends; returns how many bytes are left. */
static size_t leave_out(struct rtattr *first, size_t size, const uint8_t *types)
{
	int left = (int)size;
	char *to = (char *)first, *end = to + size;
	struct rtattr *next;

	for (struct rtattr *a = first; RTA_OK(a, left); a = next) {
		size_t n = RTA_ALIGN(a->rta_len), rest = (size_t)(end - (char *)a);

		next = RTA_NEXT(a, left);
		if (is_one_of(a->rta_type, types))
			continue;
		n = n < rest ? n : rest;
		memmove(to, a, n);
		to += n;
	}
	return (size_t)(to - (char *)first);
}

static struct rtattr *attributes(const struct nlmsghdr *message, size_t header)
{
	return (struct rtattr *)((char *)NLMSG_DATA(message) + NLMSG_ALIGN(header));
}

static void leave_out_of(struct nlmsghdr *message, size_t header, const uint8_t *types)
{
	size_t before = NLMSG_SPACE(header);

	if (message->nlmsg_len > before)
		message->nlmsg_len = (uint32_t)(before +
			leave_out(attributes(message, header), message->nlmsg_len - before, types));
}

static bool is_nexthop(const struct nlmsghdr *message)
{
	(void)message;
	return true;
}

/* How long a resilient group has been out of balance is told, and not asked for. */
static void amend_resilient(struct rtattr *group)
{
	static const uint8_t told[] = { NHA_RES_GROUP_UNBALANCED_TIME, 0 };
	size_t size = leave_out(RTA_DATA(group), RTA_PAYLOAD(group), told);
	unsigned short length = (unsigned short)RTA_LENGTH(size);

	/* What is behind it stays where it is: the room left is an attribute of padding. */
	if (length < group->rta_len) {
		struct rtattr *rest = (void *)((char *)group + RTA_ALIGN(length));

		*rest = (struct rtattr){ (unsigned short)(group->rta_len - length), TOLD_OP_FLAGS };
		group->rta_len = length;
	}
}

static void amend_nexthop(struct nlmsghdr *message)
{
	static const uint8_t told[] = { TOLD_OP_FLAGS, TOLD_GROUP_STATS, TOLD_HW_STATS_USED, 0 };
	struct nhmsg *nexthop = NLMSG_DATA(message);
	int left = (int)NLMSG_PAYLOAD(message, sizeof *nexthop);

	nexthop->nh_scope = 0;
	nexthop->nh_flags &= RTNH_F_ONLINK;
	for (struct rtattr *a = attributes(message, sizeof *nexthop); RTA_OK(a, left);
		a = RTA_NEXT(a, left))
		if ((a->rta_type & NLA_TYPE_MASK) == NHA_RES_GROUP)
			amend_resilient(a);
	leave_out_of(message, sizeof *nexthop, told);
}

/* A route by a nexthop object is listed with what that says as well, and must not be set with it. */
static void leave_to_nexthop(struct nlmsghdr *message)
{
	static const uint8_t of_nexthop[] = { RTA_OIF, RTA_GATEWAY, RTA_VIA, RTA_MULTIPATH,
		RTA_ENCAP, RTA_ENCAP_TYPE, 0 };
	struct rtmsg *route = NLMSG_DATA(message);

	/* As is a blackhole that only the nexthop is. */
	if (route->rtm_type == RTN_BLACKHOLE)
		route->rtm_type = RTN_UNICAST;
	leave_out_of(message, sizeof *route, of_nexthop);
}

static void amend_route(struct nlmsghdr *message)
{
	struct rtmsg *route = NLMSG_DATA(message);
	int left = (int)RTM_PAYLOAD(message);
	const struct rtattr *cache = NULL;
	bool has_nexthop = false;

	route->rtm_flags &= RTNH_F_ONLINK;
	for (struct rtattr *a = RTM_RTA(route); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == RTA_MULTIPATH)
			forget_state(a);
		else if (a->rta_type == RTA_CACHEINFO)
			cache = a;
		else if (a->rta_type == RTA_NH_ID)
			has_nexthop = true;
	}
	if (cache)
		add_end(message, cache);
	if (has_nexthop)
		leave_to_nexthop(message);
}

/* The attribute of this type, as it is sent; NULL: it has none. */
static const struct rtattr *find(const struct network_item *item, unsigned type)
{
	size_t header = NLMSG_ALIGN(item->kind->table.header);
	const struct rtattr *a = (const void *)((const char *)item->payload + header);
	int left = (int)(item->size - header);

	for (; item->size > header && RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == type)
			return a;
	return NULL;
}

static const char *address_of(int family, const struct rtattr *a, char *ret)
{
	size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);

	return a && RTA_PAYLOAD(a) >= size && inet_ntop(family, RTA_DATA(a), ret, INET6_ADDRSTRLEN)
		? ret
		: "?";
}

int network_item_interface(const struct network_item *item)
{
	return ((const struct ifinfomsg *)item->payload)->ifi_index;
}

static void name_interface(const struct network_item *item, char *ret)
{
	char name[IF_NAMESIZE] = "";
	int index = network_item_interface(item);

	if (if_indextoname((unsigned)index, name))
		snprintf(ret, NETWORK_NAME_MAX, "the interface %s", name);
	else
		snprintf(ret, NETWORK_NAME_MAX, "the interface with the number %d", index);
}

static void name_address(const struct network_item *item, char *ret)
{
	const struct ifaddrmsg *address = item->payload;
	const struct rtattr *local = find(item, IFA_LOCAL);
	char text[INET6_ADDRSTRLEN];

	snprintf(ret, NETWORK_NAME_MAX, "the address %s/%u",
		address_of(address->ifa_family, local ? local : find(item, IFA_ADDRESS), text),
		address->ifa_prefixlen);
}

static void name_neighbour(const struct network_item *item, char *ret)
{
	const struct ndmsg *neighbour = item->payload;
	char text[INET6_ADDRSTRLEN];

	snprintf(ret, NETWORK_NAME_MAX, "the neighbour %s",
		address_of(neighbour->ndm_family, find(item, NDA_DST), text));
}

static void name_nexthop(const struct network_item *item, char *ret)
{
	const struct rtattr *id = find(item, NHA_ID);

	if (id && RTA_PAYLOAD(id) == sizeof(uint32_t))
		snprintf(ret, NETWORK_NAME_MAX, "the nexthop %u", *(uint32_t *)RTA_DATA(id));
	else
		snprintf(ret, NETWORK_NAME_MAX, "a nexthop");
}

static void name_route(const struct network_item *item, char *ret)
{
	const struct rtmsg *route = item->payload;
	char text[INET6_ADDRSTRLEN];

	if (route->rtm_dst_len)
		snprintf(ret, NETWORK_NAME_MAX, "the route to %s/%u",
			address_of(route->rtm_family, find(item, RTA_DST), text),
			route->rtm_dst_len);
	else
		snprintf(ret, NETWORK_NAME_MAX, "the default route of %s",
			route->rtm_family == AF_INET ? "IPv4" : "IPv6");
}

const struct network_kind network_kinds[NETWORK_KINDS] = {
	[NETWORK_INTERFACES] = { { RTM_GETLINK, sizeof(struct ifinfomsg) }, RTM_NEWLINK, 0, is_up,
		amend_link, name_interface },
	[NETWORK_ADDRESSES] = { { RTM_GETADDR, sizeof(struct ifaddrmsg) }, RTM_NEWADDR, ADD,
		is_address, amend_nothing, name_address },
	[NETWORK_NEIGHBOURS] = { { RTM_GETNEIGH, sizeof(struct ndmsg) }, RTM_NEWNEIGH, ADD,
		is_static_neighbour, amend_nothing, name_neighbour },
	/* Since Linux 5.3. */
	[NETWORK_NEXTHOPS] = { { RTM_GETNEXTHOP, sizeof(struct nhmsg) }, RTM_NEWNEXTHOP,
		ADD_OR_REPLACE, is_nexthop, amend_nexthop, name_nexthop, .is_new = true },
	[NETWORK_ROUTES] = { { RTM_GETROUTE, sizeof(struct rtmsg) }, RTM_NEWROUTE, ADD_BEHIND,
		is_route, amend_route, name_route },
};

bool network_item_make(
	struct network_item *item, const struct nlmsghdr *message, struct arena *arena)
{
	size_t room = NLMSG_ALIGN(message->nlmsg_len) + RTA_SPACE(sizeof(uint32_t));
	struct nlmsghdr *copy = arena_alloc(arena, room);

	if (!copy)
		return false;
	memcpy(copy, message, message->nlmsg_len);
	item->kind->amend(copy);
	item->payload = NLMSG_DATA(copy);
	item->size = NLMSG_PAYLOAD(copy, 0);
	return true;
}
