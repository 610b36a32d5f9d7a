/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/given.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sys/memfd.h"

_Static_assert((int)SAUT_CALL_FILE_LOAD == (int)CALL_FILE_LOAD, "the same calls");
_Static_assert((int)SAUT_CHECK_NONE == (int)CHECK_NONE, "the same checks");
_Static_assert((int)SAUT_DIRECT_OFF == (int)DIRECT_OFF, "the same choices");
_Static_assert((int)SAUT_INITRD_ZSTD == (int)INITRD_ZSTD, "the same forms");

void given_set_up(struct given *given)
{
	given->wanted.initrds = given->initrds;
	given->wanted.initrd_descriptors = given->initrd_descriptors;
	given->wanted.modules = given->modules;
	given->wanted.limits = (struct range){ 0, PHYS_MAX };
}

static void drop(struct descriptor *descriptor)
{
	if (descriptor->is_given)
		close(descriptor->fd);
	*descriptor = (struct descriptor){ 0 };
}

void given_forget_files(struct given *given)
{
	struct job_request *wanted = &given->wanted;

	drop(&wanted->kernel_descriptor);
	for (size_t i = 0; i < wanted->initrd_count; i++)
		drop(&given->initrd_descriptors[i]);
	wanted->kernel = NULL;
	wanted->initrd_count = wanted->module_count = 0;
	wanted->command_line = wanted->device_tree = NULL;
	wanted->reuse_command_line = false;
}

void given_free(struct given *given)
{
	given_forget_files(given);
	arena_free(&given->strings);
}

static bool duplicate(int fd, struct descriptor *ret, struct error *err)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (own < 0)
		return fail_errno(err, FAULT_USAGE, errno, "file descriptor %d", fd);
	*ret = (struct descriptor){ true, own };
	return true;
}

/* In a sealed file in memory. */
static bool copy(const void *bytes, size_t size, struct descriptor *ret, struct error *err)
{
	struct memfd memfd;
	struct file file;
	bool done;

	if (!bytes || size == 0)
		return fail(err, FAULT_USAGE, "no bytes are given");
	if (!memfd_begin("given", size, &memfd, err))
		return false;
	if (!sink_put(&memfd.sink, (struct view){ bytes, size }, err)) {
		memfd_drop(&memfd);
		return false;
	}
	if (!memfd_finish(&memfd, "given", &file, err))
		return false;
	done = duplicate(file.fd, ret, err);
	file_close(&file);
	return done;
}

/* Takes the descriptor over, also when it fails. */
static enum saut_result set_kernel(
	struct saut *saut, const char *name, struct descriptor descriptor)
{
	struct job_request *wanted = &saut->given.wanted;
	enum saut_result result = api_set_string(saut, &wanted->kernel, name);

	if (result != SAUT_DONE) {
		drop(&descriptor);
		return result;
	}
	drop(&wanted->kernel_descriptor);
	wanted->kernel_descriptor = descriptor;
	return SAUT_DONE;
}

static enum saut_result add_initrd(
	struct saut *saut, const char *name, struct descriptor descriptor)
{
	struct given *given = &saut->given;
	size_t count = given->wanted.initrd_count;
	enum saut_result result = SAUT_DONE;

	if (!name || count == PLAN_INITRDS_MAX)
		result = api_result(saut,
			fail(&saut->error, name ? FAULT_FIT_SEGMENTS : FAULT_USAGE,
				name ? "%zu initrds are given; %d are possible"
				     : "the initrd has no name",
				count + 1, PLAN_INITRDS_MAX));
	else
		result = api_set_string(saut, &given->initrds[count], name);
	if (result != SAUT_DONE) {
		drop(&descriptor);
		return result;
	}
	given->initrd_descriptors[count] = descriptor;
	given->wanted.initrd_count++;
	return SAUT_DONE;
}

enum saut_result saut_set_kernel(struct saut *saut, const char *path)
{
	return set_kernel(saut, path, (struct descriptor){ 0 });
}

enum saut_result saut_add_initrd(struct saut *saut, const char *path)
{
	return add_initrd(saut, path, (struct descriptor){ 0 });
}

enum saut_result saut_set_kernel_fd(struct saut *saut, int fd, const char *name)
{
	struct descriptor own = { 0 };

	if (!duplicate(fd, &own, &saut->error))
		return api_result(saut, false);
	return set_kernel(saut, name ? name : "the kernel", own);
}

enum saut_result saut_add_initrd_fd(struct saut *saut, int fd, const char *name)
{
	struct descriptor own = { 0 };

	if (!duplicate(fd, &own, &saut->error))
		return api_result(saut, false);
	return add_initrd(saut, name ? name : "the initrd", own);
}

enum saut_result saut_set_kernel_memory(
	struct saut *saut, const void *bytes, size_t size, const char *name)
{
	struct descriptor own = { 0 };

	if (!copy(bytes, size, &own, &saut->error))
		return api_result(saut, false);
	return set_kernel(saut, name ? name : "the kernel", own);
}

enum saut_result saut_add_initrd_memory(
	struct saut *saut, const void *bytes, size_t size, const char *name)
{
	struct descriptor own = { 0 };

	if (!copy(bytes, size, &own, &saut->error))
		return api_result(saut, false);
	return add_initrd(saut, name ? name : "the initrd", own);
}

enum saut_result saut_add_module(struct saut *saut, const char *words)
{
	struct given *given = &saut->given;
	size_t count = given->wanted.module_count;
	enum saut_result result;

	if (!words || count == PLAN_MODULES_MAX)
		return api_result(saut,
			fail(&saut->error, words ? FAULT_FIT_SEGMENTS : FAULT_USAGE,
				words ? "%zu modules are given; %d are possible"
				      : "no module is named",
				count + 1, PLAN_MODULES_MAX));
	result = api_set_string(saut, &given->modules[count], words);
	given->wanted.module_count += result == SAUT_DONE;
	return result;
}

enum saut_result saut_set_command_line(struct saut *saut, const char *line)
{
	return api_set_string(saut, &saut->given.wanted.command_line, line);
}

enum saut_result saut_set_device_tree(struct saut *saut, const char *path)
{
	return api_set_string(saut, &saut->given.wanted.device_tree, path);
}

void saut_reuse_command_line(struct saut *saut)
{
	saut->given.wanted.reuse_command_line = true;
}

void saut_tune(struct saut *saut)
{
	saut->given.wanted.tune = TUNE_ANY;
}

void saut_set_crash(struct saut *saut, bool crash)
{
	saut->given.wanted.crash = crash;
}

void saut_set_call(struct saut *saut, enum saut_call call)
{
	saut->given.wanted.call = (enum kexec_call)call;
}

void saut_set_check(struct saut *saut, enum saut_check check)
{
	saut->given.wanted.check = (enum check_wanted)check;
}

void saut_set_direct(struct saut *saut, enum saut_direct direct)
{
	saut->given.wanted.direct = (enum direct_wanted)direct;
}

void saut_set_initrd_policy(struct saut *saut, enum saut_initrd_policy policy)
{
	saut->given.wanted.initrd_form = (enum initrd_form)policy;
}

enum saut_result saut_set_limits(struct saut *saut, uint64_t first, uint64_t last)
{
	if (last <= first)
		return api_result(saut,
			fail(&saut->error, FAULT_USAGE,
				"the limits of placement %#llx and %#llx leave nothing between them",
				(unsigned long long)first, (unsigned long long)last));
	saut->given.wanted.limits = range_between(first, last == PHYS_MAX ? last : last + 1);
	return SAUT_DONE;
}

enum saut_result saut_set_watchdog(struct saut *saut, unsigned seconds, bool any_kernel)
{
	if (seconds > WATCHDOG_SECONDS_MAX)
		return api_result(saut,
			fail(&saut->error, FAULT_USAGE, "a watchdog of %u s: %d s is the most",
				seconds, WATCHDOG_SECONDS_MAX));
	saut->given.wanted.watchdog =
		(struct watchdog_wish){ .seconds = seconds, .any_kernel = any_kernel };
	return SAUT_DONE;
}

enum saut_result saut_set_root(struct saut *saut, const char *folder)
{
	return api_set_string(saut, &saut->given.wanted.root, folder);
}

void saut_set_mounting(struct saut *saut, bool mounting)
{
	saut->may_mount = mounting;
}
