/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variables of the firmware: each entry that is told lies in them, and certificates in their entry. */
#include "fuzz.h"

#include "image/x509.h"
#include "machine/signature-lists.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = { data, size };
	struct signature_lists lists = { .rest = all };
	struct listed entry;
	struct x509 c;
	size_t count = 0;

	while (signature_lists_next(&lists, &entry)) {
		expect(++count <= size);
		expect_inside(entry.data, all);
		if (entry.kind != LISTED_CERTIFICATE || !x509_read(entry.data, &c))
			continue;
		expect_inside(c.bytes, entry.data);
		expect_inside(c.signed_part, c.bytes);
		expect_inside(c.serial, c.bytes);
		expect_inside(c.key_id, c.bytes);
		expect_inside(c.issuer_key_id, c.bytes);
	}
	expect(!signature_lists_next(&lists, &entry));
	return 0;
}
