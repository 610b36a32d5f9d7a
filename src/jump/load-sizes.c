/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/load-sizes.h"

#include "initrd/initrd.h"
#include "sys/space.h"

static uint64_t kernel_of(const struct job *job)
{
	const struct image *image = &job->image;

	switch (image->format) {
	case IMAGE_BZIMAGE:
		return image->bzimage.init_size;
	case IMAGE_RAW:
		return image->raw.memory_size;
	case IMAGE_ELF:
		return image->elf.memory.size;
	case IMAGE_UKI:
	case IMAGE_ZBOOT:
	case IMAGE_MULTIBOOT:
	case IMAGE_FOREIGN:
		break;
	}
	return 0;
}

static bool add_archive(struct view file, const struct initrd_archive *archive, uint64_t *total)
{
	struct space scratch;
	struct error unsaid;
	struct view packed;
	uint64_t used, size = archive->size;
	bool done;

	if (archive->kind == INITRD_CPIO) {
		*total += size;
		return true;
	}
	if (archive->kind != INITRD_COMPRESSED || !archive->codec->unpack ||
		!view_sub(file, archive->offset, archive->size, &packed))
		return false;
	scratch = space_scratch(0);
	done = archive->codec->unpack(packed, &scratch.sink, &used, &unsaid);
	*total += scratch.sink.taken;
	space_drop(&scratch);
	return done;
}

static bool add_initrd(struct view file, uint64_t *total)
{
	struct initrd initrd = initrd_parse(file);

	for (size_t i = 0; i < initrd.count; i++)
		if (!add_archive(file, &initrd.archives[i], total))
			return false;
	return true;
}

struct load_sizes load_sizes_of(const struct job *job)
{
	struct load_sizes sizes = { .has_unpacked = (job->done & JOB_REST) != 0 };

	if (!(job->done & JOB_IMAGE))
		return (struct load_sizes){ 0 };
	sizes.kernel = kernel_of(job);
	for (size_t i = 0; i < job->input_count; i++) {
		const struct view file = job->inputs[i].bytes;

		sizes.initrds += file.n;
		sizes.has_unpacked = sizes.has_unpacked && add_initrd(file, &sizes.unpacked);
	}
	return sizes;
}
