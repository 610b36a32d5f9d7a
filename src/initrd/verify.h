/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether Linux will unpack all of an initrd: every archive in it is walked to its end, by the rules of
 * init/initramfs.c and the decompressors in lib. What only the packed contents would tell is told where
 * they are unpacked: for formats whose headers have no sizes.
 */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "codec/codec.h"

/* How an archive can be packed, as lib/decompress.c of Linux tells it by two bytes. */
enum initrd_packing {
	PACKING_GZIP,
	PACKING_BZIP2,
	PACKING_LZMA,
	PACKING_XZ,
	PACKING_LZO,
	PACKING_LZ4,
	PACKING_ZSTD,
	PACKINGS,
};

const char *initrd_packing_name(enum initrd_packing packing);

/* The kernel's option without which it cannot unpack it: "CONFIG_RD_ZSTD". */
const char *initrd_packing_option(enum initrd_packing packing);

enum initrd_depth {
	DEPTH_HEADERS, /* up to the first archive whose end only unpacking tells */
	DEPTH_ALL,
};

struct initrd_verdict {
	bool has_archives;    /* false: nothing in it is for the initramfs; it may be a RAM disk */
	bool needs_unpacking; /* the walk ended at an archive whose end is not known */
	bool lacks_trailer; /* a plain archive, the last, ends between two members, as a cut one may */
	bool packed[PACKINGS]; /* an archive that the walk came to is packed so */
};

/*
 * False where Linux would fail or lose a part of it: FAULT_INITRD_DAMAGED, or FAULT_INITRD_PACKING where the
 * form alone is wrong, so that it may be packed otherwise. The reason says at which byte.
 * is_last: no other initrd follows this one, so that a boot configuration may (Documentation/
 * admin-guide/bootconfig.rst).
 */
struct initrd_verify_request {
	struct view file;
	enum initrd_depth depth;
	bool is_last;
	const struct sink_watch *watch; /* while it unpacks; NULL: nobody */
	struct sink
		*scratch; /* that keeps nothing and may have memory to unpack into; NULL: none */
};

bool initrd_verify(const struct initrd_verify_request *wanted, struct initrd_verdict *ret,
	struct error *err) __attribute__((warn_unused_result));
