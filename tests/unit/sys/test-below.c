/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The same folder by openat2(2), and by a kernel that has none: a seccomp filter, which stays. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/below.h"

/* errnum 0: it opens, and what is in it is its name inside. */
struct opened {
	const char *path, *inside;
	int errnum;
};

struct fixture {
	char root[64];
	int fd;
};

static void in(const struct fixture *f, const char *name, char *ret, size_t size)
{
	snprintf(ret, size, "%s/%s", f->root, name);
}

static void put(const struct fixture *f, const char *name)
{
	char path[128];
	FILE *file;

	in(f, name, path, sizeof path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(name, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void put_link(const struct fixture *f, const char *name, const char *target)
{
	char path[128];

	in(f, name, path, sizeof path);
	assert_int_equal(symlink(target, path), 0);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	char path[128];

	assert_non_null(f);
	strcpy(f->root, "/tmp/saut-below-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	in(f, "a", path, sizeof path);
	assert_int_equal(mkdir(path, 0700), 0);
	in(f, "a/b", path, sizeof path);
	assert_int_equal(mkdir(path, 0700), 0);
	put(f, "kernel");
	put(f, "a/b/initrd");
	put_link(f, "absolute", "/kernel");
	put_link(f, "folder", "/a/b");
	put_link(f, "a/up", "../../../../../kernel");
	put_link(f, "out", "/etc/passwd");
	f->fd = open(f->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(f->fd >= 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "a/b/initrd", "a/b", "a/up", "a", "kernel", "absolute",
		"folder", "out", "" };
	struct fixture *f = *state;
	char path[128];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		in(f, names[i], path, sizeof path);
		assert_int_equal(remove(path), 0);
	}
	close(f->fd);
	free(f);
	return 0;
}

static void assert_opened(const struct fixture *f, const struct opened *row)
{
	int fd = below_open(f->fd, row->path, O_RDONLY | O_CLOEXEC), failure = errno;
	char text[64] = "";

	if (row->errnum) {
		if (fd >= 0 || failure != row->errnum)
			fail_msg(
				"%s: %d, errno %d and not %d", row->path, fd, failure, row->errnum);
		return;
	}
	if (fd < 0)
		fail_msg("%s: %s", row->path, strerror(failure));
	assert_true(read(fd, text, sizeof text - 1) > 0);
	assert_string_equal(text, row->inside);
	close(fd);
}

static void links_begin_and_end_in_the_folder(void **state)
{
	static const struct opened rows[] = {
		{ "kernel", "kernel", 0 },
		{ "a/b/initrd", "a/b/initrd", 0 },
		{ "a//b/./initrd", "a/b/initrd", 0 },
		{ "a/../kernel", "kernel", 0 },
		{ "../../kernel", "kernel", 0 },
		{ "absolute", "kernel", 0 },
		{ "folder/initrd", "a/b/initrd", 0 },
		{ "a/up", "kernel", 0 },
		{ "out", NULL, ENOENT },
		{ "kernel/x", NULL, ENOTDIR },
		{ "none", NULL, ENOENT },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_opened(*state, &rows[i]);
}

/* As Linux before 5.6 answers. */
static bool take_openat2_away(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
		syscall(SYS_openat2, -1, NULL, NULL, 0) == -1 && errno == ENOSYS;
}

static void without_openat2_no_link_is_followed(void **state)
{
	static const struct opened rows[] = {
		{ "kernel", "kernel", 0 },
		{ "a/b/initrd", "a/b/initrd", 0 },
		{ "a//b/./initrd", "a/b/initrd", 0 },
		{ "a/../kernel", NULL, EXDEV },
		{ "..", NULL, EXDEV },
		{ "../../etc/passwd", NULL, EXDEV },
		{ "absolute", NULL, ELOOP },
		{ "folder/initrd", NULL, ENOTDIR },
		{ "a/up", NULL, ELOOP },
		{ "out", NULL, ELOOP },
		{ "kernel/x", NULL, ENOTDIR },
		{ "none", NULL, ENOENT },
		{ "", NULL, ENOENT },
	};

	if (!take_openat2_away())
		skip();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_opened(*state, &rows[i]);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(links_begin_and_end_in_the_folder),
		IN_FOLDER(without_openat2_no_link_is_followed), /* the last one: the filter stays */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
