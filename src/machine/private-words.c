/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel-parameters.rst, dracut.cmdline(7), systemd(1), and what installers take. */
#include "machine/private-words.h"

#include <string.h>

#include "base/bytes.h"

/*
 * The parameters whose values name a machine, its network or its secrets: what stands behind the next "=", where these
 * beginnings do not end in what is followed by it.
 */
static const char *const beginnings[] = { "ip=", "nfsroot=", "netroot=", "nfsaddrs=", "BOOTIF=",
	"ifname=", "nameserver=", "rd.route=", "netconsole=", "nbdroot=", "hostname=",
	"systemd.hostname=", "systemd.setenv=", "systemd.set_credential", "rd.iscsi.", "iscsi_",
	"rd.nvmf.", "ds=", "cloud-config-url=", "fetch=", "url=", "rd.luks.key=", "cryptkey=",
	"ks=", "inst.ks=", "inst.repo=", "autoinstall", "coreos.",
	"root=nfs:", "root=nfs4:", "root=iscsi:", "root=live:", "root=nbd:", "root=cifs:" };

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static bool is_quote(uint8_t c)
{
	return c == '"' || c == '\'';
}

/* Where the value of such a parameter begins, in a text that begins with it; 0: it is none. */
static size_t private_value(struct view text)
{
	size_t n, at;

	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		if (!view_has_at(text, 0, beginnings[i]))
			continue;
		n = strlen(beginnings[i]);
		at = n;
		if (strchr("=:", beginnings[i][n - 1]))
			return n;
		while (at < text.n && !is_blank(text.p[at]) && text.p[at] != '=')
			at++;
		return at < text.n && text.p[at] == '=' ? at + 1 : 0;
	}
	return 0;
}

/* Up to a blank outside of quotes, of which a word may be within one already; a quote without an end goes to the end. */
static size_t blank_value(uint8_t *value, size_t n, uint8_t quote)
{
	const bool is_within = quote != 0;
	size_t at = 0;

	for (; at < n && value[at] != '\0' && (quote || !is_blank(value[at])); at++) {
		if (quote && value[at] == quote) {
			if (is_within)
				break;
			quote = 0;
		} else if (!quote && is_quote(value[at])) {
			quote = value[at];
		}
		if (!is_blank(value[at]))
			value[at] = 'x';
	}
	return at;
}

void private_words_blank(uint8_t *bytes, size_t n)
{
	uint8_t before = ' ';

	for (size_t at = 0; at < n; at++) {
		const bool begins = is_blank(before) || is_quote(before);
		const size_t value =
			begins ? private_value((struct view){ bytes + at, n - at }) : 0;

		if (value) {
			at += value;
			at += blank_value(bytes + at, n - at, is_quote(before) ? before : 0);
		}
		before = at < n ? bytes[at] : ' ';
	}
}
