/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/inspection.h"

#include "jump/initrd-wrapped.h"
#include "jump/inputs.h"
#include "jump/layers.h"
#include "machine/text.h"
#include "sys/kexec.h"
#include "sys/memfd.h"

static bool survey(
	const struct system *system, const char *path, struct inspection *i, struct error *err)
{
	const struct job_request wanted = {
		.source = system->source,
		.kernel = path,
		.kernel_descriptor = { true, i->file.fd },
		.direct = DIRECT_OFF,
		.initrd_form = INITRD_KEEP,
		.limits = { 0, PHYS_MAX },
		.watch = i->watch,
	};

	return job_survey(&i->job, &wanted, err);
}

/* What the file is does not hang on the machine, which a plan does: both are told, whatever fails first. */
static bool require_kernel(struct job *job, struct error *err)
{
	if (!(job->done & JOB_IMAGE)) {
		file_close(&job->unpacked);
		job->unpacked = (struct file){ 0 };
		if (!inputs_read_kernel(job, err))
			return false;
	}
	return job->done & JOB_LAYERS || layers_open(job, err);
}

static const char *text(struct arena *arena, const char *s)
{
	const char *copy = arena_string(arena, view_of_string(s));

	return copy ? copy : "out of memory";
}

static const char *hexadecimal(struct arena *arena, struct view bytes)
{
	const char *hex = "";

	for (size_t i = 0; hex && i < bytes.n; i++)
		hex = arena_printf(arena, "%s%02x", hex, bytes.p[i]);
	return hex ? hex : "";
}

static bool add_signature(const struct system *system, struct view bytes, const char *of,
	struct inspection *i, struct error *err)
{
	struct inspection_signature *s = &i->kernel.signatures[i->kernel.signature_count];
	const struct x509 *signer = &s->trust.signature.chain[0].x509;

	s->of = of;
	if (!trust_find(bytes, system->source, &i->arena, &s->trust, err))
		return false;
	if (!s->trust.is_pe)
		return true;
	s->serial = hexadecimal(&i->arena, signer->serial);
	s->key_id = hexadecimal(&i->arena, signer->key_id);
	s->sha256 = hexadecimal(&i->arena,
		(struct view){ s->trust.hash, s->trust.has_hash ? sizeof s->trust.hash : 0 });
	i->kernel.signature_count++;
	return true;
}

/* The file as it is handed over, and the kernel in a UKI, which is handed over where the UKI is not taken. */
static bool find_signatures(const struct system *system, struct inspection *i, struct error *err)
{
	const struct job *job = &i->job;

	if (!add_signature(system, job->request.kernel.bytes, "the file", i, err))
		return false;
	return !i->kernel.is_unified ||
		add_signature(system, job->uki.uki.kernel, "the kernel in it", i, err);
}

static void find_layers(struct inspection *i)
{
	const struct codec *codec = image_wrapper(i->file.bytes);
	size_t n = 0;

	if (codec)
		i->kernel.layers[n++] = codec->name;
	for (size_t layer = 0; layer < i->job.layer_count && n < INSPECT_LAYERS_MAX; layer++)
		i->kernel.layers[n++] = i->job.layers[layer].image.name;
}

static bool find_uimage(struct inspection *i, struct error *err)
{
	for (size_t layer = 0; layer < i->job.layer_count && !i->has_uimage; layer++) {
		const struct image *image = &i->job.layers[layer].image;

		if (image->format != IMAGE_UIMAGE)
			continue;
		i->has_uimage = true;
		if (!inspect_uimage(&image->uimage, &i->arena, &i->uimage, err))
			return false;
	}
	return true;
}

/* What the kernel unpacks itself to. That it cannot be unpacked here leaves it unknown. */
static void unpack_payload(struct inspection *i)
{
	const struct bzimage *image = &i->job.image.bzimage;
	struct error ignored = { 0 };
	struct memfd memfd;
	struct file file;
	uint64_t used;

	if (!image->payload_codec ||
		!memfd_begin("vmlinux", image_unpack_limit(image->payload.n), &memfd, &ignored))
		return;
	memfd.sink.watch = &i->reading.watch;
	if (!codec_unpack(image->payload_codec, image->payload, &memfd.sink, &used, &ignored)) {
		memfd_drop(&memfd);
		return;
	}
	if (!memfd_finish(&memfd, "vmlinux", &file, &ignored))
		return;
	i->kernel.unpacked_size = file.bytes.n;
	i->kernel.kaslr = inspect_kaslr(file.bytes);
	file_close(&file);
}

static void find_unpacked(struct inspection *i)
{
	const struct image *image = &i->job.image;

	if (image->format == IMAGE_BZIMAGE) {
		unpack_payload(i);
		return;
	}
	if (image->format == IMAGE_ZIMAGE)
		i->kernel.unpacked_size = image->zimage.unpacked_size;
	else if (image->format != IMAGE_FOREIGN && image->format != IMAGE_S390X)
		i->kernel.unpacked_size = image->bytes.n;
	if (image->format == IMAGE_ELF && image->arch == ARCH_X86_64)
		i->kernel.kaslr = inspect_kaslr(image->bytes);
}

/* By the plan, and by what the running kernel has: nobody is asked for the plan without either. */
static void find_call(struct inspection *i, const struct error *refused)
{
	struct inspection_kernel *kernel = &i->kernel;
	const struct job *job = &i->job;
	struct error why = *refused;
	char hint[ERROR_HINT_MAX];

	if (job->done & JOB_PLAN)
		kernel->file_load_obstacle = job->plan.file_load_obstacle;
	if (job->done & JOB_PLAN && kexec_require(&job->machine.kexec, &why)) {
		kernel->call = job->plan.call;
		kernel->call_reason = job->plan.call_reason;
		return;
	}
	kernel->refused = text(&i->arena, why.reason);
	error_hint(&why, hint);
	kernel->advice = hint[0] ? text(&i->arena, hint) : NULL;
}

static const char *release_of(const char *version, struct arena *arena)
{
	struct view text = view_of_string(version), word;
	const char *release = text_word(&text, &word) ? arena_string(arena, word) : "";

	return release ? release : "";
}

/* A limit that was reached now, too little memory, a call that failed: nothing that the file is, or would be here. */
static bool is_of_the_moment(const struct error *refused)
{
	return refused->fault == FAULT_NO_MEMORY || refused->fault == FAULT_LIMITED ||
		refused->fault == FAULT_KERNEL_OTHER;
}

static bool inspect_kernel(
	const struct system *system, const char *path, struct inspection *i, struct error *err)
{
	struct inspection_kernel *kernel = &i->kernel;
	struct error refused = { 0 };
	const struct image *image = &i->job.image;

	(void)!survey(system, path, i, &refused);
	if (!(i->job.done & JOB_ADMITTED) || is_of_the_moment(&refused)) {
		*err = refused;
		return false;
	}
	if (!require_kernel(&i->job, err))
		return false;
	kernel->format = image->name;
	kernel->arch = image->arch ? cpu_arch_name(image->arch) : "";
	kernel->version = image->version;
	kernel->release = release_of(kernel->version, &i->arena);
	kernel->file_size = i->file.bytes.n;
	kernel->boot = inspect_boot_of(image);
	kernel->is_unified = i->job.uki.bytes.n > 0;
	find_layers(i);
	if (!find_uimage(i, err))
		return false;
	find_unpacked(i);
	find_call(i, &refused);
	if (kernel->is_unified && !inspect_unified(&i->job.uki, &i->arena, &kernel->unified, err))
		return false;
	i->has_initrd =
		kernel->is_unified && i->job.uki.uki.initrd.n && !i->job.uki.uki.initrd_hash.n;
	return find_signatures(system, i, err) &&
		(!i->has_initrd ||
			inspect_initrd(i->job.uki.uki.initrd, &i->reading.watch, &i->arena,
				&i->initrd, err));
}

/* As a load would take it: what is in a uImage, and nothing of one that is damaged. */
static bool inspect_initrd_file(struct inspection *i, struct error *err)
{
	struct view initrd = i->file.bytes;
	struct uimage uimage;

	i->has_initrd = true;
	i->has_uimage = uimage_probe(initrd);
	if (i->has_uimage &&
		(!initrd_read_uimage(initrd, &uimage, err) ||
			!inspect_uimage(&uimage, &i->arena, &i->uimage, err)))
		return false;
	return inspect_initrd(i->has_uimage ? uimage.payload.bytes : initrd, &i->reading.watch,
		&i->arena, &i->initrd, err);
}

/* The file as a whole: whatever lies in it has its place there. */
static void begin_reading(struct inspection *i, const char *path)
{
	i->input = (struct input){ path, i->file.bytes, i->file.fd };
	i->reading = (struct reading){
		.to = &i->watch, .step = "looking into the file", .files = &i->input, .count = 1
	};
	reading_begin(&i->reading);
}

bool inspection_make(const struct system *system, const char *path, struct job_watch watch,
	struct inspection *ret, struct error *err)
{
	struct inspection *i = ret;

	*i = (struct inspection){ .file.fd = -1, .watch = watch };
	if (!file_open(path, &i->file, err))
		return error_attempting(err, "inspect %s", path);
	begin_reading(i, path);
	i->kind = inspect_kind_of(i->file.bytes);
	switch (i->kind) {
	case INSPECT_KERNEL:
		if (inspect_kernel(system, path, i, err))
			return true;
		break;
	case INSPECT_INITRD:
		if (inspect_initrd_file(i, err))
			return true;
		break;
	case INSPECT_TREE:
		if (inspect_tree(i->file.bytes, &i->arena, &i->tree, err))
			return true;
		break;
	}
	return error_attempting(err, "inspect %s", path);
}

void inspection_free(struct inspection *inspection)
{
	job_free(&inspection->job);
	file_close(&inspection->file);
	arena_free(&inspection->arena);
}
