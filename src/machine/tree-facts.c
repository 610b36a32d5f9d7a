/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the running machine's device tree tells beyond what /proc and /sys do. A tree that is not
 * sound tells nothing: who passes it on will say why.
 */
#include "machine/facts.h"

#include <libfdt.h>
#include <string.h>

static bool add_reserved_memory(
	const struct flat_tree *tree, struct arena *arena, struct ranges *ret)
{
	int parent = fdt_path_offset(tree->fdt, "/reserved-memory"), child;

	if (parent < 0)
		return true;
	fdt_for_each_subnode(child, tree->fdt,
		parent) if (!flat_tree_reg(tree, parent, child, arena, ret)) return false;
	return true;
}

/* Some boot loaders reserve the running kernel's initrd, too, which is free again. */
static bool reserved(const struct flat_tree *tree, struct arena *arena, struct ranges *ret)
{
	struct range initrd = flat_tree_initrd(tree), r;
	struct ranges found = { 0 }, free = { &initrd, initrd.size != 0 };

	for (int i = 0; flat_tree_reservation(tree->fdt, i, &r); i++)
		if (!ranges_add(&found, arena, r))
			return false;
	ranges_normalise(&found);
	if (!ranges_subtract(&found, &free, arena, ret) || !add_reserved_memory(tree, arena, ret))
		return false;
	ranges_normalise(ret);
	return true;
}

/* What a node says to lie from one property on, as long as another says. */
static bool add_described(const struct flat_tree *tree, int node, const char *const *names,
	struct arena *arena, struct ranges *ret)
{
	uint64_t start, size;
	struct range r;

	return !flat_tree_node_number(tree, node, names[0], &start) ||
		!flat_tree_node_number(tree, node, names[1], &size) ||
		!range_make(start, size, &r) || r.size == 0 || ranges_add(ret, arena, r);
}

/*
 * Run-time services of PAPR and of OPAL, and the tables by which old bridges translate addresses: what
 * Linux itself keeps off when it loads (arch/powerpc/kexec).
 */
static bool firmware(const struct flat_tree *tree, struct arena *arena, struct ranges *ret)
{
	static const char *const rtas[] = { "linux,rtas-base", "rtas-size" };
	static const char *const opal[] = { "opal-base-address", "opal-runtime-size" };
	static const char *const tces[] = { "linux,tce-base", "linux,tce-size" };
	int node = -1;

	while ((node = fdt_next_node(tree->fdt, node, NULL)) >= 0)
		if (!add_described(tree, node, rtas, arena, ret) ||
			!add_described(tree, node, opal, arena, ret) ||
			!add_described(tree, node, tces, arena, ret))
			return false;
	ranges_normalise(ret);
	return true;
}

static enum psci_method psci_of(const struct flat_tree *tree)
{
	if (flat_tree_says(tree, "/psci", "method", "hvc"))
		return PSCI_HVC;
	return flat_tree_says(tree, "/psci", "method", "smc") ? PSCI_SMC : PSCI_NONE;
}

/* How fast the time CSR of riscv counts: devicetree bindings, riscv/cpus.yaml. */
static uint32_t counter_khz(const struct flat_tree *tree)
{
	uint64_t hertz;

	if (!flat_tree_number(tree, "/cpus", "timebase-frequency", &hertz) ||
		hertz / 1000 > UINT32_MAX)
		return 0;
	return (uint32_t)(hertz / 1000);
}

/* Counts a CPU's node by how it is started: devicetree bindings, arm/cpus.yaml. */
static void count_cpu(
	const struct flat_tree *tree, int node, struct tree_facts *facts, bool *is_by_psci)
{
	static const char psci[] = "psci", spin_table[] = "spin-table";
	int kind_size, method_size;
	const char *kind = fdt_getprop(tree->fdt, node, "device_type", &kind_size);
	const char *method = fdt_getprop(tree->fdt, node, "enable-method", &method_size);

	if (!kind || kind_size != (int)sizeof "cpu" || memcmp(kind, "cpu", sizeof "cpu") != 0)
		return;
	facts->cpus++;
	if (!method)
		return;
	*is_by_psci |= method_size == (int)sizeof psci && memcmp(method, psci, sizeof psci) == 0;
	facts->spin_tables |= method_size == (int)sizeof spin_table &&
		memcmp(method, spin_table, sizeof spin_table) == 0;
}

static void count_cpus(const struct flat_tree *tree, struct tree_facts *facts)
{
	int parent = fdt_path_offset(tree->fdt, "/cpus"), child;
	bool is_by_psci = false;

	if (parent < 0)
		return;
	fdt_for_each_subnode(child, tree->fdt, parent) count_cpu(tree, child, facts, &is_by_psci);
	facts->spin_tables &= !is_by_psci;
}

bool tree_facts_read(struct view device_tree, struct arena *arena, struct tree_facts *ret)
{
	struct tree_facts facts = { 0 };
	struct flat_tree tree;
	struct error ignored = { 0 };
	uint64_t system_table;

	*ret = facts;
	if (device_tree.n == 0 || !flat_tree_open(device_tree, arena, &tree, &ignored))
		return true;
	facts.psci = psci_of(&tree);
	facts.counter_khz = counter_khz(&tree);
	count_cpus(&tree, &facts);
	facts.has_gic_v3 = flat_tree_has_device(&tree, "arm,gic-v3");
	facts.has_its = flat_tree_has_device(&tree, "arm,gic-v3-its");
	if (flat_tree_number(&tree, "/chosen", "linux,uefi-system-table", &system_table))
		facts.efi_system_table = system_table;
	if (!reserved(&tree, arena, &facts.reserved) || !firmware(&tree, arena, &facts.firmware))
		return false;
	*ret = facts;
	return true;
}
