/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers as GRUB reads them: what follows the digits does not matter to it. */
#include "entry/grub/grub.h"

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A' + 10);
	return c >= 'a' && c <= 'z' ? (unsigned)(c - 'a' + 10) : 36;
}

/* Base 0: by a 0x or a 0 in front. Too large a number is the largest that there is. */
bool grub_number(const char *text, int base, uint64_t *ret, const char **ret_end)
{
	uint64_t number = 0, radix;
	bool found = false;

	while (*text == ' ' || (*text >= '\t' && *text <= '\r'))
		text++;
	if (text[0] == '0' && text[1] == 'x' && base == 0) {
		base = 16;
		text += 2;
	} else if (text[0] == '0' && base == 0 && text[1] >= '0' && text[1] <= '7') {
		base = 8;
	}
	radix = base ? (uint64_t)base : 10;
	for (unsigned digit; (digit = digit_of(*text)) < radix; text++) {
		found = true;
		if (number > (UINT64_MAX - digit) / radix) {
			number = UINT64_MAX;
			break;
		}
		number = number * radix + digit;
	}
	*ret = number;
	*ret_end = text;
	return found;
}
