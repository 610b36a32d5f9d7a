/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of certificates: what is told of a signer lies in the table. */
#include "fuzz.h"

#include "image/pe-signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view table = { data, size };
	struct pe_signature signature;
	struct arena arena = { 0 };
	struct error err = { 0 };

	if (!pe_signature_read(table, &arena, &signature, &err)) {
		expect_bad_file(&err);
	} else {
		expect(signature.count >= 1 && signature.count <= size / 8);
		expect(signature.chain_count >= 1 && signature.chain_count <= PE_SIGNERS_MAX);
		for (size_t i = 0; i < signature.chain_count; i++) {
			const struct pe_certificate *c = &signature.chain[i];

			expect(c->name && c->issuer);
			expect_inside(c->x509.serial, table);
			expect_inside(c->x509.key_id, table);
			expect_inside(c->x509.issuer_key_id, table);
		}
	}
	arena_free(&arena);
	return 0;
}
