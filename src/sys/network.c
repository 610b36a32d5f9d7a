/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/network.h"

#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void take_down(int fd, const char *name)
{
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return;
	if (request.ifr_flags & IFF_LOOPBACK || !(request.ifr_flags & IFF_UP))
		return;
	request.ifr_flags = (short)(request.ifr_flags & ~IFF_UP);
	(void)ioctl(fd, SIOCSIFFLAGS, &request);
}

void network_down(void)
{
	struct if_nameindex *interfaces = if_nameindex();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (size_t i = 0; interfaces && interfaces[i].if_name && fd >= 0; i++)
		take_down(fd, interfaces[i].if_name);
	if (fd >= 0)
		close(fd);
	if (interfaces)
		if_freenameindex(interfaces);
}
