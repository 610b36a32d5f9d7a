/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is kept ready: whatever is in it, what is taken for one is what the header writes. */
#include "fuzz.h"

#include <string.h>

#include "ready/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct view file = { data, size };
	uint8_t header[READY_HEADER];
	struct ready_form form;
	struct digest digest;
	struct error err = { 0 };

	if (!ready_form_parse(file, &form, &err)) {
		expect(err.fault == FAULT_FILE_CHANGED);
		return 0;
	}
	expect(form.payload.n == size - READY_HEADER);
	digest_begin(&digest, DIGEST_CRC32C);
	digest_add(&digest, form.payload);
	ready_form_header(&form, &digest, header);
	expect(memcmp(header, data, sizeof header) == 0);
	return 0;
}
