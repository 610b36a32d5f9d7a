/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/inputs.h"

#include <string.h>

#include "base/arith.h"
#include "jump/holding.h"
#include "jump/initrd-wrapped.h"
#include "jump/reading.h"

static bool unpack(struct job *job, const struct codec *codec, struct error *err)
{
	const struct file *from = &job->kernel;
	const struct input packed = { from->path, from->bytes, from->fd };
	struct reading reading = { .to = &job->wanted.watch,
		.step = "unpacking the kernel",
		.files = &packed,
		.count = 1 };
	struct memfd memfd;
	uint64_t used;

	if (!holding_begin(job, "kernel", image_unpack_limit(from->bytes.n), &memfd, err))
		return false;
	reading_begin(&reading);
	memfd.sink.watch = &reading.watch;
	if (!codec_unpack(codec, from->bytes, &memfd.sink, &used, err)) {
		memfd_drop(&memfd);
		return error_prefix(err, "%s: ", codec->name);
	}
	return memfd_finish(&memfd, from->path, &job->unpacked, err);
}

/* Of a descriptor that is given a duplicate is mapped: its offset does not matter. */
static bool open_input(const struct job *job, const char *path, struct descriptor given,
	struct file *ret, struct error *err)
{
	return given.is_given ? file_open_descriptor(path, given.fd, ret, err)
			      : file_open_within(job->wanted.confines, path, ret, err);
}

static bool read_kernel(struct job *job, struct error *err)
{
	const struct file *file = &job->kernel;
	const struct codec *codec = image_wrapper(job->kernel.bytes);

	if (codec) {
		job_step(job, "unpacking the kernel", file->path, 0, file->bytes.n);
		if (!unpack(job, codec, err))
			return false;
		job_step(job, "unpacking the kernel", file->path, file->bytes.n, file->bytes.n);
		file = &job->unpacked;
	}
	job->request.kernel = (struct input){ job->wanted.kernel, file->bytes, file->fd };
	if (job->wanted.type)
		return image_parse_as(file->bytes, job->wanted.type, &job->arena, &job->image, err);
	return image_parse(file->bytes, &job->arena, &job->image, err);
}

static bool check_type(const struct job *job, struct error *err)
{
	const char *type = job->wanted.type;

	if (!type || image_has_type(&job->image, type))
		return true;
	return fail(err, FAULT_IMAGE_WRONG_TYPE, "it is of the format %s, not %s", job->image.name,
		type);
}

/* The kernel takes any bytes; a person who sees this note may have mixed files up. */
static void note_oddities(struct job *job, const struct input *input, const struct initrd *initrd)
{
	if (!initrd->is_initramfs)
		notes_add(&job->notes,
			"%s is no archive that the kernel unpacks as an initramfs; it is passed on as "
			"it is",
			input->name);
	if (input != job->inputs && initrd->count && initrd->archives[0].microcode)
		notes_add(&job->notes,
			"%s holds microcode, which the kernel only finds in the first initrd",
			input->name);
}

void inputs_add(struct job *job, struct input input)
{
	const size_t index = job->input_count++;

	job->inputs[index] = input;
	/* Once: a search for the end of what is compressed reads all of it. */
	job->given[index] = initrd_parse(input.bytes);
	note_oddities(job, &job->inputs[index], &job->given[index]);
}

static bool open_initrd(struct job *job, size_t index, struct error *err)
{
	const struct descriptor *given = job->wanted.initrd_descriptors;
	struct descriptor none = { 0 };
	struct file *file = &job->initrds[index];
	struct input input;

	if (!open_input(job, job->wanted.initrds[index], given ? given[index] : none, file, err) ||
		!holding_admit(job, file, err))
		return error_attempting(err, "load the initrd %s", job->wanted.initrds[index]);
	input = (struct input){ file->path, file->bytes, file->fd };
	if (!initrd_unwrap(job, &input, err))
		return false;
	inputs_add(job, input);
	return true;
}

/* The file's name ends at the first blank. */
static bool open_module(struct job *job, size_t index, struct error *err)
{
	const char *line = job->wanted.modules[index];
	struct view name = { (const uint8_t *)line, strcspn(line, " ") };
	const char *path = arena_string(&job->arena, name);
	struct file *file = &job->module_files[index];

	if (!path)
		return fail_no_memory(err);
	if (!file_open_within(job->wanted.confines, path, file, err) ||
		!holding_admit(job, file, err))
		return error_attempting(err, "load the module %s", path);
	job->modules[index] = (struct module){ { file->path, file->bytes, file->fd }, line };
	return true;
}

static bool open_modules(struct job *job, struct error *err)
{
	if (job->wanted.module_count > PLAN_MODULES_MAX)
		return fail(err, FAULT_FIT_SEGMENTS, "%zu modules are given; %d are possible",
			job->wanted.module_count, PLAN_MODULES_MAX);
	for (size_t i = 0; i < job->wanted.module_count; i++)
		if (!open_module(job, i, err))
			return false;
	job->request.modules = job->modules;
	job->request.module_count = job->wanted.module_count;
	return true;
}

bool inputs_open_kernel(struct job *job, struct error *err)
{
	return open_input(
		job, job->wanted.kernel, job->wanted.kernel_descriptor, &job->kernel, err);
}

bool inputs_admit_kernel(struct job *job, struct error *err)
{
	return holding_admit(job, &job->kernel, err);
}

bool inputs_read_kernel(struct job *job, struct error *err)
{
	return read_kernel(job, err) && check_type(job, err);
}

bool inputs_open_rest(struct job *job, struct error *err)
{
	if (job->wanted.initrd_count > PLAN_INITRDS_MAX)
		return fail(err, FAULT_FIT_SEGMENTS, "%zu initrds are given; %d are possible",
			job->wanted.initrd_count, PLAN_INITRDS_MAX);
	for (size_t i = 0; i < job->wanted.initrd_count; i++)
		if (!open_initrd(job, i, err))
			return false;
	job->request.initrds = job->inputs;
	job->request.initrd_count = job->input_count;
	return open_modules(job, err);
}

/* Each but the last with what the next one wants in front. */
static bool append(struct memfd *memfd, struct view bytes, bool is_last, struct error *err)
{
	static const uint8_t zeros[INITRD_ALIGN + INITRD_GAP];
	const size_t n = -bytes.n % INITRD_ALIGN + INITRD_GAP;

	return sink_put(&memfd->sink, bytes, err) &&
		(is_last || sink_put(&memfd->sink, (struct view){ zeros, n }, err));
}

bool inputs_join(struct job *job, struct error *err)
{
	struct memfd memfd;

	if (job->request.initrd_count == 0 ||
		(job->request.initrd_count == 1 && job->request.initrds[0].fd >= 0))
		return true;
	if (!holding_begin(job, "initrds", UINT64_MAX, &memfd, err))
		return false;
	for (size_t i = 0; i < job->request.initrd_count; i++) {
		if (append(&memfd, job->request.initrds[i].bytes,
			    i + 1 == job->request.initrd_count, err))
			continue;
		memfd_drop(&memfd);
		return error_prefix(err, "joining the initrds: ");
	}
	if (!memfd_finish(&memfd, "the initrds", &job->joined, err))
		return false;
	job->joined_input = (struct input){ job->joined.path, job->joined.bytes, job->joined.fd };
	job->request.initrds = &job->joined_input;
	job->request.initrd_count = 1;
	return true;
}

/* The kernel, initrds, what is kept ready of these, modules, the device tree. NULL: no more. */
static struct file *file_at(struct job *job, size_t i)
{
	const size_t initrds = job->wanted.initrd_count, modules = job->wanted.module_count;

	if (i == 0)
		return &job->kernel;
	if (--i < initrds)
		return &job->initrds[i];
	i -= initrds;
	if (i < initrds)
		return &job->kept_initrds[i].file;
	i -= initrds;
	if (i < modules)
		return &job->module_files[i];
	return i == modules ? &job->device_tree : NULL;
}

/* The next one that is open, which others may write to. */
static struct file *next_file(struct job *job, size_t *at)
{
	struct file *file;

	do
		file = file_at(job, (*at)++);
	while (file && !file->bytes.p);
	return file;
}

bool inputs_check(struct job *job, struct error *err)
{
	const struct file *file;

	for (size_t at = 0; (file = next_file(job, &at));)
		if (!file_check(file, err))
			return false;
	return true;
}

/* A copy of what others may write to, where there is memory for one. */
static bool copy(const struct job *job, struct file *file, uint64_t *copied, struct error *err)
{
	const uint64_t room = holding_room(job);

	if (file->is_copied)
		return true;
	if (file->bytes.n > room || *copied > room - file->bytes.n)
		return fail(err, FAULT_NO_MEMORY,
			"%s may be written to by others, and a copy of its %zu MiB does not fit into the "
			"%llu MiB of memory that are available",
			file->path, file->bytes.n >> 20,
			(unsigned long long)((room > *copied ? room - *copied : 0) >> 20));
	*copied += file->bytes.n;
	return file_copy(file, err);
}

bool inputs_hold(struct job *job, bool *ret_held, struct error *err)
{
	uint64_t copied = 0;
	struct file *file;

	*ret_held = true;
	for (size_t at = 0; (file = next_file(job, &at));) {
		if (file_lease(file))
			continue;
		/* A copy is of no use to a call that reads the file itself. */
		if (job->plan.call == CALL_FILE_LOAD)
			*ret_held = false;
		else if (!copy(job, file, &copied, err))
			return false;
	}
	return inputs_check(job, err);
}

void inputs_release(struct job *job)
{
	struct file *file;

	for (size_t at = 0; (file = next_file(job, &at));)
		file_release(file);
}

void inputs_close(struct job *job)
{
	file_close(&job->kernel);
	file_close(&job->unpacked);
	file_close(&job->vmlinux);
	file_close(&job->device_tree);
	file_close(&job->joined);
	for (size_t i = 0; i < PLAN_INITRDS_MAX; i++)
		file_close(&job->initrds[i]);
	for (size_t i = 0; i < PLAN_MODULES_MAX; i++)
		file_close(&job->module_files[i]);
}
