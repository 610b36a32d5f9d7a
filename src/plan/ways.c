/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/ways.h"

/* Both system calls, whatever is asked for. */
static bool loads_nothing(const struct machine *machine)
{
	return machine->kexec.disabled == ANSWER_YES || machine->kexec.may_boot == ANSWER_NO ||
		machine->kexec.tdx_partial_writes || machine->kexec.cpus_stick;
}

/* What a crash kernel is loaded by without being asked to is no way out. */
static bool is_crash_by(const struct ways_grounds *g, enum kexec_call call)
{
	const struct request *request = g->request;

	return request->crash && request->call == CALL_AUTO &&
		(!g->arch || !request->image ||
			plan_choose_call(g->arch, g->machine, request) == call);
}

static bool load_is_closed(const struct ways_grounds *g)
{
	const struct kexec_ability *kexec = &g->machine->kexec;

	return loads_nothing(g->machine) || g->tried_load || is_crash_by(g, CALL_LOAD) ||
		g->request->call == CALL_LOAD || kexec->load == ANSWER_NO ||
		kexec_is_locked_down(kexec) || machine_ima_refuses(g->machine) ||
		g->machine->no_memory || (g->machine->efi.hidden && g->machine->rsdp == 0);
}

/* What is kept is lost by it, which only the refusal that says so may offer. */
static bool load_loses(const struct ways_grounds *g, enum fault fault)
{
	return g->machine->live_update.state == LIVE_UPDATE_OPEN && !g->request->crash &&
		fault != FAULT_KEPT_STATE;
}

static bool file_load_is_closed(const struct ways_grounds *g)
{
	const struct request *request = g->request;

	return loads_nothing(g->machine) || g->tried_file_load || request->call == CALL_FILE_LOAD ||
		is_crash_by(g, CALL_FILE_LOAD) || g->machine->kexec.file_load == ANSWER_NO ||
		(g->arch && request->image && plan_file_load_obstacle(g->arch, request));
}

void ways_close(const struct ways_grounds *grounds, struct error *err)
{
	const struct kexec_ability *kexec = &grounds->machine->kexec;

	err->closed[WAY_LOAD] |= load_is_closed(grounds) || load_loses(grounds, err->fault);
	err->closed[WAY_FILE_LOAD] |= file_load_is_closed(grounds);
	err->closed[WAY_LIMITS] |= !plan_has_limits(grounds->request);
	err->closed[WAY_SECURE_BOOT] |= kexec->secure_boot == ANSWER_NO;
	err->closed[WAY_NO_SECURE_BOOT] |= kexec->secure_boot == ANSWER_YES;
}
