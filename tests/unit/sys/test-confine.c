/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/below.h"
#include "sys/confine.h"
#include "sys/file.h"

static char folder[] = "/tmp/test-confine-XXXXXX";
static char own[sizeof folder + 8];

enum { NOT_CONFINED = 77 };

/* What a process does once it is confined; its number of the first of these that was not as it should be, or 0. */
typedef int actions(void);

/* Without the C library's end, at which a sanitizer looks round by calls that are refused. */
static int confined(actions *act)
{
	const pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(confine_to_looking() ? act() : NOT_CONFINED);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool fails(long result, int errnum)
{
	return result == -1 && errno == errnum;
}

static int look(void)
{
	struct file file;
	struct error err;
	DIR *names = opendir(folder);
	const int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	void *memory;

	if (!names || !readdir(names) || closedir(names) < 0)
		return 1;
	if (!file_open(own, &file, &err) || file.bytes.n != 2)
		return 2;
	file_close(&file);
	if (at < 0 || below_open(at, "own", O_RDONLY | O_CLOEXEC) < 0)
		return 3;
	memory = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return 4;
	memset(memory, 1, 1 << 20);
	if (mprotect(memory, 64 << 20, PROT_READ) < 0 || munmap(memory, 64 << 20) < 0)
		return 5;
	return write(STDERR_FILENO, "", 0) == 0 ? 0 : 6;
}

static int write_to_files(void)
{
	const int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (!fails(open(own, O_WRONLY | O_CLOEXEC), EPERM))
		return 1;
	if (!fails(open(own, O_RDONLY | O_TRUNC | O_CLOEXEC), EPERM))
		return 2;
	if (!fails(open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), EPERM))
		return 3;
	/* Its flags are seen by Landlock alone. */
	if (!fails(below_open(at, "own", O_RDWR | O_CLOEXEC), EACCES))
		return 4;
	if (unlink(own) == 0 || rename(own, folder) == 0 || truncate(own, 0) == 0)
		return 5;
	return chmod(own, 0) == 0 || link(own, "/tmp/test-confine-link") == 0 ? 6 : 0;
}

static int leave(void)
{
	char *const argv[] = { (char *)"true", NULL };
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!fails(execv("/bin/true", argv), ENOSYS))
		return 1;
	if (!fails(fork(), ENOSYS))
		return 2;
	if (!fails(kill(getppid(), 0), ENOSYS))
		return 3;
	if (!fails(socket(AF_INET, SOCK_STREAM, 0), ENOSYS))
		return 4;
	if (!fails(mprotect(memory, 4096, PROT_READ | PROT_EXEC), EPERM))
		return 5;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		MAP_FAILED)
		return 6;
	if (!fails(mount("none", folder, "tmpfs", 0, NULL), ENOSYS))
		return 7;
	if (!fails(syscall(SYS_kexec_load, 0UL, 0UL, NULL, 0UL), ENOSYS))
		return 8;
	if (!fails(syscall(SYS_reboot, 0, 0, 0, NULL), ENOSYS))
		return 9;
	/* As itself, not as another one. */
	return fails(syscall(SYS_prlimit64, getppid(), 0, NULL, NULL), EPERM) ? 0 : 10;
}

static int only_once(void)
{
	return confine_to_looking();
}

static bool can_confine(void)
{
	return confined(look) != NOT_CONFINED;
}

static void reads_and_prints(void **state)
{
	(void)state;
	if (!can_confine())
		skip();
	assert_int_equal(confined(look), 0);
}

static void writes_to_no_file(void **state)
{
	(void)state;
	if (!can_confine())
		skip();
	assert_int_equal(confined(write_to_files), 0);
}

static void does_nothing_else(void **state)
{
	(void)state;
	if (!can_confine())
		skip();
	assert_int_equal(confined(leave), 0);
}

static void stays_confined(void **state)
{
	(void)state;
	if (!can_confine())
		skip();
	assert_int_equal(confined(only_once), 0);
}

static int make(void **state)
{
	int fd;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(own, sizeof own, "%s/own", folder);
	fd = open(own, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 && write(fd, "x\n", 2) == 2 && close(fd) == 0 ? 0 : -1;
}

static int remove_all(void **state)
{
	(void)state;
	unlink(own);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads_and_prints),
		CASE(writes_to_no_file),
		CASE(does_nothing_else),
		CASE(stays_confined),
	};

	return cmocka_run_group_tests(tests, make, remove_all);
}
