/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who signed a PE file: the certificates in its first signature ("PE Format", Microsoft, "The Attribute
 * Certificate Table"; PKCS#7 is RFC 2315, certificates are RFC 5280). Nothing is verified here, which the
 * running kernel does; what it will look for among its keys is read.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "image/x509.h"

enum { PE_SIGNERS_MAX = 8 };

struct pe_certificate {
	struct x509 x509;   /* empty but for issuer and number where it is not in the signature */
	const char *name;   /* of whom it is: common name, else organisation; "" for neither */
	const char *issuer; /* who issued it, in the same way */
};

struct pe_signature {
	size_t count; /* of signatures in the file; Linux looks at the first one, which this is */

	/*
	 * The signer's, then that of its issuer and so on, as far as they are in the signature. Where
	 * the signer's is not in it, chain[0] has its issuer and its number alone.
	 */
	struct pe_certificate chain[PE_SIGNERS_MAX];
	size_t chain_count; /* 1 at least */
};

/* Of struct pe's certificates, which must not be empty. The views are parts of it, the strings in the arena. */
bool pe_signature_read(struct view certificates, struct arena *arena, struct pe_signature *ret,
	struct error *err) __attribute__((warn_unused_result));
