/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtnetlink(7); <linux/rtnetlink.h>, <linux/if_addr.h> and <linux/neighbour.h> say what is where. */
#include "sys/network-items.h"

#include <linux/neighbour.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

enum {
	ADD = NLM_F_CREATE | NLM_F_EXCL,
	/* Two of one destination and priority are possible: in the order in which they were listed. */
	ADD_BEHIND = NLM_F_CREATE | NLM_F_APPEND,
};

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

static void amend_route(struct nlmsghdr *message)
{
	struct rtmsg *route = NLMSG_DATA(message);
	int left = (int)RTM_PAYLOAD(message);
	const struct rtattr *cache = NULL;

	route->rtm_flags &= RTNH_F_ONLINK;
	for (struct rtattr *a = RTM_RTA(route); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == RTA_MULTIPATH)
			forget_state(a);
		else if (a->rta_type == RTA_CACHEINFO)
			cache = a;
	}
	if (cache)
		add_end(message, cache);
}

const struct network_kind network_kinds[NETWORK_KINDS] = {
	[NETWORK_INTERFACES] = { "an interface", RTM_GETLINK, RTM_NEWLINK, 0,
		sizeof(struct ifinfomsg), is_up, amend_link },
	[NETWORK_ADDRESSES] = { "an address", RTM_GETADDR, RTM_NEWADDR, ADD,
		sizeof(struct ifaddrmsg), is_address, amend_nothing },
	[NETWORK_NEIGHBOURS] = { "a neighbour", RTM_GETNEIGH, RTM_NEWNEIGH, ADD,
		sizeof(struct ndmsg), is_static_neighbour, amend_nothing },
	[NETWORK_ROUTES] = { "a route", RTM_GETROUTE, RTM_NEWROUTE, ADD_BEHIND,
		sizeof(struct rtmsg), is_route, amend_route },
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

int network_item_interface(const struct network_item *item)
{
	return ((const struct ifinfomsg *)item->payload)->ifi_index;
}
