/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/svg.h"

#include "cmd/message.h"
#include "cmd/utf8.h"

/* Colours that differ in lightness too, for who sees no red or green; text on the page has a contrast of 7 at least. */
static const char style[] =
	"text{font:13px system-ui,sans-serif;fill:#1f2328}"
	".title{font-size:17px;font-weight:600}"
	".mono{font-family:ui-monospace,monospace}.end{text-anchor:end}"
	".small,.mono,.end{font-size:11px;fill:#57606a}"
	"rect{stroke:#fff;stroke-width:1}.page{fill:#fff}"
	".a{fill:#0550ae}.b{fill:#80ccff}.c{fill:#dafbe1}.d{fill:#bf8700}.e{fill:#8c959f}.f{fill:#cf222e}\n"
	"@media(prefers-color-scheme:dark){"
	"text{fill:#f0f6fc}.small,.mono,.end{fill:#9ea7b3}"
	"rect{stroke:#0d1117}.page{fill:#0d1117}"
	".a{fill:#58a6ff}.b{fill:#1f4f8f}.c{fill:#123d22}.d{fill:#d4a72c}.e{fill:#656c76}.f{fill:#ff7b72}}";

static const char *entity(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	}
	return NULL;
}

/* XML 1.0 has no other control characters either; what steers a terminal has no place in a picture. */
static void put(FILE *out, const char *text)
{
	for (const uint8_t *s = (const uint8_t *)text; *s;) {
		const size_t n = utf8_length(s);
		const char *as = entity((char)*s);

		if (as)
			fputs(as, out);
		else if (n && utf8_is_shown(utf8_code(s, n)))
			fwrite(s, 1, n, out);
		else
			fputs("\xef\xbf\xbd", out);
		s += n ? n : 1;
	}
}

static void put_said(FILE *out, const char *text)
{
	struct arena arena = { 0 };
	const char *said = message_in_language(message_spelled(text, &arena), &arena);

	put(out, said ? said : text);
	arena_free(&arena);
}

void svg_begin(FILE *out, double width, double height)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f %.0f\">\n<style>%s</style>\n"
		"<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n",
		width, height, width, height, style);
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

void svg_text(FILE *out, struct svg_place place, const char *text)
{
	fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", place.class, place.x, place.y);
	put_said(out, text);
	fputs("</text>\n", out);
}

void svg_box(FILE *out, struct svg_box box, const char *about)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
		box.class, box.x, box.y, box.width, box.height);
	if (about) {
		fputs("><title>", out);
		put_said(out, about);
		fputs("</title></rect>\n", out);
	} else {
		fputs("/>\n", out);
	}
}
