/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/terminal.h"

#include <sys/ioctl.h>

size_t terminal_width(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
