/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keep hold NAME FILE: opens a live-update session NAME that keeps FILE's bytes for the next kernel, and stays in the
 * background, since a session ends with its last open file. keep take NAME: under the next kernel, those bytes on
 * standard output. Interface: Documentation/userspace-api/liveupdate.rst in the kernel's tree.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN = 7 };

/* Of the device. */
struct session {
	uint32_t size;
	int32_t fd;
	char name[64];
};

/* Of a session. */
struct file {
	uint32_t size;
	int32_t fd;
	uint64_t token;
};

enum {
	CREATE = _IO(0xba, 0x00),
	RETRIEVE = _IO(0xba, 0x01),
	PRESERVE_FILE = _IO(0xba, 0x40),
	RETRIEVE_FILE = _IO(0xba, 0x41)
};

static int session_by(unsigned long request, const char *name)
{
	struct session s = { .size = sizeof s };
	int device = open("/dev/liveupdate", O_RDWR | O_CLOEXEC);

	if (device < 0)
		err(1, "/dev/liveupdate");
	strncpy(s.name, name, sizeof s.name - 1);
	if (ioctl(device, request, &s) < 0)
		err(1, "session %s", name);
	/* Only one process may have it open. */
	close(device);
	return s.fd;
}

static void copy(int from, int to)
{
	struct stat st;

	if (fstat(from, &st) < 0)
		err(1, "fstat");
	for (off_t at = 0; at < st.st_size;)
		if (sendfile(to, from, &at, (size_t)(st.st_size - at)) <= 0)
			err(1, "sendfile");
}

static int hold(const char *name, const char *path)
{
	int session = session_by(CREATE, name), source = open(path, O_RDONLY);
	struct file f = { .size = sizeof f, .fd = memfd_create(name, 0), .token = TOKEN };
	pid_t holder;

	if (source < 0 || f.fd < 0)
		err(1, "%s", path);
	copy(source, f.fd);
	if (ioctl(session, PRESERVE_FILE, &f) < 0)
		err(1, "preserve");
	holder = fork();
	if (holder < 0)
		err(1, "fork");
	if (holder > 0) {
		printf("%d\n", holder);
		return 0;
	}
	/* Who started this waits for the end of its output. */
	for (int i = 0; i < 3; i++)
		close(i);
	setsid();
	for (;;)
		pause();
}

static int take(const char *name)
{
	struct file f = { .size = sizeof f, .token = TOKEN };

	if (ioctl(session_by(RETRIEVE, name), RETRIEVE_FILE, &f) < 0)
		err(1, "retrieve");
	copy(f.fd, STDOUT_FILENO);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "hold") == 0)
		return hold(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "take") == 0)
		return take(argv[2]);
	errx(2, "keep hold NAME FILE | keep take NAME");
}
