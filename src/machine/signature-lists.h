/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the firmware and shim trust and revoke: variables full of EFI_SIGNATURE_LISTs (UEFI 2.10, 32.4.1).
 * Linux takes what is in them into its keyrings as it boots (security/integrity/platform_certs).
 */
#pragma once

#include "machine/source.h"

enum listed_kind {
	LISTED_CERTIFICATE,      /* X.509, in DER */
	LISTED_IMAGE_HASH,       /* SHA-256 of a PE file */
	LISTED_CERTIFICATE_HASH, /* SHA-256 of what an issuer signed, 32 bytes; the time is cut off */
	LISTED_OTHER,
};

struct listed {
	enum listed_kind kind;
	struct view data;
};

/* Walks the lists of one variable; zeros but for rest to begin with. */
struct signature_lists {
	struct view rest;    /* the lists that are still to come */
	struct view entries; /* of this one */
	enum listed_kind kind;
	uint32_t entry_size;
	bool is_damaged; /* it ended where it could not be followed */
};

/* The next entry; false behind the last one, and where the lists are damaged. */
bool signature_lists_next(struct signature_lists *lists, struct listed *ret);

enum signature_variable {
	SIGNATURES_DB,
	SIGNATURES_DBX,
	SIGNATURES_MOK, /* of shim */
	SIGNATURES_MOK_REVOKED,
	SIGNATURE_VARIABLES,
};

/* "db", "dbx", "MokListRT", "MokListXRT". */
const char *signature_variable_name(enum signature_variable variable);

/* Whether it revokes what is in it. */
bool signature_variable_revokes(enum signature_variable variable);

/* False only where it is there and cannot be read; what is absent has no lists. */
bool signature_variable_read(const struct source *source, enum signature_variable variable,
	struct arena *arena, struct signature_lists *ret, struct error *err)
	__attribute__((warn_unused_result));
