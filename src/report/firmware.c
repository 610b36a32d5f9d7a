/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Documentation/ABI/testing/sysfs-firmware-acpi (fpdt); Documentation/filesystems/efivarfs.rst; the Boot Loader
 * Interface of systemd, by which systemd-boot and others tell LoaderTimeInitUSec and LoaderTimeExecUSec.
 */
#include "report/firmware.h"

#include <string.h>

#include "base/arith.h"
#include "machine/text.h"

#define FPDT    "sys/firmware/acpi/fpdt/boot/"
#define EFI     "sys/firmware/efi/efivars/"
#define LOADERS "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

enum { ATTRIBUTES = 4, NS_PER_US = 1000 };

/* A firmware that does not fill one in leaves a 0. */
static struct own_time nanoseconds(
	const struct source *source, const char *path, struct arena *arena)
{
	struct own_time t = { 0 };
	struct view text;

	if (source_read(source, path, arena, &text) && text_decimal(text_trim(text), &t.us) &&
		t.us) {
		t.is_known = true;
		t.us /= NS_PER_US;
	}
	return t;
}

/* Decimal digits of two bytes each, behind the attributes; a zero may be at the end. */
static struct own_time microseconds(
	const struct source *source, const char *path, struct arena *arena)
{
	struct own_time t = { 0 };
	struct view bytes;
	struct reader r;
	uint64_t us = 0;

	if (!source_read(source, path, arena, &bytes) || bytes.n <= ATTRIBUTES ||
		(bytes.n - ATTRIBUTES) % 2)
		return t;
	r = reader_at(bytes, ATTRIBUTES);
	while (r.at < bytes.n) {
		const uint16_t c = reader_le16(&r);

		if (c == 0 && r.at == bytes.n)
			break;
		if (c < '0' || c > '9' || !ck_mul(us, 10, &us) ||
			!ck_add(us, (uint64_t)(c - '0'), &us))
			return t;
	}
	return (struct own_time){ us > 0, us };
}

static struct own_time from_to(struct own_time from, struct own_time to)
{
	return from.is_known && to.is_known && to.us >= from.us
		? (struct own_time){ true, to.us - from.us }
		: (struct own_time){ 0 };
}

struct firmware_times firmware_times_read(const struct source *source, struct arena *arena)
{
	const struct own_time launch = nanoseconds(source, FPDT "bootloader_launch_ns", arena);
	const struct own_time over = nanoseconds(source, FPDT "exitbootservice_end_ns", arena);
	const struct own_time init = microseconds(source, EFI "LoaderTimeInitUSec" LOADERS, arena);
	const struct own_time exec = microseconds(source, EFI "LoaderTimeExecUSec" LOADERS, arena);

	if (launch.is_known)
		return (struct firmware_times){ launch, from_to(launch, over), "FPDT" };
	if (init.is_known)
		return (struct firmware_times){ init, from_to(init, exec), "EFI variables" };
	return (struct firmware_times){ 0 };
}

bool own_time_take(struct view *text, struct own_time *ret)
{
	struct view word;

	if (!text_word(text, &word))
		return false;
	*ret = (struct own_time){ 0 };
	if (text_is(word, "-"))
		return true;
	ret->is_known = text_decimal(word, &ret->us);
	return ret->is_known;
}

static bool take_moment(struct view word, enum moment *ret)
{
	for (unsigned i = 0; i < MOMENTS_RECORDED; i++) {
		if (!text_is(word, moment_name((enum moment)i)))
			continue;
		*ret = (enum moment)i;
		return true;
	}
	return false;
}

bool cold_boot_read(const struct source *source, struct arena *arena, struct cold_boot *ret)
{
	struct view text, form, when, from;
	struct cold_boot cold;

	if (!source_read(source, &COLD_BOOT_FILE[1], arena, &text) || !text_word(&text, &form) ||
		!text_is(form, "1") || !text_word(&text, &when) ||
		!text_decimal(when, &cold.when) || !text_word(&text, &from) ||
		!take_moment(from, &cold.from) || !own_time_take(&text, &cold.away) ||
		!own_time_take(&text, &cold.reset))
		return false;
	*ret = cold;
	return true;
}

const char *own_time_text(struct own_time time, struct arena *arena)
{
	return time.is_known ? arena_printf(arena, "%llu", (unsigned long long)time.us) : "-";
}

const char *cold_boot_text(const struct cold_boot *cold, struct arena *arena)
{
	const char *away = own_time_text(cold->away, arena),
		   *reset = own_time_text(cold->reset, arena);

	return away && reset
		? arena_printf(arena, "1 %llu %s %s %s\n", (unsigned long long)cold->when,
			  moment_name(cold->from), away, reset)
		: NULL;
}
