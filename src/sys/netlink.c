/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/netlink.h"

#include <errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

/* libnl has errors of its own, which do not tell all errnos apart: the kernel's is caught before. */
struct talk {
	int (*take)(void *context, const struct nlmsghdr *message);
	void *context;
	int errnum;
};

static int on_message(struct nl_msg *message, void *context)
{
	struct talk *t = context;

	if (!t->errnum && t->take)
		t->errnum = t->take(t->context, nlmsg_hdr(message));
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *answer, void *context)
{
	struct talk *t = context;

	(void)from;
	t->errnum = answer->error < 0 ? -answer->error : EPROTO;
	return NL_STOP;
}

static int errno_of(int failure)
{
	switch (-failure) {
	case NLE_NOMEM:
		return ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return EPERM;
	case NLE_DUMP_INTR:
		return EINTR;
	case NLE_AF_NOSUPPORT:
		return EAFNOSUPPORT;
	}
	return EIO;
}

/* The error of the kernel counts more than what libnl makes of it. */
static int result(const struct talk *t, int failure)
{
	if (t->errnum)
		return t->errnum;
	return failure < 0 ? errno_of(failure) : 0;
}

int netlink_open(struct netlink *ret)
{
	struct nl_sock *socket = nl_socket_alloc();
	int failure = socket ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

	if (failure < 0) {
		nl_socket_free(socket);
		return errno_of(failure);
	}
	ret->socket = socket;
	return 0;
}

void netlink_close(struct netlink *netlink)
{
	nl_socket_free(netlink->socket);
	netlink->socket = NULL;
}

static void listen_for(struct netlink *netlink, struct talk *t)
{
	nl_socket_modify_cb(netlink->socket, NL_CB_VALID, NL_CB_CUSTOM, on_message, t);
	nl_socket_modify_err_cb(netlink->socket, NL_CB_CUSTOM, on_error, t);
}

int netlink_list(struct netlink *netlink, struct netlink_table table,
	int (*take)(void *context, const struct nlmsghdr *message), void *context)
{
	struct talk t = { .take = take, .context = context };
	char all[NETLINK_HEADER_MAX] = { 0 }; /* of any family, AF_UNSPEC, and any interface */
	int failure;

	listen_for(netlink, &t);
	failure = nl_send_simple(netlink->socket, table.get, NLM_F_DUMP, all, table.header);
	if (failure >= 0)
		failure = nl_recvmsgs_default(netlink->socket);
	return result(&t, failure);
}

int netlink_send(struct netlink *netlink, int type, int flags, const void *payload, size_t size)
{
	struct talk t = { 0 };
	struct nl_msg *message = nlmsg_alloc_size(size + NLMSG_HDRLEN + NLMSG_ALIGNTO);
	int failure = -NLE_NOMEM;

	listen_for(netlink, &t);
	if (message && nlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags))
		failure = nlmsg_append(message, (void *)(uintptr_t)payload, size, NLMSG_ALIGNTO);
	if (failure >= 0)
		failure = nl_send_auto(netlink->socket, message);
	nlmsg_free(message);
	if (failure >= 0)
		failure = nl_wait_for_ack(netlink->socket);
	return result(&t, failure);
}
