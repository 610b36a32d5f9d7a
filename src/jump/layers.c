/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/layers.h"

#include "image/elf-raw.h"
#include "image/pe.h"
#include "jump/holding.h"
#include "jump/reading.h"
#include "jump/uki.h"
#include "plan/meaning.h"

/* The kernel lies in the bytes of the file, and needs no file of its own yet. */
static bool open_uki(struct job *job, struct layer *layer, struct image *ret, struct error *err)
{
	(void)layer;
	return image_parse(job->image.uki.kernel, &job->arena, ret, err) && uki_open(job, err);
}

/* What write puts into the layer's file in memory. */
static bool fill(struct job *job, struct layer *layer,
	bool (*write)(const struct image *image, struct sink *sink, struct error *err),
	struct error *err)
{
	const struct image *image = &layer->image;
	const struct input whole = { job->wanted.kernel, image->bytes, -1 };
	struct reading reading = { .to = &job->wanted.watch,
		.step = "unpacking the kernel",
		.files = &whole,
		.count = 1 };
	struct memfd memfd;

	if (!holding_begin(job, "kernel", image_unpack_limit(image->bytes.n), &memfd, err))
		return false;
	reading_begin(&reading);
	memfd.sink.watch = &reading.watch;
	if (!write(image, &memfd.sink, err)) {
		memfd_drop(&memfd);
		return false;
	}
	return memfd_finish(&memfd, job->wanted.kernel, &layer->file, err);
}

static const struct payload *payload_of(const struct image *image)
{
	if (image->format == IMAGE_UIMAGE)
		return &image->uimage.payload;
	return image->format == IMAGE_ZBOOT ? &image->zboot.payload
					    : &image->powerpc_zimage.payload;
}

static bool unpack(const struct image *image, struct sink *sink, struct error *err)
{
	return payload_unpack(payload_of(image), sink, err);
}

/* Not packed, the kernel lies in the bytes of the file. */
static bool open_payload(struct job *job, struct layer *layer, struct image *ret, struct error *err)
{
	const struct payload *payload = payload_of(&layer->image);

	if (payload->compression && !fill(job, layer, unpack, err))
		return false;
	return image_parse(
		payload->compression ? layer->file.bytes : payload->bytes, &job->arena, ret, err);
}

static bool join_elf(const struct image *image, struct sink *sink, struct error *err)
{
	return elf_raw_write(&image->elf, sink, err);
}

/* Its parts put together are the raw image that image_parse has described already. */
static bool open_elf(struct job *job, struct layer *layer, struct image *ret, struct error *err)
{
	if (!fill(job, layer, join_elf, err))
		return false;
	*ret = layer->image;
	ret->format = IMAGE_RAW;
	ret->bytes = layer->file.bytes;
	return true;
}

/* In the order in which they may lie in each other, outermost first; each once. */
static const struct kind {
	enum image_format format;
	const char *name, *with_article;
	bool is_mistaken; /* by kexec_file_load, for the kernel in it */
	bool (*open)(struct job *job, struct layer *layer, struct image *ret, struct error *err);
} kinds[] = {
	{ IMAGE_UIMAGE, "uImage", "a uImage", false, open_payload },
	{ IMAGE_UKI, "UKI", "a UKI", false, open_uki },
	{ IMAGE_ZBOOT, "EFI zboot image", "an EFI zboot image", false, open_payload },
	{ IMAGE_POWERPC_ZIMAGE, "zImage", "a zImage", true, open_payload },
	{ IMAGE_ELF, "ELF file", "an ELF file", false, open_elf },
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

_Static_assert((int)KIND_COUNT == (int)JOB_LAYERS_MAX, "a layer of each kind");

/* NULL for a kernel itself, as an ELF file is for CPUs without raw images. */
static const struct kind *kind_of(const struct image *image)
{
	if (image->format == IMAGE_ELF && !image->raw.memory_size)
		return NULL;
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (kinds[i].format == image->format)
			return &kinds[i];
	return NULL;
}

static bool make_file(struct job *job, struct layer *layer, struct view content, struct error *err)
{
	struct memfd memfd;

	if (layer->file.bytes.p)
		return true;
	if (!holding_begin(job, "kernel", UINT64_MAX, &memfd, err))
		return false;
	if (!sink_put(&memfd.sink, content, err)) {
		memfd_drop(&memfd);
		return false;
	}
	return memfd_finish(&memfd, job->wanted.kernel, &layer->file, err);
}

/* From here on the file of the kernel is what is in this layer. */
static void hand_on(struct job *job, const struct layer *layer)
{
	job->layers_off = (size_t)(layer - job->layers) + 1;
	job->request.kernel = (struct input){ layer->file.path, layer->file.bytes, layer->file.fd };
}

static bool open_layer(struct job *job, const struct kind *kind, struct error *err)
{
	struct layer *layer = &job->layers[job->layer_count];
	struct image inner;
	const struct kind *next;

	layer->image = job->image;
	layer->name = kind->name;
	if (!kind->open(job, layer, &inner, err))
		return error_prefix(err, "the kernel in this %s: ", kind->name);
	next = kind_of(&inner);
	if (next && next <= kind)
		return fail(err, FAULT_IMAGE_CORRUPT, "the kernel in this %s is %s itself",
			kind->name, next->with_article);
	job->layer_count++;
	job->image = inner;
	if (!kind->is_mistaken)
		return true;
	if (!make_file(job, layer, inner.bytes, err))
		return false;
	hand_on(job, layer);
	return true;
}

bool layers_open(struct job *job, struct error *err)
{
	const struct kind *kind;

	for (kind = kind_of(&job->image); kind; kind = kind_of(&job->image))
		if (!open_layer(job, kind, err))
			return false;
	return true;
}

/* What is in a layer, as the kernel or the next layer was made of it. */
static struct view content_of(const struct job *job, size_t layer)
{
	return layer + 1 < job->layer_count ? job->layers[layer + 1].image.bytes : job->image.bytes;
}

bool layers_take_off(struct job *job, struct error *err)
{
	const struct meaning *meaning =
		meaning_of(err->errnum, CALL_FILE_LOAD, &job->machine.kexec);
	struct layer *layer = &job->layers[job->layers_off];

	if (job->layers_off == job->layer_count || job->plan.call != CALL_FILE_LOAD || !meaning ||
		!meaning->inner_may_do)
		return false;
	notes_add(
		&job->notes, "%s; falling back to the kernel in the %s", err->reason, layer->name);
	*err = (struct error){ 0 };
	if (!make_file(job, layer, content_of(job, job->layers_off), err))
		return false;
	hand_on(job, layer);
	return true;
}

bool layers_explain(const struct job *job, struct error *err)
{
	const struct layer *off;
	struct error ignored = { 0 };
	struct pe pe = { 0 };

	if (job->layers_off == 0 || job->plan.call != CALL_FILE_LOAD ||
		(err->fault != FAULT_SIGNATURE && err->fault != FAULT_LOCKDOWN))
		return false;
	off = &job->layers[job->layers_off - 1];
	return error_prefix(err,
		pe_parse(off->file.bytes, &pe, &ignored) && pe.certificates.n
			? "the running kernel takes no %s, and the kernel in it has a signature of "
			  "its own: "
			: "the running kernel takes no %s, and the kernel in it is not signed: ",
		off->name);
}

void layers_close(struct job *job)
{
	for (size_t i = 0; i < JOB_LAYERS_MAX; i++)
		file_close(&job->layers[i].file);
}
