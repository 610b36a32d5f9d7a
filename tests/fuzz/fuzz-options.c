/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is a command line of kexec(8), an argument in each line: it is understood, or refused with a reason. */
#include "fuzz.h"

#include <string.h>

#include "jump/options.h"
#include "machine/text.h"

enum { ARGUMENTS_MAX = 64 };

/* Each argument lies in memory of its own, so that whoever reads past one is seen. */
static int split(struct view text, const char *program, char *argv[ARGUMENTS_MAX + 2])
{
	struct view line;
	int argc = 1;

	argv[0] = strdup(program);
	expect(argv[0] != NULL);
	while (argc <= ARGUMENTS_MAX && text_line(&text, &line)) {
		argv[argc] = strndup((const char *)line.p, line.n);
		expect(argv[argc++] != NULL);
	}
	argv[argc] = NULL;
	return argc;
}

static void expect_options(const struct kexec_options *options, struct arena *arena)
{
	expect(options->remark_count <= OPTION_REMARKS_MAX);
	expect(options->job.initrd_count <= PLAN_INITRDS_MAX);
	expect(options->job.module_count <= PLAN_MODULES_MAX);
	for (size_t i = 0; i < options->remark_count; i++)
		expect(options->remarks[i].name && options->remarks[i].why);
	expect(options_unread(options, arena) != NULL);
	if (options->action == ACTION_LOAD)
		expect(options->job.kernel != NULL);
}

static void understand(struct view text, const char *program)
{
	char *argv[ARGUMENTS_MAX + 2];
	int argc = split(text, program, argv);
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct kexec_options options;

	if (options_parse(argc, argv, &options, &err))
		expect_options(&options, &arena);
	else
		expect(err.reason[0] != '\0' && fault_class(err.fault) == CLASS_USAGE);
	arena_free(&arena);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	understand((struct view){ data, size }, "kexec");
	understand((struct view){ data, size }, "kexec-lite");
	return 0;
}
