/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /proc/cpuinfo: how many processors there are, what the first one can do, how fast its counter
 * runs.
 */
#include "machine/facts.h"

#include "base/arith.h"

/* s390x numbers them in front of the colon, and has their count by itself. */
static unsigned count_processors(struct view text)
{
	struct view line, key, total;
	unsigned count = 0;
	uint64_t told;

	if (text_value(text, "# processors", ':', &total))
		return text_decimal(text_trim(total), &told) && told <= UINT16_MAX ? (unsigned)told
										   : 0;

	while (text_line(&text, &line))
		if (text_cut(&line, ':', &key) && text_is(text_trim(key), "processor"))
			count++;
	return count;
}

/* "2399.998" as 2399998: thousandths, further digits dropped; false for no number. */
static bool thousandths(struct view v, uint64_t *ret)
{
	struct view whole = v, fraction = { 0 };
	uint64_t units, parts = 0, scaled;

	if (text_cut(&v, '.', &whole))
		fraction = view_first(v, 3);
	if (!text_decimal(whole, &units) || (fraction.n && !text_decimal(fraction, &parts)))
		return false;
	for (size_t i = fraction.n; i < 3; i++)
		parts *= 10;
	return ck_mul(units, 1000, &scaled) && ck_add(scaled, parts, ret);
}

/*
 * BogoMIPS first: they are twice the megahertz of the counter that the kernel's delays go by (x86's
 * delay_tsc; the architected timer of arm64), while "cpu MHz" is the clock of the moment, scaled down
 * when idle. On LoongArch, where that is written "CPU MHz", both are the CPU's clock, and the stable counter has
 * another one, which only the CPU itself tells (CPUCFG).
 */
static uint32_t counter_khz(struct view text)
{
	struct view value;
	uint64_t khz;

	if (text_value(text, "CPU MHz", ':', &value))
		return 0;
	/* The TOD clock, of which bit 51 counts microseconds (Principles of Operation, "time-of-day clock"). */
	if (text_value(text, "vendor_id", ':', &value) && text_is(text_trim(value), "IBM/S390"))
		return 4096000;
	/* POWER's time base, in hertz. */
	if (text_value(text, "timebase", ':', &value))
		return text_decimal(text_trim(value), &khz) && khz / 1000 <= UINT32_MAX
			? (uint32_t)(khz / 1000)
			: 0;
	if ((text_value(text, "bogomips", ':', &value) ||
		    text_value(text, "BogoMIPS", ':', &value)) &&
		thousandths(value, &khz))
		khz /= 2;
	else if (!text_value(text, "cpu MHz", ':', &value) || !thousandths(value, &khz))
		return 0;
	return khz <= UINT32_MAX ? (uint32_t)khz : 0;
}

uint32_t cpu_counter_khz(const struct source *source, struct arena *arena)
{
	return counter_khz(fact_text(source, arena, "proc/cpuinfo"));
}

struct cpu_facts cpu_capture(const struct source *source, struct arena *arena)
{
	struct view text = fact_text(source, arena, "proc/cpuinfo");
	struct view flags = { 0 }, features = { 0 }, bugs = { 0 };

	(void)text_value(text, "flags", ':', &flags);
	(void)text_value(text, "bugs", ':', &bugs);
	(void)text_value(text, "Features", ':', &features);
	return (struct cpu_facts){
		.count = count_processors(text),
		.counter_khz = counter_khz(text),
		.crc32 = text_has_word(features, "crc32"),
		.sha2 = text_has_word(features, "sha2"),
		.sha = text_has_word(flags, "sha_ni"),
		.sse42 = text_has_word(flags, "sse4_2"),
		.la57 = text_has_word(flags, "la57"),
		.pdpe1gb = text_has_word(flags, "pdpe1gb"),
		.sev = text_has_word(flags, "sev"),
		.hypervisor = text_has_word(flags, "hypervisor"),
		.tdx = text_has_word(flags, "tdx_guest"),
		.long_mode = flags.n == 0            ? ANSWER_UNKNOWN
			: text_has_word(flags, "lm") ? ANSWER_YES
						     : ANSWER_NO,
		.tdx_partial_writes = text_has_word(bugs, "tdx_pw_mce"),
	};
}
