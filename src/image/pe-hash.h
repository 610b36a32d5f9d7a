/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hash of a PE file that its signature is made of, and by which lists of firmware name it: all of it but
 * the signature and what changes with that ("Windows Authenticode Portable Executable Signature Format",
 * Microsoft, "Calculating the PE Image Hash").
 */
#pragma once

#include "base/digest.h"
#include "image/pe.h"

/* By SHA-256. Fails where its sections do not lie in the file. */
bool pe_hash(const struct pe *pe, struct arena *arena, uint8_t ret[static DIGEST_SIZE],
	struct error *err) __attribute__((warn_unused_result));
