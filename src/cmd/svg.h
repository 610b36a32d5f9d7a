/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes a picture in SVG 1.1 with what all of ours share: letters, colours for a light and for a dark background,
 * which the viewer chooses between. Text is said in the user's language, and nothing in it can be taken for markup.
 */
#pragma once

#include <stdio.h>

/* Where, and of which class of the style below. */
struct svg_place {
	const char *class;
	double x, y;
};

struct svg_box {
	const char *class;
	double x, y, width, height;
};

/* The classes "title", "small", "mono" and "end" are for text, "a" to "f" for boxes. */
void svg_begin(FILE *out, double width, double height);
void svg_end(FILE *out);

void svg_text(FILE *out, struct svg_place place, const char *text);

/* about is what is shown of it where a pointer rests on it; NULL: nothing. */
void svg_box(FILE *out, struct svg_box box, const char *about);
