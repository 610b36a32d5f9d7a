/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/load-sizes.h"

#include "initrd/repack.h"
#include "sys/space.h"

static uint64_t kernel_of(const struct job *job)
{
	const struct image *image = &job->image;

	switch (image->format) {
	case IMAGE_BZIMAGE:
		return image->bzimage.init_size;
	case IMAGE_RAW:
		return image->raw.memory_size;
	case IMAGE_ZIMAGE:
		return image->zimage.memory_size;
	case IMAGE_ELF:
		return image->elf.memory.size;
	case IMAGE_UIMAGE:
	case IMAGE_UKI:
	case IMAGE_ZBOOT:
	case IMAGE_POWERPC_ZIMAGE:
	case IMAGE_S390X: /* it does not say */
	case IMAGE_MULTIBOOT:
	case IMAGE_FOREIGN:
		break;
	}
	return 0;
}

/* By making it what Linux would unpack: one archive may follow another without its end being told. */
static bool add_initrd(struct view file, uint64_t *total)
{
	const struct repack_request all = { file, INITRD_RAW, UINT64_MAX, NULL };
	struct initrd_part parts[INITRD_ARCHIVES_MAX];
	struct space scratch = space_scratch(0);
	struct error unsaid;
	size_t count;
	bool done = initrd_repack(&all, &scratch.sink, parts, &count, &unsaid);

	*total += scratch.sink.taken;
	space_drop(&scratch);
	return done;
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
