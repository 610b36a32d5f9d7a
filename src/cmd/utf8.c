/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/utf8.h"

size_t utf8_length(const uint8_t *s)
{
	static const struct {
		uint8_t first, last, second_min, second_max;
		size_t length;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0xff, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (s[0] < rows[i].first || s[0] > rows[i].last)
			continue;
		if (rows[i].length > 1 && (s[1] < rows[i].second_min || s[1] > rows[i].second_max))
			return 0;
		for (size_t n = 2; n < rows[i].length; n++)
			if (s[n] < 0x80 || s[n] > 0xbf)
				return 0;
		return rows[i].length;
	}
	return 0;
}

uint32_t utf8_code(const uint8_t *s, size_t length)
{
	static const uint8_t first_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = s[0] & first_bits[length];

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}

bool utf8_is_shown(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0x00ad, 0x00ad }, /* soft hyphen */
		{ 0x061c, 0x061c },                                 /* Arabic letter mark */
		{ 0x200b, 0x200f }, /* without a width, and marks of direction */
		{ 0x2028, 0x202e }, /* separators of lines, embeddings, overrides */
		{ 0x2060, 0x206f }, /* isolates, and what is invisible */
		{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f }, /* tags */
	};

	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return true;
}

/* All bytes but the first of a character begin with these bits. */
size_t utf8_count(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}
