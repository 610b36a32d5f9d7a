/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lists of a kernel's modules: modules.dep up to the first zero byte, behind it modules.builtin. What is
 * found lies in the lists, each name that a list has is found, and nothing is absent by half a list.
 */
#include "fuzz.h"

#include <string.h>

#include "machine/modules.h"
#include "machine/text.h"

static bool ends_a_line(struct view v)
{
	return v.n && v.p[v.n - 1] == '\n';
}

static void expect_answer(const struct kernel_modules *m, const char *name)
{
	struct module_answer answer = kernel_modules_find(m, name);
	bool whole = ends_a_line(m->builtin) && ends_a_line(m->depends);

	expect_inside(answer.file, m->depends);
	expect_inside(answer.needs, m->depends);
	expect(answer.place != MODULE_ABSENT || whole);
	expect(answer.place != MODULE_UNKNOWN || !whole);
	if (answer.place == MODULE_LOADABLE)
		expect(module_name_is(module_name_of(answer.file), name));
	else
		expect(answer.file.n == 0 && answer.needs.n == 0);
}

/* Every whole line of modules.builtin names something that is built in. */
static void expect_lines(const struct kernel_modules *m, struct arena *arena)
{
	struct view text = m->builtin, line;

	while (text_line(&text, &line)) {
		struct view name = module_name_of(text_trim(line));
		const char *copy = arena_string(arena, name);

		expect(copy != NULL);
		if (name.n == 0 || memchr(name.p, ':', name.n) || memchr(line.p, ':', line.n) ||
			(text.n == 0 && !ends_a_line(m->builtin)))
			continue;
		expect(kernel_modules_find(m, copy).place == MODULE_BUILTIN);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
	size_t first = zero ? (size_t)(zero - data) : size;
	struct view all = { data, size };
	struct kernel_modules m = { "lib/modules/1", view_from(all, first + 1),
		view_first(all, first) };
	struct arena arena = { 0 };

	if (m.builtin.n && memchr(m.builtin.p, 0, m.builtin.n))
		return 0;
	expect_answer(&m, "nvme-core");
	expect_answer(&m, "ext4");
	expect_answer(&m, "");
	expect_lines(&m, &arena);
	arena_free(&arena);
	return 0;
}
