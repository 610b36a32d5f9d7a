/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks as the public API tells of them. */
#include "api/object.h"

#include <stdlib.h>

#include "system/checkup.h"

_Static_assert((int)SAUT_FOUND_PASS == (int)CHECK_PASS && (int)SAUT_FOUND_NOTE == (int)CHECK_NOTE &&
		(int)SAUT_FOUND_UNKNOWN == (int)CHECK_UNKNOWN &&
		(int)SAUT_FOUND_WARN == (int)CHECK_WARN && (int)SAUT_FOUND_FAIL == (int)CHECK_FAIL,
	"the same results");

void api_checks_free(struct saut *saut)
{
	if (saut->checked)
		system_free(saut->checked);
	free(saut->checked);
	saut->checked = NULL;
}

/* One of zeros stands behind the last. NULL: no memory. */
static const struct saut_finding *shown(struct arena *arena, const struct check_finding *findings)
{
	struct saut_finding *rows = arena_alloc_array(arena, check_count + 1, sizeof *rows);

	for (size_t i = 0; rows && i < check_count; i++)
		rows[i] = (struct saut_finding){
			.name = checks[i].name,
			.title = checks[i].title,
			.result = (enum saut_found)findings[i].result,
			.reason = findings[i].reason,
			.advice = findings[i].advice,
			.source = findings[i].source,
		};
	return rows;
}

static bool tell(struct saut *saut, const struct saut_finding **ret)
{
	struct error refused = { 0 }, *err = &saut->error;
	struct job_request request = saut->given.wanted;
	struct checkup checkup;
	bool done;

	request.source = saut->checked->source;
	/* How an initrd would be packed anew does not matter here, and takes long. */
	request.initrd_form = INITRD_KEEP;
	done = job_survey(&saut->job, &request, &refused);
	if (!checkup_make(saut->checked, &saut->job, done ? NULL : &refused, &checkup, err))
		return false;
	*ret = shown(&saut->checked->arena, checkup.findings);
	return *ret ? true : fail_no_memory(err);
}

static bool check(struct saut *saut, const struct saut_finding **ret)
{
	const struct system_options options = { .root = saut->given.wanted.root,
		.leave_unmounted = !saut->may_mount };

	if (!saut->given.wanted.kernel)
		return fail(&saut->error, FAULT_USAGE, "no kernel is named");
	api_checks_free(saut);
	saut->checked = calloc(1, sizeof *saut->checked);
	if (!saut->checked)
		return fail_no_memory(&saut->error);
	if (system_look(&options, saut->checked, &saut->error) && tell(saut, ret)) {
		notes_add_all(&saut->notes, &saut->checked->notes);
		return true;
	}
	api_checks_free(saut);
	return error_attempting(&saut->error, "check %s", saut->given.wanted.kernel);
}

enum saut_result saut_run_checks(struct saut *saut, const struct saut_finding **ret)
{
	api_begin(saut);
	return api_end(saut, check(saut, ret));
}
