/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/kernel-log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	RECORD_MAX = 8192, /* the kernel gives no longer ones */
	LOG_MAX = 16 * 1024 *
		1024,       /* twice the largest CONFIG_LOG_BUF_SHIFT lets it grow by itself */
	FACILITY_SHIFT = 3, /* the number before the first comma is facility << 3 | level */
};

struct text {
	char *p;
	size_t n, room;
};

static bool append(struct text *t, struct view v)
{
	while (t->room - t->n <= v.n) {
		size_t room = t->room ? 2 * t->room : 65536;
		char *grown = room > LOG_MAX ? NULL : realloc(t->p, room);

		if (!grown)
			return false;
		t->p = grown;
		t->room = room;
	}
	if (v.n)
		memcpy(t->p + t->n, v.p, v.n);
	t->n += v.n;
	return true;
}

/* Of ",339,5140900,-": the second number. */
static bool append_time(struct text *t, const char *rest)
{
	const char *time = strchr(rest + 1, ',');
	const size_t n = time ? strspn(time + 1, "0123456789") : 0;

	return !n ||
		(append(t, (struct view){ (const uint8_t *)time + 1, n }) &&
			append(t, view_of_string(" ")));
}

/* "6,339,5140900,-;MESSAGE", and lines about devices, which begin with a blank. */
static bool take_record(struct text *t, char *record, bool with_times)
{
	char *message = strchr(record, ';'), *end;

	if (strtoul(record, &end, 10) >> FACILITY_SHIFT != 0 || *end != ',' || !message)
		return true;
	message[strcspn(message, "\n")] = '\0';
	if (with_times && !append_time(t, end))
		return false;
	return append(t, view_of_string(message + 1)) && append(t, view_of_string("\n"));
}

/* A record that was overwritten while it was waited for is EPIPE, once: the next one follows. */
static bool read_records(int fd, bool with_times, struct text *t)
{
	char record[RECORD_MAX + 1];

	for (;;) {
		ssize_t n = read(fd, record, RECORD_MAX);

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return n == 0 || errno == EAGAIN;
		record[n] = '\0';
		if (!take_record(t, record, with_times))
			return false;
	}
}

char *kernel_log_read_from(int fd, bool with_times, struct arena *arena)
{
	struct text t = { 0 };
	char *copy = NULL;

	if (read_records(fd, with_times, &t))
		copy = arena_string(arena, (struct view){ (const uint8_t *)t.p, t.n });
	free(t.p);
	return copy;
}

static char *read_log(bool with_times, struct arena *arena)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char *log;

	if (fd < 0)
		return NULL;
	log = kernel_log_read_from(fd, with_times, arena);
	close(fd);
	return log;
}

char *kernel_log_read(struct arena *arena)
{
	return read_log(false, arena);
}

char *kernel_log_read_times(struct arena *arena)
{
	return read_log(true, arena);
}

/* By one write(2): dprintf(3) asks for the position first, which the log has none of, and gives up. */
void kernel_log_write_to(int fd, enum kernel_log_level level, const char *sentence)
{
	char *record;
	int n = asprintf(&record, "<%d>saut: %s\n", level, sentence);

	if (n < 0)
		return;
	(void)!write(fd, record, (size_t)n);
	free(record);
}

void kernel_log_write(enum kernel_log_level level, const char *sentence)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	kernel_log_write_to(fd, level, sentence);
	close(fd);
}
