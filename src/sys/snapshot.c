/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads files below a root, those among them that are made of what is told in another way (made-files); knows nothing of
 * what any file means. Reading changes nothing on the system.
 */
#include "sys/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/whole.h"
#include "machine/live-tree.h"
#include "sys/below.h"
#include "sys/made-files.h"

#define RIGHTS "saut/rights" /* and the absolute path */

/* The longest file that is asked for is /proc/cpuinfo of a few thousand processors. */
#define SNAPSHOT_FILE_MAX MiB(16)

enum {
	FIRST_READ = 4096, /* sysfs gives a page at most */
	LIST_NAMES_MAX = 65536,
	/* O_NONBLOCK: a pipe in a captured folder must not make us wait. */
	OPEN_FILE = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	STEP = O_PATH | O_DIRECTORY | O_CLOEXEC, /* into the folder of a link */
};

static const struct snapshot *snapshot_of(const struct source *source)
{
	return WHOLE_OF(source, const struct snapshot, source);
}

/* A captured folder may come from anybody: its links must not lead out of it. */
static int open_file(const struct snapshot *s, const char *path, int flags)
{
	return s->live ? openat(s->root_fd, path, flags) : below_open(s->root_fd, path, flags);
}

static enum presence unreadable(struct error *err, int errnum, const char *path)
{
	const enum fault fault = errnum == ENOMEM     ? FAULT_NO_MEMORY
		: errnum == EACCES || errnum == EPERM ? FAULT_FILE_DENIED
						      : FAULT_FILE_UNREADABLE;

	fail_errno(err, fault, errnum, "/%s cannot be read", path);
	return IS_UNREADABLE;
}

static enum presence failed(struct error *err, int errnum, const char *path)
{
	return errnum == ENOENT || errnum == ENOTDIR ? IS_ABSENT : unreadable(err, errnum, path);
}

/* All that read() gives until the end: files of procfs and sysfs do not tell their size. 0 or errno. */
static int read_all(int fd, uint8_t **ret, size_t *ret_size)
{
	size_t size = 0, room = FIRST_READ;
	uint8_t *bytes = malloc(room), *grown;
	int failure = bytes ? 0 : ENOMEM;

	while (!failure) {
		ssize_t n = read(fd, bytes + size, room - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			failure = errno;
			break;
		}
		size += (size_t)n;
		if (n == 0) {
			*ret = bytes;
			*ret_size = size;
			return 0;
		}
		if (size < room)
			continue;
		grown = size < SNAPSHOT_FILE_MAX ? realloc(bytes, room *= 2) : NULL;
		if (grown)
			bytes = grown;
		else
			failure = size < SNAPSHOT_FILE_MAX ? ENOMEM : EFBIG;
	}
	free(bytes);
	return failure;
}

/* The first bytes of a file that tells its size; of one that does not, what the first read gives. */
static int read_first(int fd, size_t room, uint8_t *bytes, size_t *ret_size)
{
	size_t size = 0;

	while (size < room) {
		ssize_t n = read(fd, bytes + size, room - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			break;
		size += (size_t)n;
	}
	*ret_size = size;
	return 0;
}

/* told is 0 for a file that does not tell its size. */
static enum presence too_large(struct error *err, uint64_t told, const char *path)
{
	const unsigned long long limit = SNAPSHOT_FILE_MAX >> 20;

	if (told >= SNAPSHOT_FILE_MAX)
		fail(err, FAULT_FILE_UNREADABLE,
			"/%s is not read: it has %llu MiB, and what is read has fewer than %llu",
			path, (unsigned long long)(told >> 20), limit);
	else
		fail(err, FAULT_FILE_UNREADABLE,
			"/%s is not read to its end: it has more than %llu MiB", path, limit);
	return IS_UNREADABLE;
}

/* Whether fd is a regular file, and of which size it says it is. */
static bool is_regular(int fd, const char *path, uint64_t *ret_size, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return unreadable(err, errno, path) != IS_UNREADABLE;
	if (!S_ISREG(st.st_mode))
		return fail(err, FAULT_FILE_NOT_REGULAR, "/%s is no regular file", path);
	*ret_size = (uint64_t)st.st_size;
	return true;
}

static enum presence read_regular(
	int fd, const char *path, struct arena *arena, struct view *ret, struct error *err)
{
	uint64_t told;
	uint8_t *bytes = NULL;
	size_t size = 0;
	const char *copy;
	int failure;

	if (!is_regular(fd, path, &told, err))
		return IS_UNREADABLE;
	failure = told >= SNAPSHOT_FILE_MAX ? EFBIG : read_all(fd, &bytes, &size);
	if (failure == EFBIG)
		return too_large(err, told, path);
	if (failure)
		return unreadable(err, failure, path);
	copy = arena_string(arena, (struct view){ bytes, size });
	free(bytes);
	if (!copy)
		return unreadable(err, ENOMEM, path);
	*ret = (struct view){ (const uint8_t *)copy, size };
	return IS_THERE;
}

static enum presence look_at_regular(int fd, const char *path, size_t limit, struct arena *arena,
	struct view *ret, struct error *err)
{
	uint64_t told = 0;
	size_t size = 0, room;
	uint8_t *bytes = NULL;
	int failure;

	if (!is_regular(fd, path, &told, err))
		return IS_UNREADABLE;
	told = told ? told : FIRST_READ;
	room = told < limit ? (size_t)told : limit;
	bytes = room < SIZE_MAX ? arena_alloc(arena, (uint64_t)room + 1) : NULL;
	failure = bytes ? read_first(fd, room, bytes, &size) : ENOMEM;
	if (failure)
		return unreadable(err, failure, path);
	*ret = (struct view){ bytes, size };
	return IS_THERE;
}

/* The whole of a regular file, with a zero byte behind it; closes fd, which may be -1 with errno. */
static enum presence read_and_close(
	int fd, const char *path, struct arena *arena, struct view *ret, struct error *err)
{
	enum presence presence;

	if (fd < 0)
		return failed(err, errno, path);
	presence = read_regular(fd, path, arena, ret, err);
	close(fd);
	return presence;
}

/* Whose owners and rights are what mount(8)'s options say. */
static bool keeps_owners(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) != 0 ||
		(fs.f_type != MSDOS_SUPER_MAGIC && fs.f_type != EXFAT_SUPER_MAGIC);
}

static enum presence read_rights(
	const char *path, struct arena *arena, struct view *ret, struct error *err)
{
	struct stat st;
	const char *text;

	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return failed(err, errno, path + 1);
	text = arena_printf(arena, "%u %u %o %s\n", st.st_uid, st.st_gid, st.st_mode,
		S_ISLNK(st.st_mode) || keeps_owners(path) ? "kept" : "mount");
	if (!text)
		return failed(err, ENOMEM, path + 1);
	*ret = view_of_string(text);
	return IS_THERE;
}

/* What cannot be told is a file that is not there: it may be none of this system's. */
static enum presence read_made(made_file *made, struct arena *arena, struct view *ret)
{
	const char *text = made(arena);

	if (!text)
		return IS_ABSENT;
	*ret = view_of_string(text);
	return IS_THERE;
}

static enum presence snapshot_look(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	int fd = open_file(snapshot_of(source), path, OPEN_FILE);
	enum presence presence;

	if (fd < 0)
		return failed(err, errno, path);
	presence = look_at_regular(fd, path, limit, arena, ret, err);
	close(fd);
	return presence;
}

static enum presence snapshot_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct snapshot *s = snapshot_of(source);
	made_file *made = s->live ? made_file_find(path) : NULL;

	if (made)
		return read_made(made, arena, ret);
	if (s->live && strcmp(path, LIVE_TREE) == 0)
		return live_tree_flatten(source, arena, ret, err);
	if (s->live && strncmp(path, RIGHTS, sizeof RIGHTS - 1) == 0)
		return read_rights(path + sizeof RIGHTS - 1, arena, ret, err);
	return read_and_close(open_file(s, path, OPEN_FILE), path, arena, ret, err);
}

/* 0 or errno. */
static int list_names(DIR *dir, struct arena *arena, const char ***ret, size_t *ret_count)
{
	const char **names = NULL;
	size_t count = 0;
	const struct dirent *entry;

	while (errno = 0, (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (count == LIST_NAMES_MAX)
			return EFBIG;
		names = arena_grow(arena, names, count, sizeof *names);
		if (!names)
			return ENOMEM;
		names[count] = arena_string(arena, view_of_string(entry->d_name));
		if (!names[count++])
			return ENOMEM;
	}
	if (errno)
		return errno;
	names = arena_grow(arena, names, count, sizeof *names);
	if (!names)
		return ENOMEM;
	names[count] = NULL;
	*ret = names;
	*ret_count = count;
	return 0;
}

static enum presence snapshot_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	int fd = open_file(snapshot_of(source), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int failure = dir ? 0 : errno;
	const char **names;
	size_t count;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return failed(err, failure, path);
	}
	failure = list_names(dir, arena, &names, &count);
	closedir(dir);
	if (failure)
		return failed(err, failure, path);
	qsort(names, count, sizeof *names, source_compare_names);
	*ret = names;
	return IS_THERE;
}

/* What the link says that is called name in this folder. */
static enum presence read_link(int folder, const char *name, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	char target[4096];
	ssize_t n = readlinkat(folder, name, target, sizeof target);

	if (n < 0 && errno == EINVAL)
		return IS_ABSENT;
	if (n < 0 || n == sizeof target)
		return failed(err, n < 0 ? errno : ENAMETOOLONG, path);
	*ret = arena_string(arena, (struct view){ (const uint8_t *)target, (size_t)n });
	return *ret ? IS_THERE : failed(err, ENOMEM, path);
}

static enum presence snapshot_link(const struct source *source, const char *path,
	struct arena *arena, const char **ret, struct error *err)
{
	const struct snapshot *s = snapshot_of(source);
	const char *name = strrchr(path, '/');
	const char *inside = name
		? arena_string(arena, (struct view){ (const uint8_t *)path, (size_t)(name - path) })
		: ".";
	int folder = inside ? open_file(s, inside, STEP) : -1;
	enum presence presence;

	if (folder < 0)
		return failed(err, inside ? errno : ENOMEM, path);
	presence = read_link(folder, name ? name + 1 : path, path, arena, ret, err);
	close(folder);
	return presence;
}

static enum presence archived_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *archive = &snapshot_of(source)->archive.source;

	return archive->read(archive, path, arena, ret, err);
}

static enum presence archived_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	const struct source *archive = &snapshot_of(source)->archive.source;

	return archive->list(archive, path, arena, ret, err);
}

static bool open_archive(const char *path, struct snapshot *ret, struct error *err)
{
	struct snapshot s = { .source = { archived_read, source_look_by_read, archived_list },
		.root_fd = -1 };
	struct view text;
	enum presence presence = read_and_close(open(path, OPEN_FILE), path, &s.arena, &text, err);

	if (presence == IS_UNREADABLE)
		return false;
	if (presence == IS_ABSENT)
		return fail(err, FAULT_MACHINE_UNREADABLE, "%s cannot be read", path);
	if (!archive_parse(text, &s.arena, &s.archive, err)) {
		arena_free(&s.arena);
		return error_prefix(err, "%s: ", path);
	}
	*ret = s;
	return true;
}

bool snapshot_open(const char *root, struct snapshot *ret, struct error *err)
{
	const char *path = root ? root : "/";
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOTDIR)
		return open_archive(path, ret, err);
	if (fd < 0)
		return fail_errno(err, FAULT_MACHINE_UNREADABLE, errno, "folder %s", path);
	*ret = (struct snapshot){
		.source = { snapshot_read, snapshot_look, snapshot_list, snapshot_link },
		.root_fd = fd,
		.live = !root,
	};
	return true;
}

void snapshot_close(struct snapshot *snapshot)
{
	if (snapshot->root_fd >= 0)
		close(snapshot->root_fd);
	snapshot->root_fd = -1;
	arena_free(&snapshot->arena);
}
