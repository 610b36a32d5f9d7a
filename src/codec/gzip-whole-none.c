/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without libdeflate: zlib takes its steps. */
#include "codec/gzip-whole.h"

struct gzip_whole *gzip_whole_open(void)
{
	return NULL;
}

bool gzip_whole_unpack(struct gzip_whole *whole, struct step *step)
{
	(void)whole, (void)step;
	return false;
}

void gzip_whole_close(struct gzip_whole *whole)
{
	(void)whole;
}
