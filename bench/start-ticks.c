/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plugin for QEMU's TCG: where a starting kernel's instructions go, from start_kernel to the first
 * instruction of a program. With -icount each of them is a tick of the guest's clock, and so is each
 * iteration of a repeated copy. bench/start.py loads it and gives the addresses their names.
 *
 *	-plugin start-ticks.so,start=ADDRESS,out=FILE
 *
 * ADDRESS is that of start_kernel in a kernel that is not moved (nokaslr). For each start that FILE gets
 * "start", then lines "ADDRESS TICKS", of 16 bytes of the kernel each, then "elsewhere TICKS". Debian has no
 * header for plugins, so that what is used of version 1 of QEMU's interface is declared here
 * (QEMU's documentation, "QEMU TCG Plugins").
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb; /* instructions that run one after the other */

enum { INLINE_ADD_U64 = 0, NO_REGISTERS = 0 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
void qemu_plugin_register_vcpu_tb_trans_cb(
	plugin_id id, void (*call)(plugin_id id, struct qemu_plugin_tb *block));
void qemu_plugin_register_vcpu_tb_exec_inline(
	struct qemu_plugin_tb *block, int operation, void *at, uint64_t operand);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block,
	void (*call)(unsigned cpu, void *context), int flags, void *context);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(
	plugin_id id, const void *machine, int count, char **arguments);

/* Where x86-64's kernels are linked (Documentation/arch/x86/x86_64/mm.rst), and as much as one has. */
#define KERNEL UINT64_C(0xffffffff80000000)
enum { KERNEL_SIZE = 128 << 20, PIECE = 16, PIECES = KERNEL_SIZE / PIECE };

/* The plugin is one for its process: QEMU hands no context to what is called when code is translated. */
static struct {
	uint64_t start;
	FILE *out;
	bool counts; /* a kernel is starting */
	uint64_t pieces[PIECES], elsewhere;
} plugin;

static void kernel_starts(unsigned cpu, void *context)
{
	(void)cpu, (void)context;
	memset(plugin.pieces, 0, sizeof plugin.pieces);
	plugin.elsewhere = 0;
	plugin.counts = true;
}

static void program_runs(unsigned cpu, void *context)
{
	(void)cpu, (void)context;
	if (!plugin.counts)
		return;
	plugin.counts = false;
	fprintf(plugin.out, "start\n");
	for (size_t i = 0; i < PIECES; i++)
		if (plugin.pieces[i])
			fprintf(plugin.out, "%" PRIx64 " %" PRIu64 "\n", KERNEL + i * PIECE,
				plugin.pieces[i]);
	fprintf(plugin.out, "elsewhere %" PRIu64 "\n", plugin.elsewhere);
	fflush(plugin.out);
}

static void translated(plugin_id id, struct qemu_plugin_tb *block)
{
	const uint64_t address = qemu_plugin_tb_vaddr(block);
	const bool is_kernel = address - KERNEL < KERNEL_SIZE;

	(void)id;
	if (address == plugin.start)
		qemu_plugin_register_vcpu_tb_exec_cb(block, kernel_starts, NO_REGISTERS, NULL);
	/* Programs have the lower half; what of the kernel runs there is done before start_kernel. */
	if (address >> 63 == 0)
		qemu_plugin_register_vcpu_tb_exec_cb(block, program_runs, NO_REGISTERS, NULL);
	qemu_plugin_register_vcpu_tb_exec_inline(block, INLINE_ADD_U64,
		is_kernel ? &plugin.pieces[(address - KERNEL) / PIECE] : &plugin.elsewhere,
		qemu_plugin_tb_n_insns(block));
}

int qemu_plugin_install(plugin_id id, const void *machine, int count, char **arguments)
{
	(void)machine;
	for (int i = 0; i < count; i++) {
		if (strncmp(arguments[i], "start=", 6) == 0)
			plugin.start = strtoull(arguments[i] + 6, NULL, 0);
		else if (strncmp(arguments[i], "out=", 4) == 0)
			plugin.out = fopen(arguments[i] + 4, "w");
	}
	if (!plugin.start || !plugin.out) {
		fprintf(stderr, "start-ticks: start=ADDRESS and out=FILE are needed\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
