/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtnetlink(7) by libnl: asks for a table of the kernel's, and sends one message at a time. */
#pragma once

#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>

struct netlink {
	struct nl_sock *socket; /* NULL: closed */
};

/* 0, or the errno; close it only after a success. */
int netlink_open(struct netlink *ret);
void netlink_close(struct netlink *netlink);

struct netlink_table {
	int get;       /* RTM_GETLINK, RTM_GETROUTE, … */
	size_t header; /* bytes before its messages' attributes, at most NETLINK_HEADER_MAX */
};

enum { NETLINK_HEADER_MAX = 16 };

/*
 * Hands each message of a table to take, which returns 0 or the errno
 * that ends it. A table that changed while it was read is an error as well: EINTR. 0, or the errno.
 */
int netlink_list(struct netlink *netlink, struct netlink_table table,
	int (*take)(void *context, const struct nlmsghdr *message), void *context);

/* Sends a payload and waits for the kernel's answer: 0, or the errno. */
int netlink_send(struct netlink *netlink, int type, int flags, const void *payload, size_t size);
