/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the facts together to a Machine; what each of them means is known to its own file. */
#include "machine/facts.h"
#include "machine/live-tree.h"
#include "machine/strict.h"

static enum cpu_arch arch_capture(const struct source *source, struct arena *arena)
{
	struct view text = fact_text(source, arena, "saut/uname"), release, machine;
	const char *name = NULL;

	if (text_word(&text, &release) && text_word(&text, &machine))
		name = arena_string(arena, machine);
	return name ? cpu_arch_by_uname(name) : ARCH_UNKNOWN;
}

static const char *reason_in(struct arena *arena, const struct error *err)
{
	const char *reason = arena_string(arena, view_of_string(err->reason));

	return reason ? reason : "out of memory";
}

/* Only who passes it on to the next kernel needs to know it: to others it is as if it were empty. */
static void command_line_capture(
	const struct source *source, struct arena *arena, struct machine *m)
{
	struct view text, line = { 0 };
	struct error err;

	m->command_line = "";
	if (!source_take(source, "proc/cmdline", arena, &text, &err)) {
		m->command_line_unknown = reason_in(arena, &err);
		return;
	}
	if (!text.p) {
		m->command_line_unknown = "/proc/cmdline is not there";
		return;
	}
	(void)text_line(&text, &line);
	m->command_line = arena_string(arena, line);
	if (!m->command_line) {
		m->command_line = "";
		m->command_line_unknown = "out of memory";
	}
}

/* PV guests and dom0 have /proc/xen; guests of every kind say so in /sys/hypervisor. */
static bool xen_capture(const struct source *source, struct arena *arena)
{
	const char *const *names;

	return (source_list(source, "proc/xen", arena, &names) && names[0]) ||
		text_is(fact_text(source, arena, "sys/hypervisor/type"), "xen");
}

static bool add_all(struct ranges *set, struct arena *arena, const struct ranges *more)
{
	for (size_t i = 0; i < more->count; i++)
		if (!ranges_add(set, arena, more->items[i]))
			return false;
	return true;
}

/* RAM that the running kernel does not use: mem= and the like keep it for somebody else. */
static bool add_unused(struct ranges *set, struct arena *arena, const struct machine *m)
{
	struct ranges unused;

	if (m->system_ram.count == 0)
		return true;
	return ranges_subtract(&m->ram, &m->system_ram, arena, &unused) &&
		add_all(set, arena, &unused);
}

/* Where Linux tells it in the device tree alone. */
static bool add_crash(
	const struct range *crash, struct arena *arena, struct ranges *all, struct ranges *taken)
{
	return crash->size == 0 ||
		(ranges_add(all, arena, *crash) && ranges_add(taken, arena, *crash));
}

/*
 * The kernel's view of memory laid over the firmware's. Older kernels of riscv do not show in
 * /proc/iomem what the device tree reserves within their memory.
 */
static bool reserve(const struct iomem *iomem, const struct ranges *by_tree, struct arena *arena,
	struct machine *m)
{
	struct ranges taken, runtime;

	if (!memory_map_ram(&m->memory, arena, &m->ram) || !iomem_crash(iomem, arena, &m->crash) ||
		!iomem_ram(iomem, arena, &m->system_ram) || !iomem_reserved(iomem, arena, &taken) ||
		!add_unused(&taken, arena, m) || !efi_runtime_memory(&m->efi, arena, &runtime) ||
		!add_all(&taken, arena, &runtime) || !add_all(&taken, arena, by_tree) ||
		!add_all(&taken, arena, &m->gic.tables) ||
		!add_all(&taken, arena, &m->powerpc.kept) ||
		!add_crash(&m->powerpc.crash, arena, &m->crash, &taken))
		return false;
	ranges_normalise(&taken);
	return ranges_intersect(&taken, &m->ram, arena, &m->reserved);
}

/* What memory is read by. */
struct memory_grounds {
	struct view
		iomem; /* empty where Xen has the machine: it shows one domain's own addresses */
	const struct ranges *by_tree;
};

/* The memory map, and the kernel's view of it; where Xen has the machine there is none of all of it. */
static bool map_capture(const struct source *source, const struct memory_grounds *grounds,
	struct arena *arena, struct machine *m, struct iomem *ret, struct error *err)
{
	const struct xen_pv *xen = &m->kexec.xen;

	*ret = (struct iomem){ 0 };
	if (xen->kind == XEN_PV_DOM0)
		return memory_map_by_xen(xen->told, arena, &m->memory, err);
	return iomem_parse(grounds->iomem, arena, ret, err) &&
		memory_map_capture(source, arena, ret, m->boot_params, &m->memory, err);
}

static bool memory_capture(const struct source *source, const struct memory_grounds *grounds,
	struct arena *arena, struct machine *m, struct error *err)
{
	struct iomem iomem;

	if (!map_capture(source, grounds, arena, m, &iomem, err))
		return false;
	if (!reserve(&iomem, grounds->by_tree, arena, m))
		return fail_no_memory(err);
	m->running = iomem_kernel(&iomem);
	if (m->ram.count == 0)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"none of the %zu entries of the memory map is RAM", m->memory.count);
	return true;
}

/* Without the kernel's own view of memory there is no telling what the firmware's map leaves free. */
static bool iomem_capture(
	const struct source *source, struct arena *arena, struct machine *m, struct view *ret)
{
	struct error unreadable;

	if (m->kexec.xen.kind == XEN_PV_DOM0)
		m->no_memory = m->kexec.xen.why;
	else if (!source_take(source, "proc/iomem", arena, ret, &unreadable))
		m->no_memory = reason_in(arena, &unreadable);
	else if (!ret->p)
		m->no_memory = "/proc/iomem is not there";
	return !m->no_memory;
}

/*
 * What firmware adds to a ppc64el and takes away later, CPUs, memory and adapters, is not in the boot's tree. On other CPUs
 * that is the one: an overlay is the running kernel's own.
 */
static struct view device_tree(const struct source *source, enum cpu_arch arch, struct arena *arena)
{
	struct view tree = { 0 };

	if (arch == ARCH_PPC64LE && source_read(source, LIVE_TREE, arena, &tree))
		return tree;
	return source_read(source, "sys/firmware/fdt", arena, &tree) ? tree : (struct view){ 0 };
}

/* What only machines with a device tree, or of the CPUs that usually have one, need to know. */
static bool tree_capture(
	const struct source *source, struct arena *arena, struct machine *m, struct tree_facts *ret)
{
	const struct gic_grounds grounds = { .tree = ret,
		.release = m->uname_release,
		.cpus = m->cpu.count,
		.efi = m->efi.present };

	m->device_tree = device_tree(source, m->arch, arena);
	if (!tree_facts_read(m->device_tree, arena, ret))
		return false;
	m->efi.system_table = ret->efi_system_table;
	if (ret->counter_khz)
		m->cpu.counter_khz = ret->counter_khz;
	if (!cpu_arch_is_x86(m->arch))
		m->reset = reset_register_capture(source, arena);
	if (m->arch == ARCH_PPC64LE)
		m->powerpc = powerpc_capture(source, ret, arena);
	if (m->arch != ARCH_ARM64 && m->arch != ARCH_ARM)
		return true;
	other_cpus_capture(source, ret, arena, &m->kexec);
	m->kexec.cpus_may_stick &= m->arch == ARCH_ARM64;
	m->psci = ret->psci != PSCI_NONE ? ret->psci : psci_capture(source, arena);
	return gic_capture(source, &grounds, arena, &m->gic);
}

/* source is where what is unreadable is kept; given is the same where that may be unknown. */
static bool capture(const struct source *source, const struct source *given, struct arena *arena,
	struct machine *ret, struct error *err)
{
	const struct memory_amounts amounts = memory_amounts_capture(source, arena);
	struct machine m = {
		.arch = arch_capture(source, arena),
		.uname_release = release_capture(source, arena),
		.memory_available = amounts.available,
		.memory_contiguous = amounts.contiguous,
		.page_size = page_size_capture(source, arena),
		.boot_params = boot_params_capture(source, arena),
		.efi = efi_capture(source, arena),
		.framebuffer = framebuffer_capture(source, arena),
		.cpu = cpu_capture(source, arena),
		.xen = xen_capture(source, arena),
		.live_update = live_update_capture(given, arena),
		.kexec = machine_kexec_ability(given, arena),
	};
	struct tree_facts tree;
	struct memory_grounds grounds = { .by_tree = &tree.reserved };

	m.kexec.tdx_partial_writes = m.cpu.tdx_partial_writes;
	m.efi.hidden = !m.efi.present && boot_params_by_efi(m.boot_params);
	command_line_capture(given, arena, &m);
	m.ima = ima_capture(given, arena, m.command_line);
	if (!tree_capture(source, arena, &m, &tree))
		return fail_no_memory(err);
	if (iomem_capture(given, arena, &m, &grounds.iomem) &&
		!memory_capture(source, &grounds, arena, &m, err))
		return false;
	m.rsdp = boot_params_rsdp(m.boot_params);
	if (m.rsdp == 0)
		m.rsdp = m.efi.acpi20;
	m.serial_count = serial_capture(given, arena, m.serial);
	m.mmio_serial_count = mmio_serial_capture(given, arena, m.mmio_serial);
	*ret = m;
	return true;
}

bool machine_capture(
	const struct source *source, struct arena *arena, struct machine *ret, struct error *err)
{
	struct strict strict = strict_make(source);
	struct machine m;

	if (!capture(&strict.source, source, arena, &m, err) || !strict_check(&strict, err))
		return false;
	*ret = m;
	return true;
}
