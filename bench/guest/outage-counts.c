/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plugin of QEMU (TCG, API version 1) that counts what the guest executes, and notes the counts
 * wherever the guest marks a moment or begins anew. Each line that it writes is
 *
 *	INSTRUCTIONS ITERATIONS BYTES TEXT
 *
 * of which ITERATIONS are those of repeated copies and fills, which are among the INSTRUCTIONS,
 * and BYTES what they wrote. TEXT is what the guest says through mark.c, a byte with each
 * execution of one instruction: no device, no system call and no privilege is needed, so that it
 * can be said anywhere. The plugin's own TEXTs are "reset", at the first instruction after a reset,
 * "boot-sector", where a PC's firmware jumps to what it read from a disk, and the names of the programs that it was told to look for by their first instructions.
 *
 * Written against prototypes of its own, since QEMU's packages have no header.
 *
 *	-plugin outage-counts.so,out=FILE[,NAME=HEX...]
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "outage-magic.h"

typedef uint64_t plugin_id;
struct plugin_tb;
struct plugin_insn;
typedef uint32_t plugin_meminfo;

/* QEMU 7.2 takes all accesses to memory for writes: so nothing here asks for reads or writes alone. */
enum { ADD_U64 = 0, NO_REGISTERS = 0, READS_AND_WRITES = 3 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*cb)(plugin_id, struct plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct plugin_tb *tb);
struct plugin_insn *qemu_plugin_tb_get_insn(const struct plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_exec_inline(struct plugin_tb *tb, int op, void *at, uint64_t by);
void qemu_plugin_register_vcpu_tb_exec_cb(
	struct plugin_tb *tb, void (*cb)(unsigned, void *), int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(
	struct plugin_insn *insn, int op, void *at, uint64_t by);
void qemu_plugin_register_vcpu_mem_cb(struct plugin_insn *insn,
	void (*cb)(unsigned, plugin_meminfo, uint64_t, void *), int flags, int rw, void *data);
void qemu_plugin_register_vcpu_mem_inline(
	struct plugin_insn *insn, int rw, int op, void *at, uint64_t by);
unsigned qemu_plugin_mem_size_shift(plugin_meminfo info);

/* What QEMU looks for. */
extern int qemu_plugin_version;
int qemu_plugin_version = 1;
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

enum {
	LINE = 400,
	RESET_VECTOR = 0xfffffff0u,
	BOOT_SECTOR = 0x7c00,
	PROGRAMS = 8,
	NAME = 32,
	LEAST = 6,
	MOST = 32
};

/* How something begins that is looked for. */
struct program {
	char name[NAME];
	uint8_t code[MOST];
	size_t size;
};

struct counts {
	uint64_t instructions, iterations;
	/* Twice the bytes that were written: a copy's read counts as much as its write. */
	uint64_t doubled;
};

/* One machine, one CPU, one of each. */
static struct counts now;
static struct {
	struct counts at;
	size_t length;
	char text[LINE];
} line;
static struct program programs[PROGRAMS];
static size_t n_programs;
static FILE *out;

static void note(const struct counts *at, const char *text)
{
	fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n", at->instructions, at->iterations,
		at->doubled / 2, text);
	fflush(out);
}

static void on_moment(unsigned cpu, void *text)
{
	(void)cpu;
	note(&now, text);
}

static void on_byte(unsigned cpu, plugin_meminfo info, uint64_t address, void *data)
{
	char byte = (char)(address & 0xff);

	(void)cpu;
	(void)info;
	(void)data;
	if (line.length == 0)
		line.at = now;
	if (byte != '\n' && line.length < LINE - 1) {
		line.text[line.length++] = byte;
		return;
	}
	line.text[line.length] = '\0';
	note(&line.at, line.text);
	line.length = 0;
}

static void on_access(unsigned cpu, plugin_meminfo info, uint64_t address, void *weight)
{
	(void)cpu;
	(void)address;
	now.doubled += (uint64_t)*(const unsigned *)weight << qemu_plugin_mem_size_shift(info);
}

/* Whether the instruction is a repeated movs or stos. */
static bool is_repeated_write(const uint8_t *code, size_t size)
{
	bool is_repeated = false;
	size_t at = 0;

	for (; at < size; at++) {
		uint8_t byte = code[at];

		if (byte == 0xf2 || byte == 0xf3)
			is_repeated = true;
		else if (byte != 0x66 && byte != 0x67 && byte != 0x2e && byte != 0x36 &&
			byte != 0x3e && byte != 0x26 && byte != 0x64 && byte != 0x65 &&
			(byte & 0xf0) != 0x40)
			break;
	}
	return is_repeated && at + 1 == size &&
		(code[at] == 0xa4 || code[at] == 0xa5 || code[at] == 0xaa || code[at] == 0xab);
}

/* A copy has two accesses in each iteration, a fill one. */
static unsigned *weight(const uint8_t *code, size_t size)
{
	static unsigned copy = 1, fill = 2;

	return code[size - 1] == 0xa4 || code[size - 1] == 0xa5 ? &copy : &fill;
}

/* The width of each access, where the instruction alone tells it; else 0. */
static unsigned width(const uint8_t *code, size_t size)
{
	if ((code[size - 1] & 1) == 0)
		return 1;
	return size >= 2 && (code[size - 2] & 0xf8) == 0x48 ? 8 : 0;
}

static bool is_mark(const uint8_t *code, size_t size)
{
	static const uint8_t mark[] = { OUTAGE_MARK_BYTES };

	return size == sizeof(mark) && memcmp(code, mark, size) == 0;
}

static void on_instruction(struct plugin_insn *insn)
{
	const uint8_t *code = qemu_plugin_insn_data(insn);
	size_t size = qemu_plugin_insn_size(insn);

	if (is_mark(code, size)) {
		qemu_plugin_register_vcpu_mem_cb(
			insn, on_byte, NO_REGISTERS, READS_AND_WRITES, NULL);
	} else if (is_repeated_write(code, size)) {
		unsigned bytes = width(code, size), *twice = weight(code, size);

		qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD_U64, &now.iterations, 1);
		if (bytes != 0)
			qemu_plugin_register_vcpu_mem_inline(insn, READS_AND_WRITES, ADD_U64,
				&now.doubled, (uint64_t)bytes * *twice);
		else
			qemu_plugin_register_vcpu_mem_cb(
				insn, on_access, NO_REGISTERS, READS_AND_WRITES, twice);
	}
}

/* Whether what is translated is the program's beginning, as far as it goes, but not only a few bytes of it. */
static bool begins(struct plugin_tb *tb, const struct program *program)
{
	size_t at = 0;

	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb) && at < program->size; i++) {
		const struct plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		size_t size = qemu_plugin_insn_size(insn);

		size = size < program->size - at ? size : program->size - at;
		if (memcmp(qemu_plugin_insn_data(insn), program->code + at, size) != 0)
			return false;
		at += size;
	}
	return at >= LEAST;
}

static void on_translation(plugin_id id, struct plugin_tb *tb)
{
	static char reset[] = "reset", boot_sector[] = "boot-sector";
	size_t n = qemu_plugin_tb_n_insns(tb);
	uint64_t address = qemu_plugin_tb_vaddr(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, ADD_U64, &now.instructions, n);
	if (address == RESET_VECTOR)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_moment, NO_REGISTERS, reset);
	else if (address == BOOT_SECTOR)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_moment, NO_REGISTERS, boot_sector);
	for (size_t i = 0; i < n_programs; i++)
		if (begins(tb, &programs[i]))
			qemu_plugin_register_vcpu_tb_exec_cb(
				tb, on_moment, NO_REGISTERS, programs[i].name);
	for (size_t i = 0; i < n; i++)
		on_instruction(qemu_plugin_tb_get_insn(tb, i));
}

/* Takes in NAME=HEX. */
static bool add_program(const char *text)
{
	struct program *program = &programs[n_programs];
	const char *hex = strchr(text, '=');
	unsigned byte;

	if (!hex || n_programs == PROGRAMS || hex - text >= NAME)
		return false;
	memcpy(program->name, text, (size_t)(hex - text));
	for (hex++; program->size < MOST && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		program->code[program->size++] = (uint8_t)byte;
	n_programs++;
	return program->size >= LEAST;
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "out=", 4) == 0) {
			out = fopen(argv[i] + 4, "w");
		} else if (!add_program(argv[i])) {
			fprintf(stderr, "outage-counts: “%s” is not understood\n", argv[i]);
			return -1;
		}
	}
	if (!out) {
		fprintf(stderr, "outage-counts: out=FILE is missing, or cannot be written\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
