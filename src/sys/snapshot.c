/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads files below a root; knows which facts the kernel tells by system call alone and makes files
 * of them, knows nothing of what any file means. Reading changes nothing on the system.
 */
#include "sys/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/whole.h"
#include "sys/below.h"
#include "sys/clock.h"
#include "sys/kernel-log.h"
#include "sys/keyrings.h"
#include "sys/kexec-calls.h"
#include "sys/process.h"
#include "sys/xen.h"

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

static char *text_uname(struct arena *arena)
{
	struct utsname u;

	return uname(&u) == 0 ? arena_printf(arena, "%s %s\n", u.release, u.machine) : NULL;
}

static char *text_page_size(struct arena *arena)
{
	return arena_printf(arena, "%ld\n", sysconf(_SC_PAGESIZE));
}

/*
 * Drops CAP_SYS_BOOT from the calling thread's effective set; *ret_before undoes it. Without
 * the capability both system calls end with EPERM before anything else: kexec_load_permitted() in
 * kernel/kexec_core.c counts kernel.kexec_load_limit_* down for everybody who has it, even when
 * the arguments turn out to be wrong.
 */
static bool drop_sys_boot(struct __user_cap_data_struct before[static 2])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct without[2];

	if (syscall(SYS_capget, &header, before) != 0)
		return false;
	memcpy(without, before, sizeof without);
	without[CAP_TO_INDEX(CAP_SYS_BOOT)].effective &= ~CAP_TO_MASK(CAP_SYS_BOOT);
	return syscall(SYS_capset, &header, without) == 0;
}

static bool restore_capabilities(const struct __user_cap_data_struct before[static 2])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capset, &header, before) == 0;
}

/*
 * The arguments are wrong three times over, should the capability ever be asked for later: a flag
 * that does not exist, no segments where too many are announced (0 of them would mean to unload),
 * no file descriptor. No bit of the flags means unload or crash kernel.
 */
static const char *probe_load(void)
{
	enum { FLAG_NOBODY_KNOWS = 0x8000 }; /* neither KEXEC_FLAGS nor KEXEC_ARCH_MASK */
	long done = syscall(SYS_kexec_load, 0UL, ~0UL, NULL, (unsigned long)FLAG_NOBODY_KNOWS);

	return done < 0 && errno == ENOSYS ? "no" : "yes";
}

static const char *probe_file_load(void)
{
	const unsigned long flag_nobody_knows = 0x80000000UL;
	long done = syscall(SYS_kexec_file_load, -1, -1, 0UL, NULL, flag_nobody_knows);

	return done < 0 && errno == ENOSYS ? "no" : "yes";
}

static char *text_syscalls(struct arena *arena)
{
	struct __user_cap_data_struct before[2];
	const char *load, *file_load;

	if (!drop_sys_boot(before))
		return NULL;
	load = probe_load();
	file_load = probe_file_load();
	if (!restore_capabilities(before))
		return NULL;
	return arena_printf(arena, "kexec_load %s\nkexec_file_load %s\n", load, file_load);
}

/* A link that only root may follow. */
static char *text_init(struct arena *arena)
{
	char path[4096];
	ssize_t n = readlink("/proc/1/exe", path, sizeof path);

	return n > 0 ? arena_string(arena, (struct view){ (const uint8_t *)path, (size_t)n })
		     : NULL;
}

static char *text_clocks(struct arena *arena)
{
	const struct clock_moment now = clock_moment();

	return arena_printf(arena, "%llu %llu %llu\n", (unsigned long long)now.wall_us,
		(unsigned long long)now.boot_us, (unsigned long long)now.ticks);
}

static char *text_of(const char *const *argv, struct arena *arena)
{
	struct error ignored;
	struct view text;

	return access("/run/systemd/system", F_OK) == 0 &&
			process_read(argv, arena, &text, &ignored)
		? arena_string(arena, text)
		: NULL;
}

static char *text_manager(struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "show", NULL };

	return text_of(argv, arena);
}

static char *text_units(struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "show",
		"--property=Id,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic",
		"*.service", "*.mount", "*.swap", "*.socket", "*.device", NULL };

	return text_of(argv, arena);
}

/* What only system calls or programs tell, or would be waited for at its end (the log), as files of the live system. */
static const struct {
	const char *path;
	char *(*text)(struct arena *arena);
} made[] = {
	{ "saut/uname", text_uname },
	{ "saut/syscalls", text_syscalls },
	{ "saut/page-size", text_page_size },
	{ "saut/kmsg", kernel_log_read },
	{ "saut/kmsg-times", kernel_log_read_times },
	{ "saut/clocks", text_clocks },
	{ "saut/systemd-manager", text_manager },
	{ "saut/systemd-units", text_units },
	{ "saut/xen", xen_text },
	{ "saut/init", text_init },
	{ "saut/keyrings", keyrings_text },
};

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
static enum presence read_made(size_t which, struct arena *arena, struct view *ret)
{
	const char *text = made[which].text(arena);

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

	for (size_t i = 0; s->live && i < sizeof made / sizeof *made; i++)
		if (strcmp(path, made[i].path) == 0)
			return read_made(i, arena, ret);
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
