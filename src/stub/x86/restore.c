/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values of IBM's "PS/2 and PC BIOS Interface Technical Reference" and of the VGA's hardware
 * reference (mode 3+). Freestanding; memory below 1 MiB is mapped one to one.
 */
#include "stub/x86/restore.h"

#include "stub/x86/ports.h"

/* What the BIOS keeps: a far pointer per interrupt, and its data area. */
enum {
	VECTOR_SIZE = 4,
	VECTOR_SCREEN = 0x10,
	VECTOR_SYSTEM = 0x15,
	VECTOR_FONT = 0x43,
	BIOS_FONT_HEIGHT = 0x485,
	ROMS = 0xc0000,
	ROMS_END = 0x100000,
};

/*
 * The address is hidden from the compiler, which would take a constant this small for a null
 * pointer.
 */
static const volatile uint8_t *low_memory(uintptr_t address)
{
	__asm__("" : "+r"(address));
	return (const volatile uint8_t *)address;
}

/* Where a vector leads to; 0: nowhere. */
static uint32_t vector(unsigned number)
{
	const volatile uint8_t *far = low_memory(number * VECTOR_SIZE);
	uint32_t offset = far[0] | (uint32_t)far[1] << 8;
	uint32_t segment = far[2] | (uint32_t)far[3] << 8;

	return segment * 16 + offset;
}

bool restore_finds_bios(void)
{
	return vector(VECTOR_SCREEN) != 0 && vector(VECTOR_SYSTEM) != 0;
}

static void out8_slowly(uint16_t port, uint8_t value)
{
	out8(port, value);
	wait_short();
}

/* Intel 8259A: initialisation words 1 to 4, then the mask. */
static void restore_8259(uint16_t port, uint8_t vector_base, uint8_t wiring, uint8_t mask)
{
	out8_slowly(port, 0x11);
	out8_slowly(port + 1, vector_base);
	out8_slowly(port + 1, wiring);
	out8_slowly(port + 1, 0x01);
	out8_slowly(port + 1, mask);
}

void restore_interrupts(void)
{
	/* Open: the clock, the keyboard, the second controller, the floppy disk. */
	restore_8259(0x20, 0x08, 0x04, (uint8_t)~(1 << 0 | 1 << 1 | 1 << 2 | 1 << 6));
	/* The real-time clock, the mouse, the coprocessor, two disks. */
	restore_8259(0xa0, 0x70, 0x02, (uint8_t)~(1 << 0 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7));
	/* Intel 8254: counter 0 in mode 3, both bytes; 0 is 65536. */
	out8_slowly(0x43, 0x36);
	out8_slowly(0x40, 0);
	out8_slowly(0x40, 0);
}

/* The VGA's ports, at the addresses that it has with colour. */
enum {
	ATTRIBUTE = 0x3c0, /* index and data in turn; reading STATUS begins with the index */
	MISCELLANEOUS = 0x3c2,
	SEQUENCER = 0x3c4,
	DAC_MASK = 0x3c6,
	DAC_INDEX = 0x3c8,
	DAC_DATA = 0x3c9,
	GRAPHICS = 0x3ce,
	CRTC = 0x3d4,
	STATUS = 0x3da,

	CRTC_LAST_VERTICAL_SYNC = 0x11, /* whose bit 7 locks the first seven */
	ATTRIBUTE_SHOW = 0x20,

	PLANE_2 = 0xa0000,
	TEXT = 0xb8000,
	TEXT_CELLS = 0x8000 / 2,
	BLANK = 0x0720,
	LETTERS = 256,
	LETTER_ROOM = 32, /* bytes in plane 2 */
	LETTER_HEIGHT = 16,
};

/* What Bochs, QEMU and VirtualBox have beside the VGA, for VESA's modes. */
enum {
	DISPI_INDEX = 0x1ce,
	DISPI_DATA = 0x1cf,
	DISPI_ID = 0,
	DISPI_ENABLE = 4,
	DISPI_ID_FIRST = 0xb0c0,
	DISPI_ID_LAST = 0xb0cf,
};

static const uint8_t sequencer_text[] = { 0x03, 0x00, 0x03, 0x00, 0x02 };
static const uint8_t graphics_text[] = { 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x00, 0xff };
static const uint8_t crtc_text[] = { 0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f,
	0x0d, 0x0e, 0x00, 0x00, 0x00, 0x00, 0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff };
static const uint8_t attribute_text[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38,
	0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x0c, 0x00, 0x0f, 0x08, 0x00 };

static void set(uint16_t port, uint8_t index, uint8_t value)
{
	out8(port, index);
	out8(port + 1, value);
}

static void set_all(uint16_t port, const uint8_t *values, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++)
		set(port, i, values[i]);
}

static void leave_vesa_mode(void)
{
	uint16_t id;

	out16(DISPI_INDEX, DISPI_ID);
	id = in16(DISPI_DATA);
	if (id < DISPI_ID_FIRST || id > DISPI_ID_LAST)
		return;
	out16(DISPI_INDEX, DISPI_ENABLE);
	out16(DISPI_DATA, 0);
}

static void set_registers(void)
{
	out8(MISCELLANEOUS, 0x67);
	set(SEQUENCER, 0, 0x01); /* held while the clock changes */
	for (uint8_t i = 1; i < sizeof sequencer_text; i++)
		set(SEQUENCER, i, sequencer_text[i]);
	set(SEQUENCER, 0, sequencer_text[0]);
	set(CRTC, CRTC_LAST_VERTICAL_SYNC, 0);
	set_all(CRTC, crtc_text, sizeof crtc_text);
	set_all(GRAPHICS, graphics_text, sizeof graphics_text);
	in8(STATUS);
	for (uint8_t i = 0; i < sizeof attribute_text; i++) {
		out8(ATTRIBUTE, i);
		out8(ATTRIBUTE, attribute_text[i]);
	}
}

/* The 64 colours of the EGA: a strong and a weak bit each for red, green and blue. */
static void set_colours(void)
{
	out8(DAC_MASK, 0xff);
	out8(DAC_INDEX, 0);
	for (unsigned colour = 0; colour < 64; colour++)
		for (int bit = 2; bit >= 0; bit--)
			out8(DAC_DATA,
				(uint8_t)((colour >> bit & 1 ? 0x2a : 0) +
					(colour >> (bit + 3) & 1 ? 0x15 : 0)));
}

/* Letters are drawn from plane 2, over which graphics modes draw; the BIOS has them in its ROM. */
static void load_font(void)
{
	uint32_t font = vector(VECTOR_FONT);
	unsigned height = *low_memory(BIOS_FONT_HEIGHT);
	volatile uint8_t *plane = (volatile uint8_t *)(uintptr_t)PLANE_2;

	if (height == 0 || height > LETTER_HEIGHT || font < ROMS ||
		font + LETTERS * height > ROMS_END)
		return;
	set(SEQUENCER, 2, 0x04); /* writes go to plane 2 only, byte by byte, at 0xa0000 */
	set(SEQUENCER, 4, 0x06);
	set(GRAPHICS, 5, 0x00);
	set(GRAPHICS, 6, 0x04);
	for (unsigned letter = 0; letter < LETTERS; letter++)
		for (unsigned row = 0; row < LETTER_HEIGHT; row++)
			plane[letter * LETTER_ROOM + row] =
				*low_memory(font + letter * height + row * height / LETTER_HEIGHT);
	set(SEQUENCER, 2, sequencer_text[2]);
	set(SEQUENCER, 4, sequencer_text[4]);
	set(GRAPHICS, 5, graphics_text[5]);
	set(GRAPHICS, 6, graphics_text[6]);
}

void restore_vga(void)
{
	volatile uint16_t *cells = (volatile uint16_t *)(uintptr_t)TEXT;

	leave_vesa_mode();
	set_registers();
	set_colours();
	load_font();
	for (unsigned i = 0; i < TEXT_CELLS; i++)
		cells[i] = BLANK;
	in8(STATUS);
	out8(ATTRIBUTE, ATTRIBUTE_SHOW);
}
