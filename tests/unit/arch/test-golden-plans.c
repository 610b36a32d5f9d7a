/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Captured machines → plans, compared with tests/machines/NAME.plan. After a change that is meant,
 * SAUT_UPDATE_GOLDEN=1 writes them anew, and the difference is read before it is committed.
 */
#include "arch/planned.h"

#include "image/raw-file.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 8192 };

static void render(const struct plan *plan, char text[static TEXT_MAX])
{
	size_t used = 0;

	used += (size_t)snprintf(text, TEXT_MAX, "entry %#llx\n", (unsigned long long)plan->entry);
	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *s = &plan->segments[i];

		used += (size_t)snprintf(text + used, TEXT_MAX - used,
			"%#llx-%#llx %s, %zu bytes\n", (unsigned long long)s->mem.start,
			(unsigned long long)range_end(s->mem), s->name, s->data.n);
	}
	for (size_t i = 0; i < plan->notes.count; i++)
		used += (size_t)snprintf(
			text + used, TEXT_MAX - used, "note: %s\n", plan->notes.items[i]);
	assert_true(used < TEXT_MAX);
}

static void compare(const char *machine, const char *text)
{
	char path[512], golden[TEXT_MAX] = "";
	bool update = getenv("SAUT_UPDATE_GOLDEN") != NULL;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s.plan", MACHINE_FOLDERS, machine);
	f = fopen(path, update ? "w" : "r");
	assert_non_null(f);
	if (update)
		assert_true(fputs(text, f) >= 0);
	else
		golden[fread(golden, 1, sizeof golden - 1, f)] = '\0';
	assert_int_equal(fclose(f), 0);
	if (!update)
		assert_string_equal(text, golden);
}

/* Holds on every machine, whatever the golden file says. */
static void assert_sound(const struct planned *p)
{
	const struct plan *plan = &p->plan;

	for (size_t i = 0; i < plan->segment_count; i++) {
		struct range mem = plan->segments[i].mem;

		assert_true(ranges_contain(&p->machine.ram, mem));
		assert_int_equal(mem.start % p->machine.page_size, 0);
		assert_int_equal(mem.size % p->machine.page_size, 0);
		for (size_t j = 0; j < p->machine.reserved.count; j++)
			assert_false(range_overlaps(mem, p->machine.reserved.items[j]));
		for (size_t j = 0; j < i; j++)
			assert_false(range_overlaps(mem, plan->segments[j].mem));
	}
}

/* A kernel for the machine's CPU, where that is none of x86, of the size that Debian's have. */
static void choose_kernel(struct planned *p)
{
	/* Its CPU has no 64-bit mode. */
	if (p->machine.arch == ARCH_I386)
		bz_set(&p->kernel, "xloadflags", XLF_EFI_HANDOVER_32);
	for (size_t i = 0; i < RF_KERNELS; i++)
		if (rf_kernels[i].arch == p->machine.arch) {
			p->kernel = rf_make(&p->arena, &rf_kernels[i], false);
			rf_set(&p->kernel, &rf_kernels[i], "memory", MiB(26));
		}
}

static void plan_of(const char *machine)
{
	struct planned p;
	char text[TEXT_MAX];

	planned_begin(&p, machine);
	choose_kernel(&p);
	planned_add_initrd(&p, MiB(50) + 123);
	planned_add_initrd(&p, 1000);
	assert_true(planned_make(&p));
	assert_sound(&p);
	render(&p.plan, text);
	compare(machine, text);
	arena_free(&p.arena);
}

#define MACHINE(function, name)            \
	static void function(void **state) \
	{                                  \
		(void)state;               \
		plan_of(name);             \
	}

MACHINE(pc_256m, "pc-256m")
MACHINE(q35_1g, "q35-1g")
MACHINE(q35_5g, "q35-5g")
MACHINE(q35_uefi_5g, "q35-uefi-5g")
MACHINE(server_1536g, "server-1536g")
MACHINE(server_4t, "server-4t")
MACHINE(server_12t, "server-12t")
MACHINE(xen_dom0, "xen-dom0")
MACHINE(i386_1g, "i386-1g")
MACHINE(arm64_gicv2, "arm64-gicv2")
MACHINE(arm64_gicv3, "arm64-gicv3")
MACHINE(arm64_uefi, "arm64-uefi")
MACHINE(riscv64_2harts, "riscv64-2harts")
MACHINE(loong64, "loong64")

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pc_256m),
		CASE(q35_1g),
		CASE(q35_5g),
		CASE(q35_uefi_5g),
		CASE(server_1536g),
		CASE(server_4t),
		CASE(server_12t),
		CASE(xen_dom0),
		CASE(i386_1g),
		CASE(arm64_gicv2),
		CASE(arm64_gicv3),
		CASE(arm64_uefi),
		CASE(riscv64_2harts),
		CASE(loong64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
