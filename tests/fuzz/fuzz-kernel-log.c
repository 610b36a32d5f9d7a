/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is what /dev/kmsg gives, a record with each read; here a record ends with a zero byte. */
#include "fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

#include "machine/text.h"
#include "sys/kernel-log.h"

enum { RECORD_MAX = 4096, RECORDS_MAX = 32 };

static void send_records(int to, struct view text)
{
	struct view record;

	for (size_t i = 0; i < RECORDS_MAX && text_item(&text, '\0', &record); i++)
		if (record.n && record.n <= RECORD_MAX)
			expect(send(to, record.p, record.n, 0) == (ssize_t)record.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	int ends[2];

	expect(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	send_records(ends[0], (struct view){ data, size });
	close(ends[0]);
	expect(kernel_log_read_from(ends[1], false, &arena) != NULL);
	close(ends[1]);
	arena_free(&arena);
	return 0;
}
