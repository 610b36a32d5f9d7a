/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "initrd/policy.h"

#include <string.h>

#include "base/arith.h"

/* What is saved must be worth another copy in memory. */
static const uint64_t gain_min_ns = 5 * 1000 * 1000;

/* Of the memory that is available: one for our files, one for the running kernel's segments. */
enum { BUDGET_PARTS = 2, BUDGET_OF = 3 };

/* The next kernel holds the file and its content at the same time, and needs room beside them. */
enum { RAM_PART = 4 };

/*
 * What no initrd reaches: so unpacking a hostile one ends in a time that goes by the file's size,
 * however much memory there is.
 */
enum { GROWTH_MAX = 32 };
static const uint64_t growth_floor = 64 << 20;
static const uint64_t unpacked_ceiling = (uint64_t)4 << 30;

#define CLI "user-space figure, an upper bound for the kernel's own code"

/*
 * MB/s are of output; 1 MiB at R MB/s takes 1048.576 / R ms. Zstd alone was measured inside a
 * kernel: 11.9 instructions for each byte of output, at 6.9 instructions a ns; libzstd takes 10.4
 * for the same. Lz4 in user space gave 2596 MB/s; half of that is assumed, as zstd lost about half
 * of its user-space rate.
 */
const struct initrd_rate initrd_codec_rates[INITRD_CODEC_RATES] = {
	{ "gzip", 8004000, 330, "131 MB/s: " CLI, 8004000 },
	{ "xz", 32768000, 460, "32 MB/s: " CLI, 32768000 },
	{ "lzma", 32768000, 460, "as xz", 32768000 },
	{ "bzip2", 45590000, 350, "23 MB/s: " CLI, 45590000 },
	{ "zstd", 1808000, 350, "11.9 instructions a byte: measured inside Linux 6.12", 1580000 },
	{ "lz4-legacy", 807000, 215, "half of a user-space figure of 2596 MB/s", 404000 },
};

/* To pack anew, at the levels that are used here: at least as long as gzip takes to unpack. */
static const uint32_t pack_ns_per_mib = 8004000;

/*
 * What each byte costs that is loaded, besides its copies and its check: the running kernel's pages for it,
 * allocated and cleared one by one.
 */
static const uint32_t pages_ns_per_mib = 400000;

const struct initrd_rate initrd_copy_rate = { "copy", 179000, 100,
	"5.86 GB/s: page-wise rep movsq, measured" };

const struct initrd_rate initrd_read_rate = { "from a disk", 524000, 100,
	"2 GB/s: assumed of an NVMe disk; much of it is in memory still" };

const struct initrd_rate initrd_check_rates[INITRD_CHECKS] = {
	[INITRD_CHECK_NONE] = { "no check", 0, 100, "nothing is computed" },
	[INITRD_CHECK_CRC32C] = { "CRC-32C", 176000, 100, "5.96 GB/s: measured" },
	[INITRD_CHECK_CRC32C_PLAIN] = { "CRC-32C in plain code", 546000, 100,
		"1.92 GB/s: measured" },
	[INITRD_CHECK_SHA_NI] = { "SHA-256 by SHA instructions", 836000, 100,
		"1.25 GB/s: measured" },
	[INITRD_CHECK_SHA_PLAIN] = { "SHA-256 in plain code", 8066000, 100, "130 MB/s: measured" },
};

static const char *const form_names[INITRD_FORMS] = {
	[INITRD_AUTO] = "auto",
	[INITRD_KEEP] = "keep",
	[INITRD_RAW] = "raw",
	[INITRD_LZ4] = "lz4",
	[INITRD_ZSTD] = "zstd",
};

const char *initrd_form_name(enum initrd_form form)
{
	return form_names[form];
}

bool initrd_form_by_name(const char *name, enum initrd_form *ret)
{
	for (int form = 0; form < INITRD_FORMS; form++) {
		if (strcmp(form_names[form], name) != 0)
			continue;
		*ret = (enum initrd_form)form;
		return true;
	}
	return false;
}

const struct initrd_rate *initrd_codec_rate(const char *codec)
{
	for (size_t i = 0; i < INITRD_CODEC_RATES; i++)
		if (strcmp(initrd_codec_rates[i].name, codec) == 0)
			return &initrd_codec_rates[i];
	return NULL;
}

/* The codec of a form; NULL for those that are none. */
static const char *codec_of(enum initrd_form form)
{
	return form == INITRD_LZ4 ? "lz4-legacy" : form == INITRD_ZSTD ? "zstd" : NULL;
}

void initrd_policy_describe(const struct initrd *initrd, struct initrd_facts *facts)
{
	facts->understood = initrd->is_initramfs;
	facts->lacks_codec = false;
	facts->plain = 0;
	facts->part_count = 0;
	for (size_t i = 0; i < initrd->count; i++) {
		const struct initrd_archive *archive = &initrd->archives[i];

		switch (archive->kind) {
		case INITRD_CPIO:
			facts->plain += archive->size;
			break;
		case INITRD_COMPRESSED:
			/*
			 * Linux does not read the frames of lz4: the user should hear of that, so
			 * that it is not mended in silence.
			 */
			facts->understood &= initrd_codec_rate(archive->codec->name) != NULL;
			facts->lacks_codec |= !archive->codec->unpack;
			facts->parts[facts->part_count++] =
				(struct initrd_part){ .codec = archive->codec->name,
					.packed = archive->size };
			break;
		case INITRD_UNKNOWN:
			facts->understood = false;
			break;
		}
	}
}

static uint64_t unpacked_of(const struct initrd_part *part)
{
	const struct initrd_rate *rate = initrd_codec_rate(part->codec);

	return part->unpacked ? part->unpacked : part->packed / 100 * (rate ? rate->percent : 100);
}

static uint64_t packed_total(const struct initrd_facts *facts)
{
	uint64_t total = 0;

	for (size_t i = 0; i < facts->part_count; i++)
		total += facts->parts[i].packed;
	return total;
}

/* Without the plain archives. */
static uint64_t unpacked_total(const struct initrd_facts *facts)
{
	uint64_t total = 0;

	for (size_t i = 0; i < facts->part_count; i++)
		total += unpacked_of(&facts->parts[i]);
	return total;
}

uint64_t initrd_policy_size(const struct initrd_facts *facts, enum initrd_form form)
{
	uint64_t unpacked = unpacked_total(facts);
	const char *codec = codec_of(form);

	if (form == INITRD_LZ4 && facts->ready_lz4)
		return facts->ready_lz4;
	if (facts->made[form])
		return facts->made[form];
	if (form == INITRD_KEEP)
		return facts->plain + packed_total(facts);
	return facts->plain +
		(codec ? unpacked / initrd_codec_rate(codec)->percent * 100 : unpacked);
}

/* In steps of KiB, so that no file's product wraps. */
uint64_t initrd_work_ns(uint64_t bytes, uint64_t ns_per_mib)
{
	return ((bytes >> 10) * ns_per_mib) >> 10;
}

uint64_t initrd_unpack_ns(const struct initrd_facts *facts, enum initrd_form form)
{
	uint64_t ns = 0;

	for (size_t i = 0; form != INITRD_RAW && i < facts->part_count; i++) {
		const char *codec = codec_of(form) ? codec_of(form) : facts->parts[i].codec;
		const struct initrd_rate *rate = initrd_codec_rate(codec);

		if (rate)
			ns += initrd_work_ns(unpacked_of(&facts->parts[i]), rate->ns_per_mib);
	}
	return ns;
}

bool initrd_unpack_is_known(const struct initrd_facts *facts, enum initrd_form form)
{
	return facts->understood || form != INITRD_KEEP;
}

static uint64_t blackout_ns(const struct initrd_facts *facts, enum initrd_form form)
{
	return initrd_carry_ns(initrd_policy_size(facts, form), facts->copies, facts->check) +
		initrd_unpack_ns(facts, form);
}

static bool is_ready(const struct initrd_facts *facts, enum initrd_form form)
{
	return form == INITRD_LZ4 && facts->ready_lz4;
}

/* What is kept ready is only verified. */
static uint64_t readying_ns(const struct initrd_facts *facts, enum initrd_form form)
{
	return initrd_work_ns(initrd_policy_size(facts, form),
		initrd_check_rates[INITRD_CHECK_CRC32C].ns_per_mib);
}

/* What is made is written once more, into a file in memory. */
static uint64_t making_ns(const struct initrd_facts *facts, enum initrd_form form)
{
	uint64_t ns = initrd_work_ns(initrd_policy_size(facts, form), initrd_copy_rate.ns_per_mib);

	for (size_t i = 0; i < facts->part_count; i++) {
		const struct initrd_part *part = &facts->parts[i];
		uint64_t per_mib = initrd_codec_rate(part->codec)->here_ns_per_mib +
			(codec_of(form) ? pack_ns_per_mib : 0);

		ns += initrd_work_ns(unpacked_of(part), per_mib);
	}
	return ns;
}

uint64_t initrd_load_ns(uint64_t bytes, enum initrd_check check)
{
	return initrd_work_ns(bytes,
		initrd_copy_rate.ns_per_mib + pages_ns_per_mib +
			initrd_check_rates[check].ns_per_mib);
}

uint64_t initrd_carry_ns(uint64_t bytes, unsigned copies, enum initrd_check check)
{
	return initrd_work_ns(bytes,
		(uint64_t)copies * initrd_copy_rate.ns_per_mib +
			initrd_check_rates[check].ns_per_mib);
}

uint64_t initrd_read_ns(uint64_t bytes)
{
	return initrd_work_ns(bytes, initrd_read_rate.ns_per_mib);
}

/* Of what counts: the blackout, and in an outage the load as well. */
static uint64_t cost_ns(const struct initrd_facts *facts, enum initrd_form form)
{
	uint64_t ns = blackout_ns(facts, form);

	if (!facts->in_outage)
		return ns;
	ns += initrd_load_ns(initrd_policy_size(facts, form), facts->check);
	ns += initrd_read_ns(initrd_policy_size(facts, is_ready(facts, form) ? form : INITRD_KEEP));
	if (is_ready(facts, form))
		return ns + readying_ns(facts, form);
	return ns + (form == INITRD_KEEP ? 0 : making_ns(facts, form));
}

/* Whether its size is more than a guess. */
static bool is_measured(const struct initrd_facts *facts, enum initrd_form form)
{
	for (size_t i = 0; i < facts->part_count; i++)
		if (!facts->parts[i].unpacked)
			return false;
	return form == INITRD_RAW;
}

/* NULL where the form is possible, otherwise why it is not. */
static const char *obstacle(
	const struct initrd_facts *facts, const struct initrd_choice *limits, enum initrd_form form)
{
	/* Half of it counts: where the size is only guessed, trying tells more. */
	uint64_t guess = initrd_policy_size(facts, form) / (is_measured(facts, form) ? 1 : 2);
	uint64_t least = facts->made[form] ? facts->made[form] : guess;

	if (form == INITRD_LZ4 && !facts->unpacks_lz4)
		return "it is not known that the next kernel unpacks lz4 (no configuration with "
		       "CONFIG_RD_LZ4=y beside its file)";
	if (form == INITRD_ZSTD && !facts->unpacks_zstd)
		return "it is not known that the next kernel unpacks zstd (no configuration with "
		       "CONFIG_RD_ZSTD=y beside its file)";
	if (codec_of(form) && !codec_by_name(codec_of(form))->unpack)
		return "this build of Saut is without the library that packs it";
	if (least > limits->made_max)
		return "that takes more memory than may be spent on loading";
	if (facts->is_held && least > facts->hold_left &&
		least > initrd_policy_size(facts, INITRD_KEEP))
		return "that would hold more memory until the jump than is wanted";
	if (unpacked_total(facts) / 2 > limits->unpacked_max)
		return "its content does not fit into memory beside the next kernel, or is larger than any initrd";
	return NULL;
}

static bool has_only(const struct initrd_facts *facts, const char *codec)
{
	for (size_t i = 0; i < facts->part_count; i++)
		if (!codec || strcmp(facts->parts[i].codec, codec) != 0)
			return false;
	return true;
}

/* Why a file stays as it is, whatever the numbers say; NULL where numbers decide. */
static const char *settled(const struct initrd_facts *facts)
{
	if (facts->wish == INITRD_KEEP)
		return "it was asked for";
	if (!facts->understood)
		return "not all of it is understood";
	if (facts->part_count == 0)
		return "nothing in it is compressed";
	if (codec_of(facts->wish) && has_only(facts, codec_of(facts->wish)))
		return "it is in that form already";
	if (facts->lacks_codec)
		return "this build of Saut is without the library that unpacks it";
	if (facts->memory_available == 0)
		return "how much memory is available is not known";
	return NULL;
}

static void set_limits(const struct initrd_facts *facts, struct initrd_choice *choice)
{
	uint64_t budget = facts->memory_available / BUDGET_OF * BUDGET_PARTS;
	uint64_t left = budget > facts->memory_spent ? budget - facts->memory_spent : 0;
	uint64_t packed = min_u64(packed_total(facts), unpacked_ceiling);
	uint64_t grown = max_u64(packed * GROWTH_MAX, growth_floor);

	choice->made_max = left / (facts->holders ? facts->holders : 1);
	choice->unpacked_max =
		min_u64(min_u64(grown, unpacked_ceiling), facts->machine_ram / RAM_PART);
}

static void choose_by_cost(const struct initrd_facts *facts, struct initrd_choice *choice)
{
	/* The simplest first: a later one must be better by more than the model's errors. */
	static const enum initrd_form forms[] = { INITRD_RAW, INITRD_LZ4, INITRD_ZSTD };
	uint64_t best = choice->ns[INITRD_KEEP];

	choice->form = INITRD_KEEP;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (obstacle(facts, choice, forms[i]))
			continue;
		choice->ns[forms[i]] = cost_ns(facts, forms[i]);
		if (choice->ns[forms[i]] + gain_min_ns > best)
			continue;
		best = choice->ns[forms[i]];
		choice->form = forms[i];
	}
	choice->reason = choice->form != INITRD_KEEP  ? facts->in_outage
			 ? "it shortens the load and the blackout together"
			 : "it shortens the blackout"
		: obstacle(facts, choice, INITRD_RAW) ? obstacle(facts, choice, INITRD_RAW)
						      : "no other form is faster by 5 ms";
}

/* Whether the wish comes down to keeping the file. */
static bool wish_is_met(const struct initrd_facts *facts)
{
	return facts->wish == INITRD_AUTO || facts->wish == INITRD_KEEP ||
		(facts->understood && facts->part_count == 0 && facts->wish == INITRD_RAW) ||
		(facts->understood && facts->part_count && codec_of(facts->wish) &&
			has_only(facts, codec_of(facts->wish)));
}

struct initrd_choice initrd_policy_choose(const struct initrd_facts *facts)
{
	struct initrd_choice choice = { .form = INITRD_KEEP, .reason = settled(facts) };
	const char *why_not;

	if (choice.reason) {
		choice.refused = !wish_is_met(facts);
		return choice;
	}
	set_limits(facts, &choice);
	choice.ns[INITRD_KEEP] = cost_ns(facts, INITRD_KEEP);
	choose_by_cost(facts, &choice);
	if (facts->wish == INITRD_AUTO)
		return choice;
	why_not = obstacle(facts, &choice, facts->wish);
	choice.refused = why_not != NULL;
	choice.reason = why_not ? why_not : "it was asked for";
	if (!why_not)
		choice.form = facts->wish;
	return choice;
}
