/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an interface loses when it goes down: the routes over it, its neighbours, its IPv6 addresses
 * (IPv4's stay). All of it is kept as the messages by which the kernel lists it, which it takes
 * again as they are, but for what network-items.c changes.
 */
#include "sys/network.h"

#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <string.h>

#include "sys/clock.h"
#include "sys/netlink.h"
#include "sys/network-items.h"

enum {
	LIST_TRIES = 10, /* of a table that changes while it is read */
	/* An address is checked for duplicates for a second or two before routes may name it. */
	UP_TRIES = 50,
	UP_PAUSE_MS = 100,
};

struct listing {
	struct network *network;
	const struct network_kind *kind;
};

static int keep(void *context, const struct nlmsghdr *message)
{
	const struct listing *l = context;
	struct network *n = l->network;
	struct network_item item = { .kind = l->kind }, *grown;

	if (message->nlmsg_type != l->kind->set ||
		message->nlmsg_len < NLMSG_LENGTH(l->kind->table.header) ||
		!l->kind->is_wanted(message))
		return 0;
	grown = arena_grow(&n->arena, n->items, n->count, sizeof *n->items);
	if (!grown || !network_item_make(&item, message, &n->arena))
		return ENOMEM;
	n->items = grown;
	n->items[n->count++] = item;
	return 0;
}

/* What one failed listing has left is dropped for the next. */
static int list(struct network *n, struct netlink *netlink, const struct network_kind *kind)
{
	struct listing l = { n, kind };
	size_t before = n->count;
	int errnum = EINTR;

	for (int i = 0; errnum == EINTR && i < LIST_TRIES; i++) {
		n->count = before;
		errnum = netlink_list(netlink, kind->table, keep, &l);
	}
	return errnum == EOPNOTSUPP && kind->is_new ? 0 : errnum;
}

static bool is_interface(const struct network_item *item)
{
	return item->kind == &network_kinds[NETWORK_INTERFACES];
}

static void take_down(struct network *n, struct netlink *netlink)
{
	for (size_t i = 0; i < n->count; i++) {
		struct ifinfomsg down = { .ifi_family = AF_UNSPEC, .ifi_change = IFF_UP };

		if (!is_interface(&n->items[i]))
			continue;
		down.ifi_index = network_item_interface(&n->items[i]);
		if (netlink_send(netlink, RTM_NEWLINK, 0, &down, sizeof down) == 0)
			n->down++;
	}
}

void network_down(struct network *ret)
{
	struct netlink netlink;

	*ret = (struct network){ 0 };
	ret->errnum = netlink_open(&netlink);
	if (ret->errnum)
		return;
	for (size_t i = 0; i < NETWORK_KINDS; i++) {
		int errnum = list(ret, &netlink, &network_kinds[i]);

		if (errnum && !ret->errnum)
			ret->errnum = errnum;
	}
	take_down(ret, &netlink);
	netlink_close(&netlink);
}

static bool is_worth_another_try(const struct network_item *item)
{
	return !item->is_done && item->errnum != ENODEV;
}

/* One pass over all that is not back yet; how many may come back later. */
static size_t set_again(struct network *n, struct netlink *netlink)
{
	size_t left = 0;

	for (size_t i = 0; i < n->count; i++) {
		struct network_item *item = &n->items[i];

		if (!is_worth_another_try(item))
			continue;
		item->errnum = netlink_send(
			netlink, item->kind->set, item->kind->flags, item->payload, item->size);
		item->is_done = item->errnum == 0 || item->errnum == EEXIST;
		left += is_worth_another_try(item);
	}
	return left;
}

static bool tell_missing(const struct network *n, struct error *err)
{
	const struct network_item *first = NULL;
	size_t missing = 0;
	char name[NETWORK_NAME_MAX];

	for (size_t i = 0; i < n->count; i++) {
		if (n->items[i].is_done)
			continue;
		first = first ? first : &n->items[i];
		missing++;
	}
	if (first) {
		first->kind->name(first, name);
		return fail_errno(err, FAULT_KERNEL_OTHER, first->errnum,
			"%zu of %zu interfaces, addresses, nexthops and routes are not back, the "
			"first of them %s",
			missing, n->count, name);
	}
	return n->errnum == 0 ||
		fail_errno(err, FAULT_KERNEL_OTHER, n->errnum, "not all of it could be remembered");
}

bool network_up(struct network *network, struct error *err)
{
	struct netlink netlink;
	size_t left = network->count;
	int errnum;

	if (network->down == 0)
		return true;
	errnum = netlink_open(&netlink);
	if (errnum)
		return fail_errno(err, FAULT_KERNEL_OTHER, errnum, "the network stays down");
	for (int i = 0; left && i < UP_TRIES; i++) {
		if (i)
			clock_wait_ms(UP_PAUSE_MS);
		left = set_again(network, &netlink);
	}
	netlink_close(&netlink);
	return tell_missing(network, err);
}

void network_forget(struct network *network)
{
	arena_free(&network->arena);
	*network = (struct network){ 0 };
}
