/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mark: says to the emulator's plugin (outage-counts.c) what happens now, and at which tick of the
 * time-stamp counter, in a line "TICK TEXT".
 *
 *	mark TEXT...          say it
 *	mark answers          wait until the SSH server on this machine names itself, then say "answers"
 *	as process 1          say "init" and become /init.marked, an initrd's own /init; where there is
 *	                      none, say "root" and become FOLDER/init
 *	under another name    run the program of that name in FOLDER; say "begin NAME ARGUMENTS" before
 *	                      and "end NAME LOADED" after, LOADED being the kernel's word whether a
 *	                      kernel is loaded
 *
 * Linked statically, since it also runs in an initramfs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "outage-magic.h"

#define FOLDER "/usr/lib/outage"

enum { LINE = 300, SSH_PORT = 22, PAUSE = 10 * 1000 * 1000 };

/* Each byte is said by the address of a load. */
static const uint8_t letters[256] __attribute__((aligned(256)));

static void say_byte(uint8_t byte)
{
	uintptr_t address = (uintptr_t)letters + byte - OUTAGE_MARK_OFFSET;

	__asm__ volatile("movzbl %c1(%%rdi), %%eax"
		:
		: "D"(address), "i"(OUTAGE_MARK_OFFSET)
		: "eax", "memory");
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	uint64_t tick = __rdtsc();
	char text[LINE];
	__builtin_va_list args;
	int n = snprintf(text, sizeof(text), "%llu ", (unsigned long long)tick);

	__builtin_va_start(args, format);
	vsnprintf(text + n, sizeof(text) - (size_t)n, format, args);
	__builtin_va_end(args);
	for (const char *at = text; *at != '\0'; at++)
		say_byte(*at == '\n' ? ' ' : (uint8_t)*at);
	say_byte('\n');
}

/* The arguments from @first on, with spaces between them. */
static const char *joined(char **first)
{
	static char text[LINE];
	size_t n = 0;

	for (; *first && n + strlen(*first) + 2 < sizeof(text); first++)
		n += (size_t)sprintf(text + n, "%s%s", n == 0 ? "" : " ", *first);
	return text;
}

/* --- a server that answers --- */

static bool names_itself(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(SSH_PORT) };
	char text[4] = "";
	bool found = false;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		found = read(fd, text, sizeof(text)) == sizeof(text) &&
			memcmp(text, "SSH-", sizeof(text)) == 0;
	if (fd >= 0)
		close(fd);
	return found;
}

static int wait_for_answer(void)
{
	struct timespec pause = { .tv_nsec = PAUSE };

	while (!names_itself())
		nanosleep(&pause, NULL);
	say("answers");
	return 0;
}

/* --- a program in between --- */

static char loaded(void)
{
	char byte = '?';
	int fd = open("/sys/kernel/kexec_loaded", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &byte, 1) != 1)
		byte = '?';
	if (fd >= 0)
		close(fd);
	return byte;
}

static int run_between(const char *name, char **argv)
{
	char path[LINE];
	int status = 0;
	pid_t child;

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	say("begin %s %s", name, joined(argv + 1));
	child = fork();
	if (child == 0) {
		execv(path, argv);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	say("end %s %c", name, loaded());
	return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

int main(int argc, char **argv)
{
	char self[LINE] = "";
	const char *name = NULL;

	if (getpid() == 1) {
		say(access("/init.marked", X_OK) == 0 ? "init" : "root");
		execv("/init.marked", argv);
		execv(FOLDER "/init", argv);
		return 1;
	}
	/* What it was called is not always its name; the link needs /proc, which is there by then. */
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) > 0)
		name = strrchr(self, '/');
	name = name ? name + 1 : "mark";
	if (strcmp(name, "mark") != 0)
		return run_between(name, argv);
	if (argc == 2 && strcmp(argv[1], "answers") == 0)
		return wait_for_answer();
	say("%s", joined(argv + 1));
	return 0;
}
