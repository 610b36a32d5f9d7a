/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Data to text; decides nothing. */
#include "cmd/kexec/explain.h"

#include "cmd/say.h"
#include "cmd/field-names.h"
#include "jump/holding.h"
#include "plan/tuning.h"

static double milliseconds(uint64_t ns)
{
	return (double)ns / 1e6;
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

static void explain_rate(const char *work, const struct initrd_rate *rate)
{
	say("  %-8s %-28s %7.2f ms a MiB  %s\n", work, rate->name, milliseconds(rate->ns_per_mib),
		rate->source);
}

static void explain_rates(void)
{
	say("what a MiB costs in the blackout, by the model:\n");
	for (size_t i = 0; i < INITRD_CODEC_RATES; i++)
		explain_rate("unpack", &initrd_codec_rates[i]);
	explain_rate("copy", &initrd_copy_rate);
	for (size_t i = 0; i < INITRD_CHECKS; i++)
		explain_rate("check", &initrd_check_rates[i]);
	say("what it costs while it is loaded, besides:\n");
	explain_rate("read", &initrd_read_rate);
}

static const char *yes_no(bool answer)
{
	return answer ? "yes" : "not known";
}

static void explain_common(const struct initrd_facts *facts)
{
	say("each byte is copied %u times, verified by %s\n", facts->copies,
		initrd_check_rates[facts->check].name);
	say("the next kernel unpacks lz4: %s; zstd: %s\n", yes_no(facts->unpacks_lz4),
		yes_no(facts->unpacks_zstd));
}

static void explain_initrd(const struct initrd_decision *decision)
{
	const struct initrd_facts *facts = &decision->facts;
	const struct initrd_choice *choice = &decision->choice;

	say("initrd %s: %s, since %s\n", decision->given.name, initrd_form_name(choice->form),
		choice->reason);
	say("  memory: %.1f MB available, %.1f MB spent on others; the new file has room for "
	    "%.1f MB, its content for %.1f MB\n",
		megabytes(facts->memory_available), megabytes(facts->memory_spent),
		megabytes(choice->made_max), megabytes(choice->unpacked_max));
	for (size_t i = 0; i < facts->part_count; i++)
		say("  archive: %s, %.1f MB, unpacked %s%.1f MB\n", facts->parts[i].codec,
			megabytes(facts->parts[i].packed),
			facts->parts[i].unpacked ? "" : "unknown: ",
			megabytes(facts->parts[i].unpacked));
	if (decision->is_ready)
		say("  kept ready on the disk: %.1f MB, verified\n", megabytes(facts->ready_lz4));
	for (int form = INITRD_KEEP; form < INITRD_FORMS; form++)
		if (choice->ns[form])
			say("  %-4s %9.1f ms\n", initrd_form_name((enum initrd_form)form),
				milliseconds(choice->ns[form]));
}

static void explain_memory(const struct job *job)
{
	const uint64_t available = job->machine.memory_available;

	say("memory held for this load: %.1f MB in what was made of the files, up to %.1f MB in copies of "
	    "files that others may write to\n",
		megabytes(holding_made(job)), megabytes(holding_copies(job)));
	say("memory that the running kernel takes for it: up to %.1f MB\n",
		megabytes(holding_loaded(job)));
	if (available)
		say("memory available before: %.1f MB, of which no more is held than there is\n",
			megabytes(available));
	else
		say("memory available before: not known\n");
}

static uint64_t file_bytes(const struct job *job)
{
	uint64_t sum = job->request.kernel.bytes.n;

	for (size_t i = 0; i < job->request.initrd_count; i++)
		sum += job->request.initrds[i].bytes.n;
	return sum;
}

/* kexec_file_load's own check, which nothing switches off: the kernel's, by SHA-256 in plain C. */
static void explain_purgatory(const struct job *job)
{
	const struct initrd_rate *rate = &initrd_check_rates[INITRD_CHECK_SHA_PLAIN];
	const enum cpu_arch arch = job->machine.arch;
	const uint64_t bytes = holding_verified(job);

	if (job->plan.call != CALL_FILE_LOAD || (arch != ARCH_X86_64 && arch != ARCH_I386))
		return;
	say("verified by kexec_file_load, when it loads and once more in the blackout: %.1f MB, of which "
	    "%.1f MB are zeros behind the kernel\n",
		megabytes(bytes), megabytes(bytes - file_bytes(job)));
	say("  that is %.1f ms of the blackout by the model (%s, %s)\n",
		milliseconds(initrd_work_ns(bytes, rate->ns_per_mib)), rate->name, rate->source);
}

static void explain_aim(const struct job *job)
{
	const struct load_aim *aim = &job->wanted.aim;

	if (aim->shorten == SHORTEN_OUTAGE)
		say("forms are chosen for a short load and jump together\n");
	else
		say("forms are chosen for a short jump\n");
	if (aim->is_held)
		say("to be held until the jump: %.1f MB, more only where the files have more\n",
			megabytes(holding_wanted(job)));
	if (job->request.direct && job->kept_kernel.form.payload.n)
		say("the kernel is unpacked ahead from what is kept ready on the disk: %.1f MB, verified\n",
			megabytes(job->kept_kernel.form.payload.n));
	if (job->packed_kernel)
		say("the kernel unpacks itself on the way: %s\n", job->packed_kernel);
}

static void explain_tuning(const struct job *job)
{
	const struct tuning_grounds *grounds = &job->tuning;
	const bool is_same = grounds->wanted == TUNE_SAME;

	for (size_t i = 0; i < TUNING_HINTS; i++) {
		const struct tuning_hint *hint = &tuning_hints[i];
		const char *obstacle = tuning_obstacle(hint, grounds);

		say("tuning %s: %s; risk: %s; ", hint->word, hint->effect, hint->risk);
		if (is_same && obstacle)
			say("not for --tune=same, since %s\n", obstacle);
		else if (is_same)
			say("--tune=same adds it, since %s\n", hint->shown);
		else if (obstacle)
			say("not for --tune, since %s\n", obstacle);
		else
			say("--tune adds it\n");
	}
}

/* What is told of the reserved memory holds for either call; what a dump is made of, for ours. */
static void explain_crash(const struct job *job)
{
	const struct machine *machine = &job->machine;
	const struct dump_facts *dump = &machine->dump;

	if (!job->wanted.crash)
		return;
	for (size_t i = 0; i < machine->crash.count; i++)
		say("reserved for a crash kernel: %#llx-%#llx, %.1f MB%s\n",
			(unsigned long long)machine->crash.items[i].start,
			(unsigned long long)range_end(machine->crash.items[i]) - 1,
			megabytes(machine->crash.items[i].size),
			i + 1 == machine->crash.count ? ", in which it is loaded" : "");
	for (size_t i = 0; i < machine->crash_cma.count; i++)
		say("lent to processes until then: %#llx-%#llx, %.1f MB\n",
			(unsigned long long)machine->crash_cma.items[i].start,
			(unsigned long long)range_end(machine->crash_cma.items[i]) - 1,
			megabytes(machine->crash_cma.items[i].size));
	if (job->plan.call != CALL_LOAD)
		return;
	say("in a dump: the registers of %zu CPUs, %s, System RAM in %zu pieces, %s\n",
		dump->note_count - dump->has_layout,
		dump->has_layout ? "VMCOREINFO" : "no VMCOREINFO", machine->system_ram.count,
		dump->linear_count ? "with the kernel's own addresses of it"
				   : "by physical addresses only");
}

void explain_job(const struct job *job)
{
	char reason[256];

	fields_spell(&command_field_names, job->plan.call_reason, reason, sizeof reason);
	say("system call: %s, since %s\n", kexec_call_name(job->plan.call), reason);
	explain_crash(job);
	explain_memory(job);
	explain_purgatory(job);
	explain_aim(job);
	explain_tuning(job);
	if (!job->decisions)
		return;
	explain_rates();
	explain_common(&job->decisions[0].facts);
	for (size_t i = 0; i < job->input_count; i++)
		explain_initrd(&job->decisions[i]);
}
