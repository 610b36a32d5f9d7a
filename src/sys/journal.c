/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/partitions.h"

/* Documentation/filesystems/ext4, "Super Block": at 1024. */
enum {
	EXT_MAGIC = 1024 + 0x38,
	EXT_COMPATIBLE = 1024 + 0x5c,
	EXT_READ_ONLY = 1024 + 0x64,
	EXT_LAST_ORPHAN = 1024 + 0xe8,
	EXT_HAS_JOURNAL = 0x4,
	EXT_ORPHANS = 0x10000, /* ORPHAN_PRESENT */
};

/*
 * Where a file system says what it is, and what keeps its log from being replayed: xfs(5), btrfs(5), and
 * Documentation/filesystems of Linux. The rest has none, or is never written.
 */
static const struct {
	size_t at;
	const char *magic;
	size_t size;
	const char *options;
} kinds[] = {
	{ 0, "XFSB", 4, ",norecovery" }, { 0x10040, "_BHRfS_M", 8, ",rescue=nologreplay" },
	{ 0x400, "\x10\x20\xf5\xf2", 4, ",norecovery" }, /* F2FS */
	{ 0x36, "FAT1", 4, "" }, { 0x52, "FAT32", 5, "" }, { 3, "EXFAT   ", 8, "" },
	{ 0x8001, "CD001", 5, "" },           /* ISO 9660 */
	{ 0, "hsqs", 4, "" },                 /* SquashFS */
	{ 0x400, "\xe2\xe1\xf5\xe0", 4, "" }, /* EROFS */
};

static uint32_t word_at(struct view first, size_t at)
{
	struct reader r = reader_at(first, at);

	return reader_le32(&r);
}

/* Files that nobody has a name for any more are removed by a read-only mount as well. */
static bool ext_options(struct view first, const char **ret, struct error *err)
{
	if (word_at(first, EXT_LAST_ORPHAN) || word_at(first, EXT_READ_ONLY) & EXT_ORPHANS)
		return fail(err, FAULT_NOT_MOUNTED,
			"it was not unmounted, and mounting it even read-only would remove files from it");
	*ret = word_at(first, EXT_COMPATIBLE) & EXT_HAS_JOURNAL ? ",noload" : "";
	return true;
}

static bool has(struct view first, size_t at, const char *magic, size_t size)
{
	return first.n >= at + size && memcmp(first.p + at, magic, size) == 0;
}

bool journal_options(struct view first, const char **ret, struct error *err)
{
	if (first.n >= EXT_LAST_ORPHAN + 4 && has(first, EXT_MAGIC, "\x53\xef", 2))
		return ext_options(first, ret, err);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!has(first, kinds[i].at, kinds[i].magic, kinds[i].size))
			continue;
		*ret = kinds[i].options;
		return true;
	}
	return fail(err, FAULT_NOT_MOUNTED,
		"it holds no file system that is known to be left as it is when it is mounted read-only");
}

static bool read_first(int fd, const char **ret, struct error *err)
{
	uint8_t bytes[JOURNAL_LOOK];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof bytes && (got = pread(fd, bytes + n, sizeof bytes - n, (off_t)n)) != 0) {
		if (got < 0 && errno != EINTR)
			return fail_errno(err, FAULT_NOT_MOUNTED, errno, "read");
		n += got > 0 ? (size_t)got : 0;
	}
	return journal_options((struct view){ bytes, n }, ret, err);
}

static bool look_at(const char *path, const char **ret, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool done;

	if (fd < 0)
		return fail_errno(err, FAULT_NOT_MOUNTED, errno, "%s", path);
	done = fstat(fd, &st) == 0 || fail_errno(err, FAULT_NOT_MOUNTED, errno, "%s", path);
	if (done && (S_ISBLK(st.st_mode) || S_ISREG(st.st_mode)))
		done = read_first(fd, ret, err);
	else
		*ret = "";
	close(fd);
	return done;
}

bool journal_options_of(const char *what, const char **ret, struct error *err)
{
	char device[PATH_MAX];

	if (what[0] == '/')
		return look_at(what, ret, err);
	if (!strchr(what, '=')) {
		*ret = "";
		return true;
	}
	if (!partitions_device(what, sizeof device, device))
		return fail(err, FAULT_NOT_MOUNTED, "there is no device %s", what);
	return look_at(device, ret, err);
}
