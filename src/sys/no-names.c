/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For static programs alone: nobody has a name. libnl can tell and look up names of hosts and protocols,
 * which we never ask it to; glibc does that by shared libraries, which it would want at run time even in
 * a static program, and warns of it where that is linked. These stand in for the C library's.
 */
#include <netdb.h>
#include <stddef.h>

int getaddrinfo(const char *restrict node, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict ret)
{
	(void)node;
	(void)service;
	(void)hints;
	*ret = NULL;
	return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *info)
{
	(void)info; /* there never is one */
}

struct protoent *getprotobyname(const char *name)
{
	(void)name;
	return NULL;
}

struct protoent *getprotobynumber(int number)
{
	(void)number;
	return NULL;
}
