/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the network is remembered before it goes down, and how the kernel takes it back. */
#pragma once

#include <linux/rtnetlink.h>
#include <stdbool.h>

#include "base/arena.h"

/* In the order in which they are set again: a route needs an address, an address an interface. */
enum { NETWORK_INTERFACES, NETWORK_ADDRESSES, NETWORK_NEIGHBOURS, NETWORK_ROUTES, NETWORK_KINDS };

struct network_kind {
	const char *name; /* "a route" */
	int get, set;     /* RTM_GETROUTE, RTM_NEWROUTE */
	int flags;        /* of the message that sets it */
	size_t header;    /* bytes before its attributes */
	bool (*is_wanted)(const struct nlmsghdr *message);
	/* Makes what was listed one that can be set; there is room for one attribute more. */
	void (*amend)(struct nlmsghdr *message);
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
