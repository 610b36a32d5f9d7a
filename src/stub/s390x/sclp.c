/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The service element's consoles, a line at a time: messages to the operator, in EBCDIC and with the headers
 * that such have, and its terminal, which takes bytes as they are. What a machine has not is refused by the
 * service element, and nothing comes of it. Layouts and numbers as in drivers/s390/char/sclp*.h of Linux; the block
 * that a command is about takes a page below 2 GiB.
 */
#include "stub/s390x/sclp.h"

enum {
	/* Commands, and kinds of events with their bits. */
	WRITE_EVENT_DATA = 0x00760005,
	WRITE_EVENT_MASK = 0x00780005,
	EVENT_MESSAGE = 0x02,
	EVENT_TERMINAL = 0x1a,
	RECEIVED = 0, /* nobody listens to the operator */
	SENT = 0x40000000 | 0x40,
	MASK_SIZE = 4,

	/* Every block begins with its length, and an event in it with its own and its kind. */
	EVENT = 8,
	EVENT_KIND = EVENT + 2,
	EVENT_HEADER = 6,

	MASKS = 8, /* of WRITE_EVENT_MASK: 2 bytes, the masks' size, then ours, then the service element's */
	MASKS_END = 28,

	/* A message: a header, what holds for all of it, then each line. */
	MESSAGE = EVENT + EVENT_HEADER,
	MESSAGE_TAG = 0xd4c4c240, /* "MDB " in EBCDIC */
	GENERAL = MESSAGE + 12,
	GENERAL_SIZE = 56,
	LINE = GENERAL + GENERAL_SIZE,
	LINE_KIND = 4,
	LINE_ENDS = 0x1000,
	LINE_HEADER = 10,

	FIRST_PRINTED = 0x20,
	LAST_PRINTED = 0x7e,
};

/* The printed characters of ASCII, in EBCDIC (code page 500). */
static const uint8_t ebcdic[] = {
	0x40,
	0x4f,
	0x7f,
	0x7b,
	0x5b,
	0x6c,
	0x50,
	0x7d,
	0x4d,
	0x5d,
	0x5c,
	0x4e,
	0x6b,
	0x60,
	0x4b,
	0x61,
	0xf0,
	0xf1,
	0xf2,
	0xf3,
	0xf4,
	0xf5,
	0xf6,
	0xf7,
	0xf8,
	0xf9,
	0x7a,
	0x5e,
	0x4c,
	0x7e,
	0x6e,
	0x6f,
	0x7c,
	0xc1,
	0xc2,
	0xc3,
	0xc4,
	0xc5,
	0xc6,
	0xc7,
	0xc8,
	0xc9,
	0xd1,
	0xd2,
	0xd3,
	0xd4,
	0xd5,
	0xd6,
	0xd7,
	0xd8,
	0xd9,
	0xe2,
	0xe3,
	0xe4,
	0xe5,
	0xe6,
	0xe7,
	0xe8,
	0xe9,
	0x4a,
	0xe0,
	0x5a,
	0x5f,
	0x6d,
	0x79,
	0x81,
	0x82,
	0x83,
	0x84,
	0x85,
	0x86,
	0x87,
	0x88,
	0x89,
	0x91,
	0x92,
	0x93,
	0x94,
	0x95,
	0x96,
	0x97,
	0x98,
	0x99,
	0xa2,
	0xa3,
	0xa4,
	0xa5,
	0xa6,
	0xa7,
	0xa8,
	0xa9,
	0xc0,
	0xbb,
	0xd0,
	0xa1,
};

/* entry.S: hands a command to the service element and waits until it is through with it. */
void cpu_call_service(uint32_t command, void *block);

static void put_16(uint8_t *block, uint32_t at, uint32_t value)
{
	block[at] = (uint8_t)(value >> 8);
	block[at + 1] = (uint8_t)value;
}

static void put_32(uint8_t *block, uint32_t at, uint32_t value)
{
	put_16(block, at, value >> 16);
	put_16(block, at + 2, value);
}

static void begin(uint8_t *block)
{
	for (uint32_t i = 0; i < SCLP_BLOCK_SIZE; i++)
		block[i] = 0;
}

/* Which events will be sent: until that is said, none is taken. */
static void announce(uint8_t *block)
{
	begin(block);
	put_16(block, 0, MASKS_END);
	put_16(block, MASKS + 2, MASK_SIZE);
	put_32(block, MASKS + 4, RECEIVED);
	put_32(block, MASKS + 4 + MASK_SIZE, SENT);
	cpu_call_service(WRITE_EVENT_MASK, block);
}

static void send(uint8_t *block, uint32_t kind, uint32_t length)
{
	put_16(block, 0, length);
	put_16(block, EVENT, length - EVENT);
	block[EVENT_KIND] = (uint8_t)kind;
	cpu_call_service(WRITE_EVENT_DATA, block);
}

static void to_terminal(uint8_t *block, const uint8_t *text, uint32_t n)
{
	begin(block);
	for (uint32_t i = 0; i < n; i++)
		block[EVENT + EVENT_HEADER + i] = text[i];
	block[EVENT + EVENT_HEADER + n] = '\r';
	block[EVENT + EVENT_HEADER + n + 1] = '\n';
	send(block, EVENT_TERMINAL, EVENT + EVENT_HEADER + n + 2);
}

static void to_operator(uint8_t *block, const uint8_t *text, uint32_t n)
{
	uint32_t end = LINE + LINE_HEADER + n;

	begin(block);
	put_16(block, MESSAGE, end - MESSAGE);
	put_16(block, MESSAGE + 2, 1);
	put_32(block, MESSAGE + 4, MESSAGE_TAG);
	put_32(block, MESSAGE + 8, 1);
	put_16(block, GENERAL, GENERAL_SIZE);
	put_16(block, GENERAL + 2, 1);
	put_16(block, LINE, LINE_HEADER + n);
	put_16(block, LINE + 2, LINE_KIND);
	put_16(block, LINE + 4, LINE_ENDS);
	for (uint32_t i = 0; i < n; i++)
		if (text[i] >= FIRST_PRINTED && text[i] <= LAST_PRINTED)
			block[LINE + LINE_HEADER + i] = ebcdic[text[i] - FIRST_PRINTED];
	send(block, EVENT_MESSAGE, end);
}

static void put_line(uint8_t *block, const uint8_t *text, uint32_t n)
{
	announce(block);
	to_terminal(block, text, n);
	if (n)
		to_operator(block, text, n);
}

void sclp_put(uint8_t *memory, uint32_t *count, char c)
{
	uint8_t *text = memory + SCLP_BLOCK_SIZE;

	if (c != '\n' && c != '\r')
		text[(*count)++] = (uint8_t)c;
	if (c != '\n' && *count < SCLP_LINE_MAX)
		return;
	put_line(memory, text, *count);
	*count = 0;
}
