/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No size in them can be trusted. */
#include "machine/signature-lists.h"

enum { GUID_SIZE = 16, LIST_HEADER_SIZE = 28, OWNER_SIZE = GUID_SIZE, SHA256_BYTES = 32 };

#define EFIVARS   "sys/firmware/efi/efivars/"
#define SHIMS     "-605dab50-e046-4300-abb6-3dd810dd8b23"
#define FIRMWARES "-d719b2cb-3d3a-4596-a3bc-dad00e67656f"

/* What efivarfs puts in front of a variable's data. */
enum { ATTRIBUTES_SIZE = 4 };

/* EFI_CERT_X509_GUID, EFI_CERT_SHA256_GUID, EFI_CERT_X509_SHA256_GUID. */
static const struct {
	uint8_t guid[GUID_SIZE];
	enum listed_kind kind;
	size_t size; /* of what is of interest; 0: all */
} kinds[] = {
	{ { 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b,
		  0xf0, 0x72 },
		LISTED_CERTIFICATE, 0 },
	{ { 0x26, 0x16, 0xc4, 0xc1, 0x4c, 0x50, 0x92, 0x40, 0xac, 0xa9, 0x41, 0xf9, 0x36, 0x93,
		  0x43, 0x28 },
		LISTED_IMAGE_HASH, SHA256_BYTES },
	{ { 0x92, 0xa4, 0xd2, 0x3b, 0xc0, 0x96, 0x79, 0x40, 0xb4, 0x20, 0xfc, 0xf9, 0x8e, 0xf1,
		  0x03, 0xed },
		LISTED_CERTIFICATE_HASH, SHA256_BYTES },
};

static enum listed_kind kind_of(struct view guid)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (view_equal(guid, (struct view){ kinds[i].guid, GUID_SIZE }))
			return kinds[i].kind;
	return LISTED_OTHER;
}

static size_t size_of(enum listed_kind kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].kind == kind)
			return kinds[i].size;
	return 0;
}

static bool damaged(struct signature_lists *lists)
{
	lists->is_damaged = true;
	lists->rest = lists->entries = (struct view){ 0 };
	return false;
}

/* The next list that has entries. */
static bool begin_list(struct signature_lists *lists)
{
	while (lists->entries.n == 0) {
		struct reader r = reader_at(lists->rest, 0);
		struct view guid = reader_bytes(&r, GUID_SIZE);
		uint32_t size = reader_le32(&r), header = reader_le32(&r);

		if (lists->rest.n == 0)
			return false;
		lists->entry_size = reader_le32(&r);
		if (r.overrun || size < LIST_HEADER_SIZE || size > lists->rest.n ||
			header > size - LIST_HEADER_SIZE || lists->entry_size <= OWNER_SIZE)
			return damaged(lists);
		lists->kind = kind_of(guid);
		lists->entries = view_from(
			view_first(lists->rest, size), LIST_HEADER_SIZE + (uint64_t)header);
		lists->rest = view_from(lists->rest, size);
		if (lists->entries.n % lists->entry_size)
			return damaged(lists);
	}
	return true;
}

bool signature_lists_next(struct signature_lists *lists, struct listed *ret)
{
	struct view entry;
	size_t size;

	if (!begin_list(lists))
		return false;
	entry = view_from(view_first(lists->entries, lists->entry_size), OWNER_SIZE);
	size = size_of(lists->kind);
	if (entry.n < size)
		return damaged(lists);
	lists->entries = view_from(lists->entries, lists->entry_size);
	*ret = (struct listed){ lists->kind, size ? view_first(entry, size) : entry };
	return true;
}

/* Where each is: the first of them that is there. */
static const struct {
	const char *name;
	bool revokes;
	const char *table;    /* as shim hands it over whole, without attributes; NULL: not so */
	const char *variable; /* in efivarfs */
} variables[SIGNATURE_VARIABLES] = {
	[SIGNATURES_DB] = { "db", false, NULL, EFIVARS "db" FIRMWARES },
	[SIGNATURES_DBX] = { "dbx", true, NULL, EFIVARS "dbx" FIRMWARES },
	[SIGNATURES_MOK] = { "MokListRT", false, "sys/firmware/efi/mok-variables/MokListRT",
		EFIVARS "MokListRT" SHIMS },
	[SIGNATURES_MOK_REVOKED] = { "MokListXRT", true,
		"sys/firmware/efi/mok-variables/MokListXRT", EFIVARS "MokListXRT" SHIMS },
};

const char *signature_variable_name(enum signature_variable variable)
{
	return variables[variable].name;
}

bool signature_variable_revokes(enum signature_variable variable)
{
	return variables[variable].revokes;
}

bool signature_variable_read(const struct source *source, enum signature_variable variable,
	struct arena *arena, struct signature_lists *ret, struct error *err)
{
	const char *table = variables[variable].table;
	struct view bytes = { 0 };

	if (table && !source_take(source, table, arena, &bytes, err))
		return false;
	if (!bytes.p) {
		if (!source_take(source, variables[variable].variable, arena, &bytes, err))
			return false;
		bytes = view_from(bytes, ATTRIBUTES_SIZE);
	}
	*ret = (struct signature_lists){ .rest = bytes };
	return true;
}
