/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/kexec/show.h"

#include <stdio.h>
#include <string.h>

#include "cmd/columns.h"
#include "cmd/say.h"
#include "cmd/field-names.h"
#include "jump/options.h"

enum { LEFT = 33, LABEL_MAX = 100 };

static void show_option(const char *names, const char *help)
{
	char label[LABEL_MAX] = "  ";

	strncat(label, names, sizeof label - 3);
	columns_say(&(const struct columns){ LEFT }, label, help);
}

void show_help(void)
{
	static const struct columns columns = { LEFT + 17 };

	say("kexec " SAUT_VERSION " (Saut): reboot into another kernel without the firmware\n\n");
	columns_say(&columns, "  kexec -l KERNEL --initrd=FILE --reuse-cmdline",
		"load a kernel for the next reboot");
	columns_say(&columns, "  kexec -e", "jump into what is loaded, at once");
	columns_say(&columns, "  kexec KERNEL ...", "load a kernel, then shutdown -r now");
	columns_say(&columns, "  kexec -u", "unload what is loaded");
	columns_say(&columns, "  kexec-lite -s KERNEL ...",
		"by this name: the options of kexec-lite; -s loads, -e shuts down, -e -f jumps");
	say("\n");
	options_describe(show_option);
}

static void show_segment(const struct segment *s)
{
	say_error("  %#014llx-%#014llx  %10zu bytes  %-9s  %s\n", (unsigned long long)s->mem.start,
		(unsigned long long)range_end(s->mem) - 1, s->data.n, s->name, s->why);
}

static void show_plan(const struct plan *plan)
{
	char reason[256];

	fields_spell(&command_field_names, plan->call_reason, reason, sizeof reason);
	say_error("system call: %s, since %s\n", kexec_call_name(plan->call), reason);
	say_error("command line: %s\n", plan->request->command_line);
	if (plan->call != CALL_LOAD)
		return;
	if (plan->request->direct)
		say_error(
			"direct: %zu bytes of kernel, unpacked; moved by %#llx in virtual memory%s\n",
			plan->request->direct->kernel.bytes.n,
			(unsigned long long)plan->request->direct->offset,
			plan->request->direct->randomised ? " (KASLR)" : "");
	say_error("entry point: %#llx\n", (unsigned long long)plan->entry);
	for (size_t i = 0; i < plan->segment_count; i++)
		show_segment(&plan->segments[i]);
}

/* Of a UKI, where it matters which file is handed over. */
static const char *signature(const struct image *image)
{
	if (image->format != IMAGE_UKI)
		return "";
	return image->uki.is_signed ? ", signed" : ", not signed";
}

/* The kernel's own view is less exact, and a defect may hang on that. */
static const char *map_name(const struct machine *machine)
{
	return machine->memory.from_iomem || machine->no_memory ? "/proc/iomem"
								: "the firmware's map";
}

/* The accesses by which the stub starts the watchdog. */
static void show_recipe(const struct recipe *recipe)
{
	for (size_t i = 0; i < recipe->count; i++) {
		const struct recipe_step *s = &recipe->steps[i];
		bool is_read = (s->keep & register_mask(s->width)) == register_mask(s->width);

		say_error("  %s %#llx, %u bytes: ", s->is_port ? "port" : "memory",
			(unsigned long long)s->address, s->width);
		if (is_read)
			say_error("read");
		else
			say_error("write %#llx", (unsigned long long)s->value);
		if (!is_read && s->keep)
			say_error(", keep %#llx", (unsigned long long)s->keep);
		say_error("  %s\n", s->why);
	}
}

static void show_watchdog(const struct job *job)
{
	const struct watchdog *w = &job->watchdog;

	if (!job->request.recipe)
		return;
	say_error("watchdog: %s, driver %s, %u to %u s can be set; started by the stub:\n", w->name,
		w->driver, w->least, w->longest);
	show_recipe(job->request.recipe);
}

void show_job(const struct job *job)
{
	const struct machine *m = &job->machine;

	say_error("machine: %s, Linux %s, %llu MiB of memory, %zu entries in %s\n",
		cpu_arch_name(m->arch), m->uname_release,
		(unsigned long long)(ranges_total(&m->ram) >> 20), m->memory.count, map_name(m));
	say_error("kernel: %s, %zu bytes, %s %s%s\n", job->wanted.kernel, job->image.bytes.n,
		job->image.name, job->image.version, job->unpacked.bytes.p ? " (unpacked)" : "");
	for (size_t i = job->layer_count; i-- > 0;) {
		const struct image *image = &job->layers[i].image;

		say_error("it lies in a file of the format %s, %zu bytes%s\n", image->name,
			image->bytes.n, signature(image));
	}
	for (size_t i = 0; i < job->input_count; i++)
		say_error("initrd: %s, %zu bytes\n", job->inputs[i].name, job->inputs[i].bytes.n);
	show_plan(&job->plan);
	show_watchdog(job);
}
