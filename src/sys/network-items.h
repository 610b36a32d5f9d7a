/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the network is remembered before it goes down, and how the kernel takes it back. */
#pragma once

#include <linux/rtnetlink.h>
#include <stdbool.h>

#include "base/arena.h"
#include "sys/netlink.h"

/* In the order in which they are set again: a route needs a nexthop, that an address, that an interface. */
enum {
	NETWORK_INTERFACES,
	NETWORK_ADDRESSES,
	NETWORK_NEIGHBOURS,
	NETWORK_NEXTHOPS,
	NETWORK_ROUTES,
	NETWORK_KINDS
};

struct network_item;

enum { NETWORK_NAME_MAX = 96 };

struct network_kind {
	struct netlink_table table;
	int set;   /* RTM_NEWROUTE */
	int flags; /* of the message that sets it */
	bool (*is_wanted)(const struct nlmsghdr *message);
	/* Makes what was listed one that can be set; there is room for one attribute more. */
	void (*amend)(struct nlmsghdr *message);
	/* "the route to 192.0.2.0/24", into NETWORK_NAME_MAX bytes. */
	void (*name)(const struct network_item *item, char *ret);
	bool is_new; /* there are kernels that do not know of such */
};

extern const struct network_kind network_kinds[NETWORK_KINDS];

struct network_item {
	const struct network_kind *kind;
	const void *payload; /* of the message that sets it */
	size_t size;
	bool is_done;
	int errnum; /* why it is not */
};

/* item->kind is given; false: memory is out. */
bool network_item_make(
	struct network_item *item, const struct nlmsghdr *message, struct arena *arena);

/* Of one of NETWORK_INTERFACES: its index. */
int network_item_interface(const struct network_item *item);
