/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kernels of other CPUs lie in: each layer taken off, and the file that is handed over. */
#include "codec/pack.h"

#include <errno.h>
#include <unistd.h>

#include "image/powerpc-zimage-file.h"
#include "image/raw-file.h"
#include "image/uimage-file.h"
#include "image/zboot-file.h"
#include "jump/layers.h"

enum {
	CONTENT_MAX = 1 << 16,
	LONGER = 1 << 20, /* than what is unpacked to name a kernel */
};

struct fixture {
	struct arena a;
	struct job job;
	struct error err;
};

static bool open_layers(struct fixture *f, struct view file)
{
	f->err = (struct error){ 0 };
	f->job = (struct job){ .wanted.kernel = "vmlinuz", .notes.arena = &f->job.arena };
	assert_true(image_parse(file, &f->a, &f->job.image, &f->err));
	return layers_open(&f->job, &f->err);
}

static void close_layers(struct fixture *f)
{
	layers_close(&f->job);
	arena_free(&f->job.arena);
}

static struct view raw_image(struct fixture *f, int kernel)
{
	return rf_view(rf_make(&f->a, &rf_kernels[kernel], false));
}

static struct view zboot_of(
	struct fixture *f, struct view kernel, const char *packer, const char *name)
{
	return pef_view(zf_make(&f->a, PEF_ARM64, name, pack_with(packer, &f->a, kernel)));
}

static struct view uki_of(struct fixture *f, struct view kernel)
{
	const struct pef_section sections[] = { { ".linux", NULL, kernel },
		{ ".initrd", "embedded", { 0 } } };

	return pef_view(pef_make(&f->a, PEF_ARM64, sections, 2));
}

static struct view content_of(const struct file *file, uint8_t *p, size_t size)
{
	ssize_t n = pread(file->fd, p, size, 0);

	assert_true(n >= 0);
	return (struct view){ p, (size_t)n };
}

/* The kernel that hands over says that it knows no such file. */
static bool refused(struct fixture *f, int errnum)
{
	f->job.plan.call = CALL_FILE_LOAD;
	f->err = (struct error){ .errnum = errnum, .reason = "refused" };
	return layers_take_off(&f->job, &f->err);
}

static void a_kernel_has_no_layers(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	for (int i = 0; i < RF_KERNELS; i++) {
		assert_true(open_layers(&f, raw_image(&f, i)));
		assert_int_equal(f.job.layer_count, 0);
		assert_false(refused(&f, EINVAL));
		assert_false(layers_explain(&f.job, &f.err));
		assert_string_equal(f.err.reason, "refused");
		close_layers(&f);
	}
	assert_true(open_layers(&f, ef_view(ef_make(&f.a, true)))); /* of x86-64 */
	assert_int_equal(f.job.layer_count, 0);
	assert_int_equal(f.job.image.format, IMAGE_ELF);
	close_layers(&f);
	arena_free(&f.a);
}

/* Every compression that a zboot image may have. */
static void a_zboot_image_is_unpacked(void **state)
{
	static const struct {
		const char *packer, *name;
	} kinds[] = {
		{ "gzip", "gzip" },
		{ "lz4 -l", "lz4" },
		{ "lzma", "lzma" },
		{ "xz of kernels", "xzkern" },
		{ "zstd", "zstd22" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		for (int k = 0; k < RF_KERNELS; k++) {
			struct fixture f = { 0 };
			struct view kernel = raw_image(&f, k);
			struct view file = zboot_of(&f, kernel, kinds[i].packer, kinds[i].name);

			if (!open_layers(&f, file))
				fail_msg("%s: %s", kinds[i].name, f.err.reason);
			assert_int_equal(f.job.layer_count, 1);
			assert_int_equal(f.job.layers[0].image.format, IMAGE_ZBOOT);
			assert_int_equal(f.job.image.format, IMAGE_RAW);
			assert_int_equal(f.job.image.arch, rf_kernels[k].arch);
			assert_string_equal(f.job.image.name, rf_kernels[k].name);
			assert_true(view_equal(f.job.image.bytes, kernel));
			assert_int_equal(f.job.input_count, 0);
			close_layers(&f);
			arena_free(&f.a);
		}
}

static void all_layers_from_the_outside(void **state)
{
	struct fixture f = { 0 };
	struct view kernel = raw_image(&f, RF_ARM64);
	struct view zboot = zboot_of(&f, kernel, "zstd", "zstd");
	uint8_t *p = arena_alloc(&f.a, CONTENT_MAX);

	(void)state;
	assert_true(open_layers(&f, uki_of(&f, zboot)));
	assert_int_equal(f.job.layer_count, 2);
	assert_true(view_equal(f.job.image.bytes, kernel));
	assert_int_equal(f.job.uki.format, IMAGE_UKI);
	assert_int_equal(f.job.input_count, 1);

	assert_true(refused(&f, EINVAL));
	assert_int_equal(f.err.fault, FAULT_NONE);
	assert_true(view_equal(content_of(&f.job.layers[0].file, p, CONTENT_MAX), zboot));
	assert_int_equal(f.job.request.kernel.fd, f.job.layers[0].file.fd);
	assert_true(refused(&f, ENOEXEC));
	assert_true(view_equal(content_of(&f.job.layers[1].file, p, CONTENT_MAX), kernel));
	assert_int_equal(f.job.request.kernel.fd, f.job.layers[1].file.fd);
	assert_true(view_equal(f.job.request.kernel.bytes, kernel));
	assert_false(refused(&f, EINVAL));
	assert_int_equal(f.job.notes.count, 3); /* one on the initrd */
	assert_string_equal(f.job.notes.items[1], "refused; falling back to the kernel in the UKI");
	assert_string_equal(
		f.job.notes.items[2], "refused; falling back to the kernel in the EFI zboot image");

	f.err = (struct error){ .fault = FAULT_SIGNATURE, .reason = "no key" };
	assert_false(layers_explain(&f.job, &f.err));
	assert_string_equal(f.err.reason,
		"the running kernel takes no EFI zboot image, and the kernel in it is not "
		"signed: no key");
	close_layers(&f);
	arena_free(&f.a);
}

/* A verdict on a signature is one on the file, not on its format; kexec_load takes no file. */
static void layers_stay_on(void **state)
{
	static const int errnums[] = { EKEYREJECTED, EPERM, ENODATA, EBUSY, 0 };
	struct fixture f = { 0 };

	(void)state;
	assert_true(open_layers(&f, zboot_of(&f, raw_image(&f, RF_RISCV), "gzip", "gzip")));
	for (size_t i = 0; i < sizeof errnums / sizeof errnums[0]; i++)
		assert_false(refused(&f, errnums[i]));
	f.job.plan.call = CALL_LOAD;
	f.err.errnum = EINVAL;
	assert_false(layers_take_off(&f.job, &f.err));
	assert_string_equal(f.err.reason, "refused");
	close_layers(&f);
	arena_free(&f.a);
}

/* Packed it becomes a file; as it is it stays in the bytes of the file that it lies in. */
static void a_uimage_around_it(void **state)
{
	struct fixture f = { 0 };
	struct view kernel = raw_image(&f, RF_RISCV);
	struct view packed = pack_with("zstd", &f.a, kernel);

	(void)state;
	assert_true(open_layers(&f, uif_view(uif_make(&f.a, UIF_RISCV, 6, packed))));
	assert_int_equal(f.job.layer_count, 1);
	assert_string_equal(f.job.layers[0].name, "uImage");
	assert_int_equal(f.job.image.format, IMAGE_RAW);
	assert_true(view_equal(f.job.image.bytes, kernel));
	assert_non_null(f.job.layers[0].file.bytes.p);
	close_layers(&f);

	assert_true(open_layers(&f, uif_view(uif_make(&f.a, UIF_RISCV, 0, kernel))));
	assert_int_equal(f.job.layer_count, 1);
	assert_true(view_equal(f.job.image.bytes, kernel));
	assert_null(f.job.layers[0].file.bytes.p);
	close_layers(&f);

	assert_false(open_layers(
		&f, uif_view(uif_make(&f.a, UIF_RISCV, 0, view_of_string("a letter")))));
	assert_reason(f.err, "the kernel in this uImage: its 8 bytes are in no format");
	close_layers(&f);
	arena_free(&f.a);
}

/* The running kernel would take the program around it for the kernel: it never sees that. */
static void a_zimage_is_off_at_once(void **state)
{
	struct fixture f = { 0 };
	struct block file = ef_make(&f.a, true);
	struct view kernel, packed;
	uint8_t content[EF_SIZE * 2];

	(void)state;
	ef_make_ppc64el(&file);
	kernel = ef_view(file);
	packed = pack_with("xz", &f.a, kernel);
	for (int i = 0; i < 2; i++) {
		const struct view inner = i ? packed : kernel;
		struct block whole = pzf_make(&f.a, inner, (struct pzf_more){ 0 });

		assert_true(open_layers(&f, ef_view(whole)));
		assert_int_equal(f.job.layer_count, 1);
		assert_int_equal(f.job.layers_off, 1);
		assert_string_equal(f.job.layers[0].name, "zImage");
		assert_int_equal(f.job.image.format, IMAGE_ELF);
		assert_true(view_equal(f.job.image.bytes, kernel));
		assert_true(view_equal(f.job.request.kernel.bytes, kernel));
		assert_int_equal(f.job.request.kernel.fd, f.job.layers[0].file.fd);
		assert_true(view_equal(
			content_of(&f.job.layers[0].file, content, sizeof content), kernel));
		assert_false(refused(&f, ENOEXEC));
		assert_string_equal(f.err.reason, "refused");
		close_layers(&f);
	}
	arena_free(&f.a);
}

static void the_parts_of_an_elf_file_are_joined(void **state)
{
	struct fixture f = { 0 };
	struct block file = ef_make(&f.a, true);
	struct view *bytes = &f.job.image.bytes;

	(void)state;
	ef_set(&file, "machine", 183);
	assert_true(open_layers(&f, ef_view(file)));
	assert_int_equal(f.job.layer_count, 1);
	assert_int_equal(f.job.layers[0].image.format, IMAGE_ELF);
	assert_int_equal(f.job.image.format, IMAGE_RAW);
	assert_int_equal(f.job.image.arch, ARCH_ARM64);
	assert_int_equal(f.job.image.raw.link_address, EF_CODE);
	assert_int_equal(f.job.image.raw.entry_offset, EF_ENTRY - EF_CODE);
	assert_int_equal(bytes->n, EF_DATA - EF_CODE + EF_DATA_SIZE);
	assert_memory_equal(bytes->p, file.p + EF_CODE_AT, EF_CODE_SIZE);
	assert_memory_equal(bytes->p + EF_DATA - EF_CODE, file.p + EF_DATA_AT, EF_DATA_SIZE);
	close_layers(&f);
	arena_free(&f.a);
}

static void a_layer_in_its_like(void **state)
{
	struct fixture f = { 0 };
	struct view zboot = zboot_of(&f, raw_image(&f, RF_ARM64), "gzip", "gzip");
	const struct {
		struct view file;
		const char *text;
	} rows[] = {
		{ uki_of(&f, uki_of(&f, zboot)), "the kernel in this UKI is a UKI itself" },
		{ zboot_of(&f, zboot, "gzip", "gzip"),
			"the kernel in this EFI zboot image is an EFI zboot image itself" },
		{ uki_of(&f, uif_view(uif_make(&f.a, UIF_ARM64, 0, zboot))),
			"the kernel in this UKI is a uImage itself" },
		{ zboot_of(&f, uki_of(&f, zboot), "gzip", "gzip"),
			"the kernel in this EFI zboot image is a UKI itself" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_false(open_layers(&f, rows[i].file));
		assert_int_equal(f.err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(f.err, rows[i].text);
		close_layers(&f);
	}
	arena_free(&f.a);
}

static void what_is_in_it_may_be_damaged(void **state)
{
	struct fixture f = { 0 };
	struct view kernel = raw_image(&f, RF_ARM64), payload;
	struct block longer = { arena_alloc(&f.a, LONGER), LONGER, false }, file;

	(void)state;
	block_put_bytes(&longer, 0, kernel);
	payload = pack_with("gzip", &f.a, rf_view(longer));
	file = zf_make(&f.a, PEF_ARM64, "gzip", payload);
	block_put_le32(&file, ZF_PAYLOAD_AT + payload.n - 8, 0); /* gzip's own checksum */
	assert_false(open_layers(&f, pef_view(file)));
	assert_int_equal(f.err.fault, FAULT_COMPRESSION_CORRUPT);
	assert_reason(f.err, "the kernel in this EFI zboot image: gzip: ");
	close_layers(&f);

	assert_false(open_layers(
		&f, zboot_of(&f, view_first(kernel, RAW_IMAGE_HEADER_SIZE - 1), "gzip", "gzip")));
	assert_int_equal(f.err.fault, FAULT_IMAGE_TRUNCATED);
	assert_reason(f.err, "the kernel in this EFI zboot image: arm64 Image: the file ends");
	close_layers(&f);

	assert_false(open_layers(
		&f, pef_view(zf_make(&f.a, PEF_ARM64, "lzo", view_of_string("\x89LZO")))));
	assert_reason(f.err, "compressed by lzo");
	close_layers(&f);
	arena_free(&f.a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_kernel_has_no_layers),
		CASE(a_zboot_image_is_unpacked),
		CASE(all_layers_from_the_outside),
		CASE(layers_stay_on),
		CASE(a_uimage_around_it),
		CASE(a_zimage_is_off_at_once),
		CASE(the_parts_of_an_elf_file_are_joined),
		CASE(a_layer_in_its_like),
		CASE(what_is_in_it_may_be_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
