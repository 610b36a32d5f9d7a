/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file, or a block device, of which pieces are read: base/big-file.h. */
#pragma once

#include "base/big-file.h"

struct open_file {
	struct big_file file;
	int fd;
};

/* Never waits for a FIFO. */
bool big_file_open(const char *path, struct open_file *ret, struct error *err)
	__attribute__((warn_unused_result));

void big_file_close(struct open_file *file);
