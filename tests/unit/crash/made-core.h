/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Small cores of kernels that never were, in every form of the log, of 32 and 64 bits and either byte order: an image
 * with the symbols, and a heap with the log.
 */
#pragma once

#include <stdbool.h>

#include "crash/core.h"

enum made_form { MADE_PLAIN, MADE_LOG, MADE_PRINTK_LOG, MADE_RING, MADE_FORMS };

enum {
	MADE_IMAGE = 0x200,
	MADE_HEAP = 0xc00,
	MADE_INFO = 0x600,
	MADE_RECORDS = 0x200, /* bytes of the buffer, of text and records */
	MADE_COUNT = 8,       /* of descriptors */
	MADE_TEXT = 0x100,    /* bytes of the ring's text */
	MADE_SIZE = 0x1000 + MADE_IMAGE + MADE_HEAP,
};

/* Where things lie in the heap. */
enum { MADE_DESCS = 0, MADE_INFOS = 0x100, MADE_DATA = 0x400 };

struct made_wish {
	enum made_form form;
	bool is_64_bit, is_big_endian;
	uint16_t machine;     /* 0: one of that size */
	bool hides_virtual;   /* the headers tell physical addresses only */
	const char *numbers;  /* more lines of VMCOREINFO */
	uint64_t image, heap; /* virtual addresses; 0: those of x86 */
};

struct made_core {
	struct big_file file; /* borrows what follows */
	struct made_wish wish;
	uint8_t bytes[MADE_SIZE];
	unsigned word;
	uint64_t at;    /* of the next text or record */
	uint64_t next;  /* descriptor, from the first on */
	uint64_t first; /* its number */
};

/* Without a record. */
void made_begin(struct made_core *core, const struct made_wish *wish);

/* A record more. In plain text the line is as printk wrote it then. */
void made_add(struct made_core *core, uint64_t nanoseconds, const char *text);

/* A field of so many bytes in the image or the heap. */
void made_put(struct made_core *core, bool is_heap, uint64_t at, unsigned size, uint64_t value);
uint64_t made_get(const struct made_core *core, bool is_heap, uint64_t at, unsigned size);

/* Where in the file the image and the heap lie. */
uint64_t made_offset(bool is_heap, uint64_t at);

/* The ring: where the fields of a record's descriptor are, in the heap. */
uint64_t made_desc(const struct made_core *core, uint64_t number);

/* Puts the log's last index at what was added; called by made_add. */
struct made_output {
	char text[4096];
	size_t n;
};

/* What is put out of a core, or of its first bytes; whether nothing was wrong. */
bool made_read(const struct big_file *file, struct made_output *ret, struct error *err);
