/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documentation/kbuild/kconfig.rst says how such a file looks; it is read, and nothing is decided. */
#include "machine/config.h"

#include <string.h>

#include "base/arith.h"
#include "codec/codec.h"
#include "machine/facts.h"
#include "machine/strict.h"

/* Real ones have a quarter of a megabyte. */
#define CONFIG_MAX MiB(4)

const struct kernel_option kernel_options[KERNEL_OPTIONS] = {
	[OPTION_KEXEC] = { "CONFIG_KEXEC", "the system call kexec_load" },
	[OPTION_KEXEC_FILE] = { "CONFIG_KEXEC_FILE", "the system call kexec_file_load" },
	[OPTION_KEXEC_SIG] = { "CONFIG_KEXEC_SIG", "kexec_file_load verifies signatures" },
	[OPTION_KEXEC_SIG_FORCE] = { "CONFIG_KEXEC_SIG_FORCE",
		"kexec_file_load takes nothing that is not signed" },
	[OPTION_KEXEC_HANDOVER] = { "CONFIG_KEXEC_HANDOVER",
		"memory can be handed over to the next kernel" },
	[OPTION_CRASH_DUMP] = { "CONFIG_CRASH_DUMP", "crash kernels" },
};

static enum answer answer_of(struct view value)
{
	if (text_is(value, "y") || text_is(value, "m"))
		return ANSWER_YES;
	return text_is(value, "n") ? ANSWER_NO : ANSWER_UNKNOWN;
}

enum answer kernel_config_stated(struct view text, const char *name)
{
	size_t n = strlen(name);
	struct view line, value, word;

	while (text_line(&text, &line)) {
		value = text_trim(line);
		if (view_has_at(value, 0, "# ") && view_has_at(value, 2, name) &&
			view_has_at(value, 2 + n, " is not set"))
			return ANSWER_NO;
		if (text_cut(&line, '=', &word) && text_is(text_trim(word), name))
			return answer_of(text_trim(line));
	}
	return ANSWER_UNKNOWN;
}

enum answer kernel_config_answer(struct view text, const char *name)
{
	return kernel_config_stated(text, name) == ANSWER_YES ? ANSWER_YES : ANSWER_NO;
}

static bool unpack(struct view packed, struct arena *arena, struct view *ret)
{
	const struct codec *codec = codec_find(packed);
	uint8_t *p = codec ? arena_alloc(arena, CONFIG_MAX) : NULL;
	struct buffer_sink sink = buffer_sink_make(p, p ? CONFIG_MAX : 0);
	struct error ignored = { 0 };
	uint64_t used;

	if (!p || !codec_unpack(codec, packed, &sink.sink, &used, &ignored))
		return false;
	*ret = (struct view){ p, (size_t)sink.sink.taken };
	return true;
}

/* Any of them is this kernel's; where none can be read, all is unknown as where there is none. */
bool kernel_config_text(
	const struct source *source, struct arena *arena, struct view *ret, const char **ret_name)
{
	const char *release = release_capture(source, arena);
	/* The release names a file; it may not name a path. */
	bool is_name = release[0] && !strchr(release, '/');
	const char *paths[] = {
		is_name ? arena_printf(arena, "boot/config-%s", release) : NULL,
		is_name ? arena_printf(arena, "usr/lib/modules/%s/config", release) : NULL,
		is_name ? arena_printf(arena, "lib/modules/%s/config", release) : NULL,
	};
	struct view packed;

	if (source_read(source, "proc/config.gz", arena, &packed) && unpack(packed, arena, ret)) {
		*ret_name = "/proc/config.gz";
		return true;
	}
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		if (!paths[i] || !source_read(source, paths[i], arena, ret) || !ret->n)
			continue;
		*ret_name = arena_printf(arena, "/%s", paths[i]);
		return *ret_name != NULL;
	}
	return false;
}

/* NULL: nothing there was passed over. */
static const char *why_unknown(const struct strict *strict, struct arena *arena)
{
	struct view packed;
	const char *reason;

	if (strict->first.fault == FAULT_NONE)
		return source_read(&strict->source, "proc/config.gz", arena, &packed)
			? "/proc/config.gz cannot be unpacked"
			: NULL;
	reason = arena_string(arena, view_of_string(strict->first.reason));
	return reason ? reason : "out of memory";
}

struct kernel_config kernel_config_read(const struct source *source, struct arena *arena)
{
	struct strict strict = strict_make(source);
	struct kernel_config config = { 0 };
	struct view text;

	if (!kernel_config_text(&strict.source, arena, &text, &config.file)) {
		config.unknown = why_unknown(&strict, arena);
		return config;
	}
	for (size_t i = 0; i < KERNEL_OPTIONS; i++)
		config.answers[i] = kernel_config_answer(text, kernel_options[i].name);
	return config;
}
