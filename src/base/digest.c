/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of digest behind one name. Freestanding; it does not know why something is verified. */
#include "base/digest.h"

void digest_begin(struct digest *d, enum digest_kind kind)
{
	digest_begin_with(d, kind, digest_engines_of_cpu());
}

void digest_begin_with(struct digest *d, enum digest_kind kind, struct digest_engines engines)
{
	d->kind = kind;
	switch (kind) {
	case DIGEST_NONE:
		break;
	case DIGEST_SHA256:
		sha256_begin(&d->sha256, engines.sha256);
		break;
	case DIGEST_CRC32C:
		crc32c_begin(&d->crc32c, engines.crc32c);
		break;
	}
}

void digest_add(struct digest *d, struct view bytes)
{
	switch (d->kind) {
	case DIGEST_NONE:
		break;
	case DIGEST_SHA256:
		sha256_update(&d->sha256, bytes.p, bytes.n);
		break;
	case DIGEST_CRC32C:
		crc32c_update(&d->crc32c, bytes.p, bytes.n);
		break;
	}
}

void digest_end(struct digest *d, uint8_t ret[static DIGEST_SIZE])
{
	uint32_t crc;

	for (int i = 0; i < DIGEST_SIZE; i++)
		ret[i] = 0;
	switch (d->kind) {
	case DIGEST_NONE:
		break;
	case DIGEST_SHA256:
		sha256_end(&d->sha256, ret);
		break;
	case DIGEST_CRC32C:
		crc = crc32c_end(&d->crc32c);
		for (int i = 0; i < 4; i++)
			ret[i] = (uint8_t)(crc >> 8 * i);
		break;
	}
}
