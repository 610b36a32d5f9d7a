/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel-parameters.rst, dracut.cmdline(7), systemd(1), and what installers take. */
#include "machine/private-words.h"

#include <string.h>

#include "machine/text.h"

/* The parameters whose values name a machine, its network or its secrets. */
static bool is_private(struct view word)
{
	static const char *const names[] = { "ip=", "nfsroot=", "netroot=", "nfsaddrs=", "BOOTIF=",
		"hostname=", "systemd.hostname=", "rd.iscsi.", "iscsi_", "rd.nvmf.",
		"ds=", "cloud-config-url=", "fetch=", "url=", "rd.luks.key=", "cryptkey=", "ks=",
		"inst.ks=", "inst.repo=", "autoinstall", "coreos." };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (view_has_at(word, 0, names[i]))
			return true;
	return false;
}

void private_words_blank(uint8_t *bytes, size_t n)
{
	struct view line = { bytes, n }, word;

	while (text_word(&line, &word)) {
		const uint8_t *value = is_private(word) ? memchr(word.p, '=', word.n) : NULL;

		if (value)
			memset(bytes + (value + 1 - bytes), 'x',
				(size_t)(word.p + word.n - value - 1));
	}
}
