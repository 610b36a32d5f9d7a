/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/drivers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/text.h"
#include "sys/clock.h"
#include "sys/process.h"

enum { LINK_ROOM = 1024, STEP_MS = 5 };

/* One pass over the names that are given. */
struct unbinding {
	const struct driver_calls *calls;
	struct drivers *drivers;
	int64_t deadline; /* by clock_ms */
};

static bool unload(const char *module, struct error *err)
{
	if (syscall(SYS_delete_module, module, O_NONBLOCK) == 0)
		return true;
	return fail_errno(err, FAULT_DRIVER, errno, "delete_module(%.64s)", module);
}

static bool load(const char *module, struct error *err)
{
	const char *const modprobe[] = { "modprobe", module, NULL };

	return process_run(modprobe, err);
}

const struct driver_calls drivers_live = { "/sys", unload, load };

/* In a child: what to do there is an errno, or 0. */
__attribute__((noreturn)) static void write_and_end(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const size_t n = strlen(text);

	_exit(fd >= 0 && write(fd, text, n) == (ssize_t)n ? 0 : errno);
}

/* A driver may hang in its own code, where no signal reaches it: somebody else waits there. */
static bool write_in_time(const char *path, const char *text, int64_t deadline, struct error *err)
{
	pid_t child = fork(), ended;
	int status = 0;

	if (child == 0)
		write_and_end(path, text);
	if (child < 0)
		return fail_errno(err, FAULT_DRIVER, errno, "fork");
	while ((ended = waitpid(child, &status, WNOHANG)) == 0 && clock_ms() < deadline)
		clock_wait_ms(STEP_MS);
	if (ended == 0) {
		kill(child, SIGKILL);
		return fail(err, FAULT_DRIVER, "%s: %s: not done within %d s", path, text,
			DRIVERS_SECONDS);
	}
	if (ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	return fail_errno(err, FAULT_DRIVER,
		ended == child && WIFEXITED(status) ? WEXITSTATUS(status) : EIO, "%s: %s", path,
		text);
}

static bool remember(struct drivers *d, struct unbound item, struct error *err)
{
	struct unbound *items = arena_grow(&d->arena, d->items, d->count, sizeof *items);

	if (!items || !item.name)
		return fail_no_memory(err);
	d->items = items;
	d->items[d->count++] = item;
	return true;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A device is a link into the tree of devices; beside it there are attributes and the module. */
static bool is_device(int folder, const char *name)
{
	char target[LINK_ROOM];
	ssize_t n = readlinkat(folder, name, target, sizeof target - 1);

	if (n <= 0)
		return false;
	target[n] = '\0';
	return strstr(target, "/devices/") != NULL;
}

/* The names in a folder of sysfs that a test approves; NULL-terminated, NULL: no memory. */
static const char *const *names_in(
	struct arena *arena, const char *path, bool (*approves)(int folder, const char *name))
{
	const char **names = arena_grow(arena, NULL, 0, sizeof *names);
	DIR *folder = opendir(path);
	const struct dirent *entry;
	size_t count = 0;

	while (names && folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || !approves(dirfd(folder), entry->d_name))
			continue;
		names[count] = arena_string(arena, view_of_string(entry->d_name));
		names = names[count] ? arena_grow(arena, names, ++count, sizeof *names) : NULL;
		if (names)
			names[count] = NULL;
	}
	if (folder)
		closedir(folder);
	return names;
}

static bool any(int folder, const char *name)
{
	(void)folder, (void)name;
	return true;
}

/* All devices of one driver. */
static bool unbind_driver(struct unbinding *u, const char *driver, struct error *err)
{
	struct drivers *d = u->drivers;
	const char *const *devices = names_in(&d->arena, driver, is_device);
	const char *unbind = arena_printf(&d->arena, "%s/unbind", driver);

	if (!devices || !unbind)
		return fail_no_memory(err);
	for (; *devices; devices++) {
		if (!remember(d, (struct unbound){ driver, *devices }, err))
			return false;
		if (!write_in_time(unbind, *devices, u->deadline, err)) {
			d->count--;
			return false;
		}
		notes_add(&d->notes, "%s is unbound from %s", *devices, strrchr(driver, '/') + 1);
	}
	return true;
}

/* On whatever bus there is a driver of this name. */
static bool unbind_on_buses(
	struct unbinding *u, const char *name, bool *ret_found, struct error *err)
{
	struct arena *arena = &u->drivers->arena;
	const char *folder = arena_printf(arena, "%s/bus", u->calls->sysfs);
	const char *const *buses = folder ? names_in(arena, folder, any) : NULL;

	*ret_found = false;
	for (; buses && *buses; buses++) {
		const char *driver = arena_printf(arena, "%s/%s/drivers/%s", folder, *buses, name);

		if (!driver)
			return fail_no_memory(err);
		if (!is_folder(driver))
			continue;
		*ret_found = true;
		if (!unbind_driver(u, driver, err))
			return false;
	}
	return buses ? true : fail_no_memory(err);
}

static bool unload_module(struct unbinding *u, const char *name, struct error *err)
{
	struct drivers *d = u->drivers;

	if (!remember(d, (struct unbound){ NULL, arena_string(&d->arena, view_of_string(name)) },
		    err))
		return false;
	if (!u->calls->unload(name, err)) {
		d->count--;
		return false;
	}
	notes_add(&d->notes, "the module %s is unloaded", name);
	return true;
}

/* sysfs has a module's name with "_" for "-". */
static bool unbind_module(struct unbinding *u, char *name, struct error *err)
{
	struct arena *arena = &u->drivers->arena;
	const char *module, *drivers;
	const char *const *names;

	for (char *c = name; (c = strchr(c, '-'));)
		*c = '_';
	module = arena_printf(arena, "%s/module/%s", u->calls->sysfs, name);
	drivers = module ? arena_printf(arena, "%s/drivers", module) : NULL;
	if (!drivers)
		return fail_no_memory(err);
	if (!is_folder(module))
		return true;
	if (!is_folder(drivers))
		return unload_module(u, name, err);
	for (names = names_in(arena, drivers, any); names && *names; names++) {
		const char *driver = arena_printf(arena, "%s/%s", drivers, *names);

		if (!driver)
			return fail_no_memory(err);
		if (!unbind_driver(u, driver, err))
			return false;
	}
	return names ? true : fail_no_memory(err);
}

/* A name that is none could lead anywhere. */
static bool unbind_named(struct unbinding *u, struct view word, struct error *err)
{
	char *name = arena_string(&u->drivers->arena, word);
	bool found;

	if (!name)
		return fail_no_memory(err);
	if (strchr(name, '/') || name[0] == '.')
		return fail(err, FAULT_SETTINGS, "UNBIND: \"%.64s\" is no driver's name", name);
	return unbind_on_buses(u, name, &found, err) && (found || unbind_module(u, name, err));
}

bool drivers_unbind(
	const struct driver_calls *calls, const char *names, struct drivers *ret, struct error *err)
{
	struct unbinding u = { calls, ret, clock_ms() + DRIVERS_SECONDS * 1000 };
	struct view left = view_of_string(names), word;
	struct error lost;

	*ret = (struct drivers){ 0 };
	ret->notes.arena = &ret->arena;
	while (text_word(&left, &word)) {
		if (unbind_named(&u, word, err))
			continue;
		if (!drivers_bind(calls, ret, &lost))
			error_append(err, "; what was unbound before is not back: %s", lost.reason);
		return false;
	}
	return true;
}

static bool bind_one(const struct driver_calls *calls, struct arena *arena,
	const struct unbound *item, struct error *err)
{
	const char *bind;

	if (!item->driver)
		return calls->load(item->name, err);
	bind = arena_printf(arena, "%s/bind", item->driver);
	return bind ? write_in_time(bind, item->name, clock_ms() + DRIVERS_SECONDS * 1000, err)
		    : fail_no_memory(err);
}

bool drivers_bind(const struct driver_calls *calls, struct drivers *drivers, struct error *err)
{
	bool done = true;

	while (drivers->count) {
		struct error next = { 0 };

		if (bind_one(calls, &drivers->arena, &drivers->items[--drivers->count], &next))
			continue;
		if (done)
			*err = next;
		done = false;
	}
	return done;
}

void drivers_forget(struct drivers *drivers)
{
	arena_free(&drivers->arena);
	*drivers = (struct drivers){ 0 };
}
