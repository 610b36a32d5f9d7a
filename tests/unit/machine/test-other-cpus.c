/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* arm64: whether the running kernel can stop its other CPUs, and what a plan says where it cannot. */
#include "arch/planned.h"

#include "image/raw-file.h"
#include "machine/facts.h"
#include "machine/tree-file.h"
#include "table-source.h"

#define IOMEM  "40000000-7fffffff : System RAM\n"
#define CONFIG "boot/config-6.1.0"

static void add_cpu(struct tree_file *t, const char *name, const char *method)
{
	tree_open(t, name);
	tree_string(t, "device_type", "cpu");
	if (method)
		tree_string(t, "enable-method", method);
	tree_close(t);
}

/* A board with so many CPUs; the first one may have no method. */
static struct tree_file board(unsigned cpus, const char *first, const char *method)
{
	static const char *const names[] = { "cpu@0", "cpu@1", "cpu@2", "cpu@3" };
	struct tree_file t = tree_begin();

	tree_root(&t);
	tree_open(&t, "cpus");
	tree_u32(&t, "#address-cells", 1);
	tree_u32(&t, "#size-cells", 0);
	add_cpu(&t, names[0], first);
	for (unsigned i = 1; i < cpus; i++)
		add_cpu(&t, names[i], method);
	tree_open(&t, "cpu-map");
	tree_close(&t);
	tree_close(&t);
	t.n = tree_end(&t).n;
	return t;
}

struct given {
	unsigned cpus;
	const char *first, *method, *possible, *config, *uname;
	const char *why; /* NULL: it is not known to be so */
};

static struct machine capture(const struct given *g, struct arena *a)
{
	struct tree_file tree = board(g->cpus, g->first, g->method);
	const struct table_source t =
		TABLE_SOURCE({ "saut/uname", g->uname ? g->uname : "6.1.0 aarch64\n" },
			{ "proc/iomem", IOMEM }, { CONFIG, g->config ? g->config : "" },
			{ "sys/devices/system/cpu/possible", g->possible },
			{ "sys/firmware/fdt", (const char *)tree.p, tree.n });
	struct error err = { 0 };
	struct machine m;

	if (!machine_capture(&t.source, a, &m, &err))
		fail_msg("%s", err.reason);
	free(tree.p);
	return m;
}

static void cpus_that_cannot_be_stopped_are_known(void **state)
{
	static const struct given cases[] = {
		{ 4, "spin-table", "spin-table", "0-3\n", .why = "spin-table" },
		{ 4, NULL, "spin-table", "0-3\n", .why = "spin-table" },
		{ 2, "spin-table", "spin-table", NULL, .why = "spin-table" },
		{ 2, "spin-table", "spin-table", "0,2-3\n", .why = "spin-table" },
		/* nr_cpus=1, or one CPU */
		{ 4, "spin-table", "spin-table", "0\n" },
		{ 1, "spin-table", NULL, NULL },
		{ 4, "psci", "psci", "0-3\n" },
		{ 4, "spin-table", "psci", "0-3\n" },
		{ 4, "psci", "psci", "0-3\n", "# CONFIG_HOTPLUG_CPU is not set\n",
			.why = "CONFIG_HOTPLUG_CPU" },
		{ 4, "psci", "psci", "0-3\n", "CONFIG_HOTPLUG_CPU=y\n" },
		{ 4, "psci", "psci", "0\n", "# CONFIG_HOTPLUG_CPU is not set\n" },
		/* what makes no sense is as if it were not there */
		{ 4, "spin-table", "spin-table", "3-0\n", .why = "spin-table" },
		{ 4, "psci", "psci", "0-9999999999\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = { 0 };
		struct machine m = capture(&cases[i], &a);

		assert_true(m.kexec.cpus_may_stick);
		if (!cases[i].why != !m.kexec.cpus_stick ||
			(cases[i].why && !strstr(m.kexec.cpus_stick, cases[i].why)))
			fail_msg("case %zu: %s", i, m.kexec.cpus_stick ? m.kexec.cpus_stick : "-");
		arena_free(&a);
	}
}

static void others_can_stop_theirs(void **state)
{
	static const struct given riscv = { 4, "spin-table", "spin-table", "0-3\n",
		.uname = "6.1.0 riscv64\n" };
	struct arena a = { 0 };
	struct machine m = capture(&riscv, &a);

	(void)state;
	assert_false(m.kexec.cpus_may_stick);
	assert_null(m.kexec.cpus_stick);
	arena_free(&a);
}

static void nothing_but_a_crash_kernel_is_loaded_then(void **state)
{
	static const struct given spin_table = { 4, "spin-table", "spin-table", "0-3\n" };
	struct range crash = { GiB(1) + MiB(512), MiB(256) };
	struct planned p;

	(void)state;
	planned_begin(&p, "arm64-gicv2");
	assert_null(p.machine.kexec.cpus_stick);
	p.machine = capture(&spin_table, &p.arena);
	p.kernel = rf_make(&p.arena, &rf_kernels[RF_ARM64], false);
	for (enum kexec_call call = CALL_AUTO; call <= CALL_FILE_LOAD; call++) {
		p.request.call = call;
		assert_false(planned_make(&p));
		assert_int_equal(p.error.fault, FAULT_CPUS_STUCK);
		assert_reason(p.error, "cannot stop its other CPUs");
		assert_reason(p.error, "spin-table");
	}
	p.request.call = CALL_AUTO;
	p.request.crash = true;
	p.machine.crash = (struct ranges){ &crash, 1 };
	assert_true(planned_make(&p));
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(cpus_that_cannot_be_stopped_are_known),
		CASE(others_can_stop_theirs),
		CASE(nothing_but_a_crash_kernel_is_loaded_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
