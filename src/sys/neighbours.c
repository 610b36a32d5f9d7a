/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/neighbours.h"

#include <linux/neighbour.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/clock.h"
#include "sys/netlink.h"

enum { IPV4_SIZE = 4, IPV6_SIZE = 16, STEP_MS = 100 };

struct question {
	struct ndmsg message;
	struct rtattr attribute;
	uint8_t address[IPV6_SIZE];
};

struct asking {
	const struct question *question;
	size_t size; /* of its address */
	int state;   /* NUD_*; 0: the kernel knows nothing of it */
};

static int take(void *context, const struct nlmsghdr *header)
{
	struct asking *a = context;
	const struct ndmsg *m = NLMSG_DATA(header);
	const struct rtattr *r;
	int left;

	if (header->nlmsg_type != RTM_NEWNEIGH || header->nlmsg_len < NLMSG_LENGTH(sizeof *m) ||
		m->ndm_family != a->question->message.ndm_family ||
		m->ndm_ifindex != a->question->message.ndm_ifindex)
		return 0;
	left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *m));
	r = (const struct rtattr *)(const void *)((const char *)m + NLMSG_ALIGN(sizeof *m));
	for (; RTA_OK(r, left); r = RTA_NEXT(r, left))
		if (r->rta_type == NDA_DST && RTA_PAYLOAD(r) == a->size &&
			memcmp(RTA_DATA(r), a->question->address, a->size) == 0)
			a->state = m->ndm_state;
	return 0;
}

/* What needs no answer counts as one: a device without addresses, an entry that somebody has set. */
static bool is_answer(int state)
{
	return state & (NUD_REACHABLE | NUD_PERMANENT | NUD_NOARP);
}

static bool ask(struct netlink *netlink, struct asking *a, unsigned wait_ms)
{
	const struct netlink_table table = { RTM_GETNEIGH, sizeof(struct ndmsg) };
	const struct question *q = a->question;
	size_t size = offsetof(struct question, address) + a->size;

	for (unsigned waited = 0;; waited += STEP_MS) {
		a->state = 0;
		if (netlink_list(netlink, table, take, a) == 0 && is_answer(a->state))
			return true;
		if (waited >= wait_ms)
			return false;
		/* A neighbour whose address is stale is asked for when it is used. */
		(void)netlink_send(netlink, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, q, size);
		clock_wait_ms(STEP_MS);
	}
}

bool neighbour_answers(
	bool is_ipv6, const uint8_t address[static 16], const char *device, unsigned wait_ms)
{
	struct question q = {
		.message = {
			.ndm_family = is_ipv6 ? AF_INET6 : AF_INET,
			.ndm_ifindex = (int)if_nametoindex(device),
			.ndm_state = NUD_PROBE,
			.ndm_flags = NTF_USE,
		},
		.attribute = { .rta_type = NDA_DST },
	};
	struct asking a = { .question = &q, .size = is_ipv6 ? IPV6_SIZE : IPV4_SIZE };
	struct netlink netlink;
	bool answers;

	q.attribute.rta_len = (unsigned short)RTA_LENGTH(a.size);
	memcpy(q.address, address, a.size);
	if (q.message.ndm_ifindex == 0 || netlink_open(&netlink) != 0)
		return false;
	answers = ask(&netlink, &a, wait_ms);
	netlink_close(&netlink);
	return answers;
}
