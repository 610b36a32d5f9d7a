/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/crash-target.h"

#include <string.h>

#include "machine/facts.h"

/* One CPU takes the least memory, and drivers find devices as the dead kernel left them (kdump.rst in Linux). */
#define USUAL_WORDS "nr_cpus=1 reset_devices"

#define DEBIAN_UNIT "kdump-tools-dump.service"

/* Where the tools of distributions keep the initrd that saves a dump, the kernel's release in the middle. */
static const struct dump_initrd {
	const char *tools, *before, *after;
	const char *unit;  /* that saves it, where no initrd does; NULL: this one does */
	const char *words; /* by which that is started */
} dump_initrds[] = {
	{ "kdump-tools", "/var/lib/kdump/initrd.img-", "", "/usr/lib/systemd/system/" DEBIAN_UNIT,
		USUAL_WORDS " systemd.unit=" DEBIAN_UNIT },
	{ "kdump-tools", "/var/lib/kdump/initrd.img-", "", "/lib/systemd/system/" DEBIAN_UNIT,
		USUAL_WORDS " systemd.unit=" DEBIAN_UNIT },
	{ "kdump-tools", "/var/lib/kdump/initrd.img-", "", NULL, USUAL_WORDS },
	{ "kdump-utils", "/boot/initramfs-", "kdump.img", NULL, USUAL_WORDS },
	{ "kdump-utils", "/var/lib/kdump/initramfs-", "kdump.img", NULL, USUAL_WORDS },
	{ "SUSE's kdump", "/boot/initrd-", "-kdump", NULL, USUAL_WORDS },
};

/* The names of the running kernel's file, its release in the middle. */
static const struct {
	const char *before, *after;
} kernels[] = {
	{ "/boot/vmlinuz-", "" },
	{ "/usr/lib/modules/", "/vmlinuz" },
	{ "/lib/modules/", "/vmlinuz" },
	{ "/boot/Image-", "" },
};

struct finding {
	struct system *system;
	struct crash_target *target;
	const char *dump_initrd; /* NULL: there is none */
};

/* What is there may be larger than what a source reads as a whole. */
static bool is_there(struct system *system, const char *path, bool *ret, struct error *err)
{
	struct view head = { 0 };

	if (system->source->look(system->source, path + 1, 1, &system->arena, &head, err) ==
		IS_UNREADABLE)
		return false;
	*ret = head.p != NULL;
	return true;
}

static bool take_dump_initrd(
	struct finding *f, const struct dump_initrd *row, bool *ret, struct error *err)
{
	const char *path = arena_printf(
		&f->system->arena, "%s%s%s", row->before, f->target->release, row->after);

	if (!path)
		return fail_no_memory(err);
	if (!is_there(f->system, path, ret, err) ||
		(*ret && row->unit && !is_there(f->system, row->unit, ret, err)))
		return false;
	if (*ret) {
		f->dump_initrd = path;
		f->target->tools = row->tools;
		f->target->words = row->words;
	}
	return true;
}

static bool find_dump_initrd(struct finding *f, struct error *err)
{
	bool found = false;

	for (size_t i = 0; !found && i < sizeof dump_initrds / sizeof *dump_initrds; i++)
		if (!take_dump_initrd(f, &dump_initrds[i], &found, err))
			return false;
	return true;
}

/* *ret NULL: it has none of these names. */
static bool find_kernel(const struct finding *f, const char **ret, struct error *err)
{
	bool found = false;

	*ret = NULL;
	for (size_t i = 0; !found && i < sizeof kernels / sizeof *kernels; i++) {
		const char *path = arena_printf(&f->system->arena, "%s%s%s", kernels[i].before,
			f->target->release, kernels[i].after);

		if (!path)
			return fail_no_memory(err);
		if (!is_there(f->system, path, &found, err))
			return false;
		*ret = found ? path : NULL;
	}
	return true;
}

/* That it was not found is known where all entries are. */
static bool find_running(const struct finding *f, struct entry *ret, struct error *err)
{
	const struct entry *entry;
	struct entries entries;

	if (!system_entries(f->system, &entries, err) ||
		!system_choose(f->system, &entries, (struct entry_wish){ ENTRY_BY_RUNNING, NULL },
			&entry, err))
		return error_prefix(err,
			"the running kernel, Linux %s, is not in /boot by its release: ",
			f->target->release);
	*ret = *entry;
	return true;
}

static bool find_by_path(
	const struct finding *f, const char *kernel, struct entry *ret, struct error *err)
{
	const char **initrds = arena_alloc_array(&f->system->arena, 1, sizeof *initrds);
	struct path_wish wish = { .kernel = kernel, .initrd_by = "the initrd" };

	if (!initrds)
		return fail_no_memory(err);
	initrds[0] = f->dump_initrd;
	wish.initrds = initrds;
	wish.initrd_count = f->dump_initrd ? 1 : 0;
	return entry_by_path(f->system, &wish, ret, err);
}

static bool find_entry(
	struct finding *f, const struct path_wish *wish, struct entry *ret, struct error *err)
{
	const char *named;

	if (wish)
		return entry_by_path(f->system, wish, ret, err);
	if (!find_dump_initrd(f, err) || !find_kernel(f, &named, err))
		return false;
	return named ? find_by_path(f, named, ret, err) : find_running(f, ret, err);
}

bool crash_target_find(struct system *system, const struct path_wish *wish,
	struct crash_target *ret, struct error *err)
{
	struct crash_target target = { .words = USUAL_WORDS };
	struct finding f = { system, &target, NULL };
	struct entry *entry = arena_alloc(&system->arena, sizeof *entry);

	target.release = release_capture(system->source, &system->arena);
	if (!entry)
		return fail_no_memory(err);
	if (!wish && !target.release[0])
		return fail(err, FAULT_NO_ENTRY,
			"which kernel is running is not known: it has to be named");
	if (!find_entry(&f, wish, entry, err))
		return false;
	target.kernel = entry->kernel;
	target.job = system_entry_request(system, entry);
	target.job.reuse_command_line = true;
	target.job.command_line = target.words;
	target.job.crash = true;
	target.job.quirks.hotplug = true;
	*ret = target;
	return true;
}

bool crash_target_again(
	struct system *system, const struct loading *of, struct job_request *ret, struct error *err)
{
	struct entry *entry = arena_alloc(&system->arena, sizeof *entry);
	struct job_request job;

	if (!entry)
		return fail_no_memory(err);
	if (!of->initrds || !of->command_line)
		return fail(err, FAULT_NO_CRASH_KERNEL,
			"with which initrds and command line %s is loaded is not recorded",
			of->kernel);
	*entry = (struct entry){
		.kernel = of->kernel, .initrds = of->initrds, .command_line = of->command_line
	};
	while (of->initrds[entry->initrd_count])
		entry->initrd_count++;
	job = system_entry_request(system, entry);
	job.crash = true;
	job.quirks.hotplug = true;
	for (unsigned i = CALL_LOAD; of->call && i <= CALL_FILE_LOAD; i++)
		if (strcmp(of->call, kexec_call_name((enum kexec_call)i)) == 0)
			job.call = (enum kexec_call)i;
	*ret = job;
	return true;
}
